"""`atajos voice`: an offline voice for chapters, one sound file a beat, where nobody has recorded one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import click

from scenes.studio import speech
from scenes.studio.options import EVERY, LANG, SOME, some_chapters

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
POWER = {"es": " a la ", "en": " to the "}
SAID = {
    "es": {"×": " por ", "−": " menos ", "-": "menos ", "=": " es igual a "},
    "en": {"×": " times ", "−": " minus ", "-": "minus ", "=": " equals "},
}


@click.command()
@SOME
@EVERY
@LANG
@click.option("--params", metavar="FILE", help="a TOML file with the parameters to change")
@click.option("--set", "sets", metavar="KEY=VALUE", multiple=True, help="change one parameter; repeatable")
@click.option("--list", "listing", is_flag=True, help="only say which file belongs to which words: a script to record")
def voice(
    chapters: Sequence[str], every: bool, lang: str, params: str | None, sets: Sequence[str], listing: bool
) -> None:
    """Speak chapters with espeak-ng, where nobody has recorded a voice.

    Writes assets/voice/LANG/CHAPTER/BEAT.wav, and the words beside it.

    What a person recorded (a .wav with no .txt beside it) is kept. Clips then last as long as the voice needs.

    \b
    Examples:
      atajos voice GradientFlow --list
      atajos voice --all --lang es,en
    """
    from scenes.kit.errors import UsageError
    from scenes.kit.voice import Place, words_of
    from scenes.studio import clips
    from scenes.studio.contact import at_beat_ends

    some = some_chapters(chapters, every)
    if not listing and not speech.available():
        raise UsageError(f"espeak-ng is not installed: {speech.MEND}; or record the files that --list names")
    for code in lang.split(","):
        with clips.chosen(clips.Look(code), params, sets):
            for chapter in some:
                line = at_beat_ends(chapter, lambda scene, beat: None).timeline()
                for beat in line.beats:
                    path = Place(code, chapter.name, line.telling, beat.name).path
                    if listing:
                        click.echo(f"{path}\t{beat.text}")
                    elif not path.exists() or words_of(path) not in (None, beat.text):
                        speak(code, beat.text, path)
                        click.echo(path)


def speak(language: str, text: str, path: Path) -> None:
    """Write a sound file and, beside it, the words in it. Raises UsageError if nothing was spoken."""
    from scenes.kit.errors import UsageError
    from scenes.studio.outputs import whole

    def make(part: Path) -> None:
        try:
            speech.speak(spoken(text, language), language, part)
        except speech.SpeechError as error:
            raise UsageError(str(error)) from None

    whole(path, make)
    whole(path.with_suffix(".txt"), lambda part: part.write_text(f"{text}\n", encoding="utf-8"))


def spoken(text: str, language: str) -> str:
    """A caption as one says it: ``10⁻⁸`` is «10 a la menos 8»."""
    said = SAID[language]

    def power(match: re.Match[str]) -> str:
        exponent = match[1].translate(RAISED)
        return POWER[language] + exponent.replace("-", said["-"])

    text = re.sub(r"([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", power, text)
    for sign in ("×", "−", "="):
        text = text.replace(sign, said[sign])
    return re.sub(r"  +", " ", text)
