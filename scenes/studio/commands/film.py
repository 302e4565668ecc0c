"""`atajos film` and `atajos render`: chapters as clips, and the whole film."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scenes.film import ENCORE, FILM, Chapter
from scenes.studio.commands.options import (
    EVERY,
    LANG,
    NETWORK,
    QUALITY,
    SOME,
    common,
    draws_networks,
    output,
    some_chapters,
    workers,
)


@click.command()
@click.option("--encore", is_flag=True, help="and the clips of what students ask next")
@click.option("--trailer", is_flag=True, help="its best shots in forty seconds instead, as an mp4 and a GIF")
@NETWORK
@LANG
@QUALITY
@output
@workers
@common
def film(
    encore: bool,
    trailer: bool,
    params: str | None,
    sets: Sequence[str],
    out: Path,
    jobs: int | None,
    cluster: str | None,
    **chosen: Any,
) -> None:
    """Render the whole film and print where it lies; of a network of yours, the chapters that can draw one.

    \b
    Examples:
      atajos film --lang es,en --quality m
      atajos film --theme light --burn-captions
      atajos film --network mynet.npz
      atajos film --trailer --lang en
    """
    import sim.params
    from scenes.studio.commands import trailer as shots
    from scenes.studio.farm import request
    from scenes.studio.files.outputs import deliver_all
    from scenes.studio.look import looks

    if trailer:
        kinds = shots.kinds_of(chosen["format"], wanted := looks(**{**chosen, "format": None}))
        request.check_out(out)
        for path in shots.trailer(wanted, kinds, params, sets, out, jobs, cluster):
            click.echo(path.resolve())
        return
    wanted = looks(**chosen)
    parameters = sim.params.load(params, sets)
    request.check_out(out)
    chapters = [*chapters_of(chosen["network"]), *(ENCORE if encore and not chosen["network"] else ())]
    drawn = request.draw(chapters, wanted, params, sets, jobs, cluster)
    clips = [([drawn[look, chapter]], look, chapter.name) for look in wanted for chapter in chapters]
    deliver_all(clips, out / "clips", parameters)
    films = [([drawn[look, chapter] for chapter in chapters], look, "Atajos") for look in wanted]
    for film in deliver_all(films, out, parameters):
        click.echo(film.resolve())


def chapters_of(network: str | None) -> list[Chapter]:
    """The chapters that are joined; says which are left out as they cannot draw a network of one's own."""
    chapters = [chapter for chapter in FILM if network is None or draws_networks(chapter)]
    if left := [chapter.name for chapter in FILM if chapter not in chapters]:
        click.echo(f"left out, as they draw no network of one's own: {', '.join(left)}", err=True)
    return chapters


@click.command()
@SOME
@EVERY
@click.option("--beat", metavar="ID", help="this beat alone")
@NETWORK
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
      atajos render GradientFlow --network mynet.npz
    """
    import sim.params
    from scenes.studio.farm import request
    from scenes.studio.files.outputs import deliver_all
    from scenes.studio.look import looks

    some, wanted = some_chapters(chapters, every, chosen["network"]), looks(**chosen)
    parameters = sim.params.load(params, sets)
    request.check_out(out)
    drawn = request.draw(some, wanted, params, sets, jobs, cluster, beat)
    of = f"-{beat}" if beat is not None else ""
    orders = [([clip], look, f"{chapter.name}{of}") for (look, chapter), clip in drawn.items()]
    for clip in deliver_all(orders, out, parameters):
        click.echo(clip.resolve())
