"""`atajos`: from parameters to clips, film and contact sheets."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scenes.film import FILM
from scenes.studio import check, clean, slides, voice, watch
from scenes.studio.options import EVERY, LANG, QUALITY, SOME, common, output, some_chapters, workers


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def atajos() -> None:
    """Atajos: the film about why skip connections work, and the machine that makes it."""


for _command in (slides.slides, voice.voice, watch.watch, check.check, clean.clean):
    atajos.add_command(_command)


@atajos.command()
@LANG
@QUALITY
@output
@workers
@common
def film(
    params: str | None, sets: Sequence[str], out: Path, jobs: int | None, cluster: str | None, **chosen: Any
) -> None:
    """Render the whole film and print where it lies.

    \b
    Examples:
      atajos film --lang es,en --quality m
      atajos film --theme light --burn-captions
    """
    import sim.params
    from scenes.studio import drawing
    from scenes.studio.look import looks
    from scenes.studio.outputs import deliver_all

    wanted = looks(**chosen)
    parameters = sim.params.load(params, sets)
    drawing.check_out(out)
    drawn = drawing.draw(FILM, wanted, params, sets, jobs, cluster)
    clips = [([drawn[look, chapter]], look, chapter.name) for look in wanted for chapter in FILM]
    deliver_all(clips, out / "clips", parameters)
    films = [([drawn[look, chapter] for chapter in FILM], look, "Atajos") for look in wanted]
    for film in deliver_all(films, out, parameters):
        click.echo(film.resolve())


@atajos.command()
@SOME
@EVERY
@click.option("--beat", metavar="ID", help="this beat alone")
@LANG
@QUALITY
@output
@workers
@common
def render(
    chapters: Sequence[str],
    every: bool,
    beat: str | None,
    params: str | None,
    sets: Sequence[str],
    out: Path,
    jobs: int | None,
    cluster: str | None,
    **chosen: Any,
) -> None:
    """Render chapters as clips and print where they lie.

    \b
    Examples:
      atajos render GradientFlow --set profile.depth=32 --lang en --quality h
      atajos render GradientFlow --format webm --transparent
      atajos render GradientFlow --beat residual --format gif
    """
    import sim.params
    from scenes.studio import clips, drawing
    from scenes.studio.look import looks
    from scenes.studio.outputs import deliver_all

    some, wanted = some_chapters(chapters, every), looks(**chosen)
    parameters = sim.params.load(params, sets)
    drawing.check_out(out)
    drawn = drawing.draw(some, wanted, params, sets, jobs, cluster)
    orders = [
        ([clip], look, chapter.name) if beat is None else ([clips.beat_of(clip, beat)], look, f"{chapter.name}-{beat}")
        for (look, chapter), clip in drawn.items()
    ]
    for clip in deliver_all(orders, out, parameters):
        click.echo(clip.resolve())


@atajos.command()
@SOME
@EVERY
@LANG
@click.option("--strip", metavar="RATE", type=click.FloatRange(0.1, 30), help="this many frames a second instead")
@click.option("--beat", metavar="ID", help="the end of one beat alone, at full HD")
@click.option("--beats", is_flag=True, help="the end of every beat, each as a picture of its own at full HD")
@click.option("--gallery", is_flag=True, help="the end of each chapter, all on one picture")
@common
def stills(
    chapters: Sequence[str],
    every: bool,
    lang: str,
    strip: float | None,
    beat: str | None,
    beats: bool,
    gallery: bool,
    theme: str,
    aspect: str,
    params: str | None,
    sets: Sequence[str],
    out: Path,
) -> None:
    """Put each chapter on one PNG: the end of every beat, or a strip of frames.

    \b
    Examples:
      atajos stills --all --lang en
      atajos stills GradientFlow --strip 4
      atajos stills GradientFlow --beat residual --theme light
      atajos stills GradientFlow --beats
      atajos stills --all --gallery --lang en
    """
    from PIL import Image

    from scenes.studio import clips, contact

    some = some_chapters(chapters, every)
    for look in [clips.Look(code, theme, aspect) for code in lang.split(",")]:
        with clips.chosen(look, params, sets):
            if gallery:
                page = contact.gallery(some)
                click.echo(contact.save(page, out / f"{look.stem('gallery')}.png").resolve())
                continue
            for chapter in some:
                if beats:
                    pages = {name: Image.fromarray(page) for name, page in contact.beat_ends(chapter, 1080)}
                elif beat is not None:
                    pages = {beat: contact.still(chapter, beat)}
                elif strip is not None:
                    pages = {"strip": contact.sheet(contact.strip(chapter, strip), columns=6)}
                else:
                    pages = {"beats": contact.sheet(contact.beat_ends(chapter), columns=2)}
                for kind, page in pages.items():
                    click.echo(contact.save(page, out / f"{look.stem(f'{chapter.name}-{kind}')}.png").resolve())


@atajos.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def sim(arguments: Sequence[str]) -> None:
    """Run an experiment of the simulator: the same as python -m sim.

    Example: atajos sim profile --set depth=32
    """
    from sim.__main__ import main as simulate

    raise SystemExit(simulate(list(arguments)))


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
