"""`atajos slides`: a deck that steps beat by beat."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scenes.studio.commands.options import BURN, EVERY, LANG, QUALITY, SOME, common, some_chapters


@click.command()
@SOME
@EVERY
@LANG
@QUALITY
@click.option("--to", default="html,pptx", show_default=True, help="html, pptx or html,pptx")
@BURN
@common
def slides(
    chapters: Sequence[str],
    every: bool,
    to: str,
    params: str | None,
    sets: Sequence[str],
    out: Path,
    **chosen: Any,
) -> None:
    """Make a deck that steps beat by beat; the narration is in the speaker notes.

    The HTML is one file that needs no network: open it in a browser, step with the arrow keys, S opens the notes.

    \b
    Examples:
      atajos slides --all --quality m
      atajos slides GradientFlow Degradation --to pptx --lang en --theme light
    """
    from scenes.film import CHAPTERS
    from scenes.kit.errors import choose
    from scenes.studio.farm import request
    from scenes.studio.files.deck import KINDS, can_convert, deck
    from scenes.studio.look import looks

    some, wanted = some_chapters(chapters, every), looks(**chosen)
    kinds = [choose("--to", kind.strip(), KINDS) for kind in to.split(",")]
    can_convert(wanted)
    request.check_out(out)
    drawn = request.draw(some, wanted, params, sets)
    title = "Atajos" if len(some) == len(CHAPTERS) else "+".join(chapter.name for chapter in some)
    for look in wanted:
        for kind in kinds:
            path = deck([drawn[look, chapter] for chapter in some], look, out, f"{title}-slides", kind)
            click.echo(path.resolve())
