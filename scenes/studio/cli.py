"""`atajos`: from parameters to clips, film and contact sheets."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from scenes.film import CHAPTERS, Chapter

COMMON = (
    click.option("--theme", default="dark", show_default=True, help="dark, light or transparent"),
    click.option("--aspect", default="16:9", show_default=True, help="16:9, 1:1 or 9:16"),
    click.option("--params", metavar="FILE", help="a TOML file with the parameters to change"),
    click.option("--set", "sets", metavar="KEY=VALUE", multiple=True, help="change one parameter; repeatable"),
    click.option("--out", default="out", show_default=True, type=click.Path(file_okay=False, path_type=Path)),
)
QUALITY = click.option(
    "--quality", "-q", default="l", show_default=True, help="l 480p15, m 720p30, h 1080p60, k 2160p60"
)

LOOK = (
    click.option("--format", "-f", help="mp4, webm, mov, gif or png (the last frame) [default: mp4; transparent: mov]"),
    click.option("--transparent", is_flag=True, help="no background, for slides; not as mp4"),
    click.option("--burn-captions", "burn", is_flag=True, help="captions in the picture, not as a track"),
)


def output(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what files are made of what is drawn."""
    for option in reversed(LOOK):
        command = option(command)
    return command


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that all commands which draw share."""
    for option in reversed(COMMON):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def atajos() -> None:
    """Atajos: the film about why skip connections work, and the machine that makes it."""


@atajos.command()
@click.option("--lang", default="es", show_default=True, help="es, en or es,en")
@QUALITY
@output
@common
def film(params: str | None, sets: Sequence[str], out: Path, **chosen: Any) -> None:
    """Render the whole film and print where it lies.

    \b
    Examples:
      atajos film --lang es,en --quality m
      atajos film --theme light --burn-captions
    """
    from scenes.studio import clips
    from scenes.studio.look import looks

    clips.can_be_made(out)
    for look in looks(**chosen):
        with clips.chosen(look, params, sets):
            parts = [_draw(chapter, look) for chapter in CHAPTERS]
            for chapter, part in zip(CHAPTERS, parts, strict=True):
                clips.deliver([part], look, out / "clips", chapter.name)
            click.echo(clips.deliver(parts, look, out, "Atajos").resolve())


@atajos.command()
@click.argument("chapters", metavar="CHAPTER…", nargs=-1, required=True)
@click.option("--lang", default="es", show_default=True, help="es, en or es,en")
@click.option("--beat", metavar="ID", help="this beat alone")
@QUALITY
@output
@common
def render(
    chapters: Sequence[str], beat: str | None, params: str | None, sets: Sequence[str], out: Path, **chosen: Any
) -> None:
    """Render chapters as clips and print where they lie.

    \b
    Examples:
      atajos render GradientFlow --set profile.depth=32 --lang en --quality h
      atajos render GradientFlow --format webm --transparent
      atajos render GradientFlow --beat residual --format gif
    """
    from scenes.studio import clips
    from scenes.studio.look import looks

    wanted = [chapter_named(name) for name in chapters]
    clips.can_be_made(out)
    for look in looks(**chosen):
        with clips.chosen(look, params, sets):
            for chapter in wanted:
                clip, name = _draw(chapter, look), chapter.name
                if beat is not None:
                    clip, name = clips.beat_of(clip, beat), f"{name}-{beat}"
                click.echo(clips.deliver([clip], look, out, name).resolve())


def _draw(chapter: Chapter, look: Any) -> Path:
    from rich.console import Console

    from scenes.studio import clips

    console = Console(stderr=True)
    clip, total, drawn = clips.draw(chapter, look, console)
    console.print(f"{chapter.name} ({look.lang}): {drawn} of {total} segments drawn, {total - drawn} from the cache")
    return clip


@atajos.command()
@click.argument("chapters", metavar="CHAPTER…", nargs=-1)
@click.option("--all", "every", is_flag=True, help="every chapter of the film")
@click.option("--lang", default="es", show_default=True, help="es, en or es,en")
@click.option("--strip", metavar="RATE", type=click.FloatRange(0.1, 30), help="this many frames a second instead")
@click.option("--beat", metavar="ID", help="the end of one beat alone, at full HD")
@common
def stills(
    chapters: Sequence[str],
    every: bool,
    lang: str,
    strip: float | None,
    beat: str | None,
    theme: str,
    aspect: str,
    params: str | None,
    sets: Sequence[str],
    out: Path,
) -> None:
    """Put each chapter on one PNG: the end of every beat, or a strip of frames.

    Example: atajos stills GradientFlow --strip 4
    """
    from scenes.kit.errors import UsageError
    from scenes.studio import clips, contact

    wanted = list(CHAPTERS) if every else [chapter_named(name) for name in chapters]
    if not wanted:
        raise UsageError(f"name a chapter, or --all; there are: {', '.join(chapter.name for chapter in CHAPTERS)}")
    for look in [clips.Look(code, theme, aspect) for code in lang.split(",")]:
        with clips.chosen(look, params, sets):
            for chapter in wanted:
                if beat is not None:
                    kind, page = beat, contact.still(chapter, beat)
                elif strip is not None:
                    kind, page = "strip", contact.sheet(contact.strip(chapter, strip), columns=6)
                else:
                    kind, page = "beats", contact.sheet(contact.beat_ends(chapter), columns=2)
                click.echo(contact.save(page, out / f"{look.stem(f'{chapter.name}-{kind}')}.png").resolve())


@atajos.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def sim(arguments: Sequence[str]) -> None:
    """Run an experiment of the simulator: the same as python -m sim.

    Example: atajos sim profile --set depth=32
    """
    from sim.__main__ import main as simulate

    raise SystemExit(simulate(list(arguments)))


def chapter_named(name: str) -> Chapter:
    """The chapter of that name. Raises UsageError naming the ones there are."""
    from scenes.kit.errors import UsageError

    found = {chapter.name: chapter for chapter in CHAPTERS}
    if name not in found:
        near = difflib.get_close_matches(name, found, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise UsageError(f"unknown chapter {name!r}{hint}; there are: {', '.join(found)}")
    return found[name]


def main() -> None:
    """Entry point. Exit codes: 0, 2 for what the user can mend (one message), 130 for Ctrl-C."""
    from scenes.kit.errors import one_message

    with one_message():
        try:
            code = atajos.main(standalone_mode=False)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            code = 2
        except click.ClickException as error:
            print(f"atajos: {error.format_message()}; see atajos --help", file=sys.stderr)
            code = 2
        except click.Abort:
            raise KeyboardInterrupt from None
    raise SystemExit(code)
