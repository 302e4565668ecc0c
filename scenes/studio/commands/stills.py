"""`atajos stills`: pictures of chapters, by which they are reviewed and which slides can show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import click

from scenes.studio.commands.options import EVERY, LANG, NETWORK, SOME, common, some_chapters


@click.command()
@SOME
@EVERY
@LANG
@click.option("--strip", metavar="RATE", type=click.FloatRange(0.1, 30), help="this many frames a second instead")
@click.option("--beat", metavar="ID", help="the end of one beat alone, at full HD")
@click.option("--beats", is_flag=True, help="the end of every beat, each as a picture of its own at full HD")
@NETWORK
@click.option("--gallery", is_flag=True, help="the best shot of each chapter, all on one picture")
@common
def stills(
    chapters: Sequence[str],
    every: bool,
    lang: str,
    strip: float | None,
    beat: str | None,
    beats: bool,
    gallery: bool,
    network: str | None,
    theme: str,
    telling: str,
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
    from scenes.studio.farm.errands import import_manim

    import_manim()
    from PIL import Image

    from scenes.kit.errors import UsageError
    from scenes.studio.files import contact
    from scenes.studio.look import Look, chosen

    if strip is not None and not math.isfinite(strip):
        raise UsageError(f"--strip {strip}: must be a number of frames a second from 0.1 to 30")
    some = some_chapters(chapters, every, network)
    for look in [Look(code, theme, aspect, telling=telling, network=network) for code in lang.split(",")]:
        with chosen(look, params, sets):
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
