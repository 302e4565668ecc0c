"""`atajos film` and `atajos render`: chapters as clips, and the whole film."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scenes.film import FILM
from scenes.studio.commands.options import EVERY, LANG, NETWORK, QUALITY, SOME, common, output, some_chapters, workers


@click.command()
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
    from scenes.studio.farm import request
    from scenes.studio.files.outputs import deliver_all
    from scenes.studio.look import looks

    wanted = looks(**chosen)
    parameters = sim.params.load(params, sets)
    request.check_out(out)
    drawn = request.draw(FILM, wanted, params, sets, jobs, cluster)
    clips = [([drawn[look, chapter]], look, chapter.name) for look in wanted for chapter in FILM]
    deliver_all(clips, out / "clips", parameters)
    films = [([drawn[look, chapter] for chapter in FILM], look, "Atajos") for look in wanted]
    for film in deliver_all(films, out, parameters):
        click.echo(film.resolve())


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

    some, wanted = some_chapters(chapters, every), looks(**chosen)
    parameters = sim.params.load(params, sets)
    request.check_out(out)
    drawn = request.draw(some, wanted, params, sets, jobs, cluster, beat)
    of = f"-{beat}" if beat is not None else ""
    orders = [([clip], look, f"{chapter.name}{of}") for (look, chapter), clip in drawn.items()]
    for clip in deliver_all(orders, out, parameters):
        click.echo(clip.resolve())
