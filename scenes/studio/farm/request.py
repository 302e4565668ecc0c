"""What `atajos film` and `atajos render` ask of the farm: chapters in several looks, drawn together."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sim.params
from scenes.film import Chapter, Cut
from scenes.kit.errors import UsageError
from scenes.studio.farm import farm, orders
from scenes.studio.farm.hired import Attended
from scenes.studio.farm.marks import mark
from scenes.studio.farm.messages import Shot
from sim.paths import media
from sim.records.atomic import part_beside
from sim.work.memory import free
from sim.work.processes import cores
from sim.work.scratch import sweep_parts

if TYPE_CHECKING:
    from scenes.studio.farm.pool import KeptPool


def draw(
    chapters: Sequence[Chapter],
    looks: Sequence[Any],
    params: str | None,
    sets: Sequence[str],
    jobs: int | None = None,
    cluster: str | None = None,
    beat: str | None = None,
    cuts: Mapping[str, Sequence[Cut]] | None = None,
    kept: KeptPool | None = None,
    attended: Attended | None = None,
) -> dict[tuple[Any, Chapter], Path]:
    """The finished pictures of every chapter, or one beat of it, in every look; says on stderr what was drawn, and why.

    ``cuts``, by the names of chapters, are shots that are drawn in their place. ``kept`` are workers that are there
    already, ``attended`` says that somebody waits.

    Raises :class:`UsageError`, ParamsError or StoreError; OvertakenError.
    """
    parameters = sim.params.load(params, sets)
    mark(media())
    wanted: dict[tuple[Any, Chapter], Shot] = {}
    for look in looks:
        for chapter in chapters:
            shown = () if cuts is None else cuts[chapter.name]
            wanted[look, chapter] = orders.shot_of(chapter, look, parameters, beat, shown)

    def pool(segments: Path, need: int) -> farm.Pool:
        if kept is not None:
            return kept
        if cluster is not None:
            from scenes.studio.farm.cluster import DaskPool

            return DaskPool(cluster, jobs)
        from scenes.studio.farm.pool import LocalPool

        return LocalPool(jobs or affordable(need), segments)

    made = farm.draw(list(wanted.values()), media(), pool, attended)
    for clip in made:
        print(clip.summary, file=sys.stderr)
    if taken := max(clip.memory for clip in made):
        print(f"a worker took {taken / 1e9:.1f} GB at most", file=sys.stderr)
    return {key: clip.path for key, clip in zip(wanted, made, strict=True) if clip.path is not None}


def affordable(need: int) -> int:
    """How many workers there are to be, each of which takes ``need`` bytes: one for each core, if memory allows."""
    there = cores()
    workers = max(1, min(there, free() // need))
    if workers < there:
        told = f"{free() / 1e9:.1f} GB are free, and one takes {need / 1e9:.1f} GB"
        print(f"{workers} of {there} workers: {told}; --jobs asks for more", file=sys.stderr)
    return workers


def check_out(out: Path) -> None:
    """See that files can be written to ``out`` before an hour is spent on them. Raises :class:`UsageError`."""
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        part = part_beside(out / "trial")
        part.touch()
        part.unlink()
    except OSError as error:
        raise UsageError(f"--out {out}: cannot be written ({error.strerror}); give another folder") from None
    for folder in (out, out / "clips"):
        sweep_parts(folder)
    for folder in made:  # what does not work out leaves no trace
        folder.rmdir()
