"""`atajos film --trailer`: the best shots of the film in forty seconds, as an mp4 and as a GIF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scenes.film import FILM, TRAILER
from scenes.kit.errors import UsageError
from scenes.studio.commands.options import draws_networks
from scenes.studio.look import Look

KINDS = ("mp4", "gif")


def kinds_of(format: str | None, looks: Sequence[Look]) -> Sequence[str]:
    """The kinds of file that are asked for. Raises :class:`UsageError` for what a trailer is never made as."""
    if format is not None and format not in KINDS:
        raise UsageError(f"--format {format}: a trailer is an mp4 and a GIF; allowed: {', '.join(KINDS)}")
    if clear := [look.theme for look in looks if look.transparent]:
        raise UsageError(f"--theme {clear[0]}: a trailer stands by itself and has a background; take dark or light")
    return KINDS if format is None else (format,)


def trailer(
    looks: Sequence[Look],
    kinds: Sequence[str],
    params: str | None,
    sets: Sequence[str],
    out: Path,
    jobs: int | None,
    cluster: str | None,
) -> list[Path]:
    """Draw the shots of ``TRAILER`` that the film has, and no others, and write them to ``out``, a file of each of the
    ``kinds`` for each look. Of a network of one's own: those of the chapters that can draw one."""
    import sim.params
    from scenes.studio.farm import request
    from scenes.studio.files import trailer as files

    names = {chapter.name for chapter in FILM if looks[0].network is None or draws_networks(chapter)}
    shown = [cut for cut in TRAILER if cut.chapter in names]
    cuts = {name: [cut for cut in shown if cut.chapter == name] for name in dict.fromkeys(cut.chapter for cut in shown)}
    chapters = [chapter for chapter in FILM if chapter.name in cuts]
    drawn = request.draw(chapters, looks, params, sets, jobs, cluster, cuts=cuts)
    made = []
    for look in looks:
        clips = {chapter.name: drawn[look, chapter] for chapter in chapters}
        pieces = files.pieces_of([cut.chapter for cut in shown], clips)
        made += files.deliver(pieces, look, out, sim.params.load(params, sets), kinds)
    return made
