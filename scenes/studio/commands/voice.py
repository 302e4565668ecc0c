"""`atajos voice`: an offline voice for chapters, one sound file a beat, where nobody has recorded one."""

from __future__ import annotations

from collections.abc import Sequence

import click

from scenes.studio.commands.options import EVERY, LANG, SOME, TELLING, some_chapters
from scenes.studio.sound import speech


@click.command()
@SOME
@EVERY
@LANG
@TELLING
@click.option("--params", metavar="FILE", help="a TOML file with the parameters to change")
@click.option("--set", "sets", metavar="KEY=VALUE", multiple=True, help="change one parameter; repeatable")
@click.option("--list", "listing", is_flag=True, help="only say which file belongs to which words: a script to record")
def voice(
    chapters: Sequence[str],
    every: bool,
    lang: str,
    telling: str,
    params: str | None,
    sets: Sequence[str],
    listing: bool,
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
    from scenes.kit.telling.voice import Place, words_of
    from scenes.studio.files.contact import at_beat_ends
    from scenes.studio.look import Look, chosen

    some = some_chapters(chapters, every)
    if not listing and not speech.available():
        raise UsageError(f"espeak-ng is not installed: {speech.MEND}; or record the files that --list names")
    for code in lang.split(","):
        with chosen(Look(code, telling=telling), params, sets) as setting:
            for chapter in some:
                line = at_beat_ends(chapter, lambda scene, beat: None).timeline()
                for beat in line.beats:
                    path = Place(setting.voices, code, chapter.name, telling, beat.name).path
                    if listing:
                        click.echo(f"{path}\t{beat.text}")
                    elif not path.exists() or words_of(path) not in (None, beat.text):
                        speech.speak(code, beat.text, path)
                        click.echo(path)
