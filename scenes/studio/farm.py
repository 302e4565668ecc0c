"""The farm: chapters of a whole command, cut into slices, drawn by all workers together.

Each chapter is told first, which costs a fraction of a second and says what its plays are. Records that it lacks are
computed by the same workers, while other chapters render. Then the plays that have no segment yet are cut into slices
of like cost, and the longest is begun first. A chapter whose plan says that nothing has changed costs nothing.
"""

from __future__ import annotations

import heapq
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import sim.params
from scenes.film import Chapter
from scenes.kit.errors import UsageError
from scenes.kit.joining import join, part_beside
from scenes.studio import plans
from scenes.studio.clips import QUALITIES
from scenes.studio.jobs import Disk, Drawn, Failure, Missing, Shot, Told, frames_in, perform
from scenes.studio.plans import Plan
from sim import atomic, store

SHARES = 3  # slices that each worker is to get, so that the last ones end together
WORTH = 2.0  # a slice is worth cutting off if it takes this many times what telling the chapter does
FIRST = 1e6  # jobs that others wait for are begun before any slice
LONGEST = ("degradation", "lesion", "training")  # experiments that take minutes
LEFT_OUT = ("ATAJOS_PARAMS", "ATAJOS_SET", "ATAJOS_STORE", "ATAJOS_MEDIA")  # what is no matter of look


class Pool(Protocol):
    """Who does the work: processes here (pool.py) or a cluster (cluster.py)."""

    retries: int
    disk: Disk

    @property
    def size(self) -> int: ...
    @property
    def seats(self) -> int: ...
    def submit(self, job: Callable[..., Any], *arguments: Any) -> Future[Any]: ...
    def revive(self) -> None: ...
    def __enter__(self) -> Pool: ...
    def __exit__(self, *_: Any) -> None: ...


@dataclass(eq=False)
class Clip:
    """One chapter in one look, on its way to a finished clip."""

    shot: Shot
    plan: Plan | None  # the last one, until it has been told anew
    why: str | None  # it renders; None if nothing has changed
    path: Path | None = None  # of the finished clip
    drawn: int = 0  # segments
    slices: int = 0  # under way
    lacks: set[str] = field(default_factory=set)  # files of records, to be computed first
    parked: list[Job] = field(default_factory=list)  # jobs that wait for them
    sent: dict[str, bytes] = field(default_factory=dict)  # records, for workers that share no store
    costs: dict[str, float] = field(default_factory=dict)  # measured, s of CPU by segment
    rounds: int = 0  # times it has been cut

    @property
    def name(self) -> str:
        return f"{self.shot.chapter.name} ({dict(self.shot.environment)['ATAJOS_LANG']})"

    @property
    def summary(self) -> str:
        """What was done for it, and why."""
        total = len(self.plan.plays) if self.plan else 0
        line = f"{self.name}: {self.drawn} of {total} segments drawn, {total - self.drawn} from the cache"
        return f"{line}; {self.why}" if self.why else line


@dataclass(eq=False)
class Job:
    """Something to be done by a worker, for a clip or, if it is a record, for all that lack it."""

    name: str
    cost: float
    function: str  # of slices.py
    subject: Any  # its first argument; the second says where files are
    rest: tuple[Any, ...] = ()
    clip: Clip | None = None
    tries: int = 0


def shot_of(chapter: Chapter, look: Any, parameters: sim.params.Params) -> Shot:
    """A chapter as the environment and a look want it."""
    height, rate = QUALITIES[look.quality]
    settings = {"pixel_height": height, "pixel_width": round(height * 16 / 18) * 2, "frame_rate": rate}
    settings["format"] = getattr(look, "drawn_as", look.suffix).removeprefix(".")
    environment = {key: value for key, value in os.environ.items() if key.startswith("ATAJOS_") and key not in LEFT_OUT}
    return Shot(chapter, tuple(sorted(environment.items())), tuple(settings.items()), sim.params.dump(parameters))


def draw(shots: Sequence[tuple[Shot, sim.params.Params]], media: Path, pool: Callable[[Path], Pool]) -> list[Clip]:
    """The finished clips of all shots, in ``media``; what was drawn before is not drawn again.

    ``pool`` is called with the folder of segments, and only if there is something to do. Raises :class:`UsageError`
    for what the user can mend.
    """
    for folder in (media / "segments", media / "clips"):
        folder.mkdir(parents=True, exist_ok=True)
    clips = [look_up(shot, parameters, media) for shot, parameters in shots]
    if wanted := [clip for clip in clips if clip.path is None]:
        with pool(media / "segments") as workers:
            Farm(workers, media, wanted).work()
    return clips


def look_up(shot: Shot, parameters: sim.params.Params, media: Path) -> Clip:
    """What is known of a shot: nothing, a plan that no longer holds, or a finished clip."""
    plan = Plan.read(plans.path_of(shot, media))
    clip = Clip(shot, plan, "never rendered" if plan is None else plan.changed(shot, parameters))
    if plan is not None and clip.why is None:
        target = target_of(clip, media)
        if frames_in(target) == plan.frames and (plan.timeline is None or beats_beside(target).is_file()):
            clip.path = target
    return clip


def target_of(clip: Clip, media: Path) -> Path:
    """Where a finished clip lies, whose plan is known."""
    assert clip.plan is not None
    return media / "clips" / f"{clip.shot.chapter.name}-{clip.plan.digest}{clip.shot.suffix}"


def beats_beside(clip: Path) -> Path:
    return clip.with_suffix(".beats.json")


def ranges(costs: Sequence[float], share: float) -> Iterator[tuple[int, int, float]]:
    """Cut plays into ranges (first, last, cost) that cost about ``share``; plays that cost nothing need no drawing."""
    wanted = [i for i, cost in enumerate(costs) if cost > 0]
    if not wanted:
        return
    total = sum(costs)
    count = max(1, min(len(wanted), round(total / share))) if share > 0 else 1
    edges = [total * (n + 1) / count for n in range(count)]
    held: list[int] = []
    so_far = 0.0
    for i in wanted:
        # A play goes to the range that its middle falls in.
        while held and so_far + costs[i] / 2 > edges[0]:
            yield held[0], held[-1], sum(costs[n] for n in held)
            held = []
            while so_far + costs[i] / 2 > edges[0]:
                edges.pop(0)
        held.append(i)
        so_far += costs[i]
    yield held[0], held[-1], sum(costs[n] for n in held)


class Farm:
    """One command's work: what is ready, what is under way, and what waits for what."""

    def __init__(self, pool: Pool, media: Path, wanted: Sequence[Clip]) -> None:
        self._pool, self._media, self._wanted = pool, media, wanted
        self._ready: list[tuple[float, int, Job]] = []
        self._running: dict[Future[Any], Job] = {}
        self._count = itertools.count()
        self._records: set[str] = set()  # asked for, by file name
        self._told: list[Clip] = []  # to be cut into slices when no other is being told
        self._telling = 0
        self._slices = self._done = 0

    def work(self) -> None:
        """Finish all clips."""
        try:
            with _bar() as show:
                for clip in self._wanted:
                    if clip.why is None:
                        self._told.append(clip)
                    else:
                        self._tell(clip)
                self._cut()
                while self._ready or self._running:
                    while self._ready and len(self._running) < self._pool.seats:
                        self._submit(heapq.heappop(self._ready)[2])
                    show(self._done, self._slices, [job.name for job in self._running.values()])
                    for future in wait(self._running, timeout=1.0, return_when=FIRST_COMPLETED).done:
                        self._heed(future)
        finally:
            for name in self._records:
                for part in store.folder().glob(f".{name}.*.part"):  # of a record that was being written
                    part.unlink(missing_ok=True)

    # what is to be done

    def _add(self, job: Job) -> None:
        heapq.heappush(self._ready, (-job.cost, next(self._count), job))

    def _tell(self, clip: Clip) -> None:
        self._telling += 1
        self._add(Job(f"telling {clip.name}", 4 * FIRST, "tell", clip.shot, clip=clip))

    def _ask(self, job: Job, clip: Clip, records: Sequence[tuple[str, Any]]) -> None:
        """Have the records computed, or sent along, that a job lacks; then it is done."""
        for experiment, parameters in records:
            path = store.path_of(experiment, parameters)
            if path.exists():
                clip.sent[path.name] = path.read_bytes()
                continue
            clip.lacks.add(path.name)
            if path.name not in self._records:
                self._records.add(path.name)
                cost = FIRST * (2 if experiment in LONGEST else 1)
                self._add(Job(f"computing {experiment}", cost, "simulate", (experiment, parameters)))
        if not clip.lacks:
            self._add(job)
            return
        clip.parked.append(job)
        if job.function == "tell":  # others need not wait
            self._telling -= 1
            self._cut()

    def _cut(self) -> None:
        """Cut what has been told into slices of like cost."""
        if self._telling:
            return
        told, self._told = self._told, []
        costs = {clip: self._costs(clip) for clip in told}
        share = sum(map(sum, costs.values())) / (SHARES * self._pool.size)
        for clip in told:
            assert clip.plan is not None
            clip.rounds += 1
            for first, last, cost in ranges(costs[clip], max(share, WORTH * clip.plan.telling)):
                clip.slices += 1
                self._slices += 1
                name = f"{clip.name} {first}–{last}"
                self._add(Job(name, cost, "draw", clip.shot, (first, last), clip))
            if not clip.slices:
                self._finish(clip)

    def _costs(self, clip: Clip) -> list[float]:
        """What each play is expected to cost; 0 where its segment is there, whole."""
        assert clip.plan is not None
        there = [frames_in(self._segment(clip, play.key)) == play.frames for play in clip.plan.plays]
        if clip.why is None and not all(there):
            clip.why = f"{there.count(False)} segments missing"
        return [0.0 if sound else max(cost, 1e-6) for sound, cost in zip(there, clip.plan.costs, strict=True)]

    def _segment(self, clip: Clip, key: str) -> Path:
        return self._media / "segments" / f"{key}{clip.shot.suffix}"

    def _submit(self, job: Job) -> None:
        disk = self._pool.disk
        if job.clip is not None and disk.store is None:
            disk = replace(disk, records=tuple(job.clip.sent.items()))
        try:
            self._running[self._pool.submit(perform, job.function, job.subject, disk, *job.rest)] = job
        except BrokenExecutor as error:  # seen here before it was seen there
            self._again([job, *self._running.values()], error)

    # what has been done

    def _heed(self, future: Future[Any]) -> None:
        job = self._running.pop(future, None)
        if job is None:  # it failed together with others, and is to be done again
            return
        try:
            result = future.result()
        except (BrokenExecutor, CancelledError) as error:
            self._again([job, *self._running.values()], error)
            return
        except Exception as error:
            if type(error).__name__ == "KilledWorker":  # Dask's, which need not be installed
                self._refuse([job], error)
            raise
        match result:
            case Failure(message):
                raise UsageError(message)
            case Missing(records) if job.clip is not None:
                self._ask(job, job.clip, records)
            case Told() if job.clip is not None:
                self._take_plan(job.clip, result)
            case Drawn() if job.clip is not None:
                self._take_slice(job.clip, result)
            case (str(name), content):
                self._take_record(name, content)

    def _again(self, jobs: Sequence[Job], error: BaseException) -> None:
        """A worker has died: what was under way is begun anew, unless that has happened too often."""
        self._running.clear()
        for job in jobs:
            job.tries += 1
        if tired := [job for job in jobs if job.tries >= self._pool.retries]:
            self._refuse(tired, error)
        self._pool.revive()
        for job in jobs:
            self._add(job)

    def _refuse(self, jobs: Sequence[Job], error: BaseException) -> None:
        names = ", ".join(job.name for job in jobs)
        raise UsageError(
            f"worker processes died {self._pool.retries} times at: {names}; if memory is short, fewer --jobs need less"
        ) from error

    def _take_plan(self, clip: Clip, told: Told) -> None:
        self._telling -= 1
        clip.plan = Plan.of(told, clip.shot, clip.plan)
        self._told.append(clip)
        self._cut()

    def _take_record(self, name: str, content: bytes | None) -> None:
        if content is not None:
            store.folder().mkdir(parents=True, exist_ok=True)
            atomic.write(store.folder() / name, content)
        for clip in [clip for clip in self._wanted if name in clip.lacks]:
            clip.lacks.remove(name)
            if content is not None:
                clip.sent[name] = content
            if not clip.lacks:
                parked, clip.parked = clip.parked, []
                for job in parked:
                    self._telling += job.function == "tell"
                    self._add(job)

    def _take_slice(self, clip: Clip, drawn: Drawn) -> None:
        assert clip.plan is not None
        if not drawn.seconds.keys() <= {play.key for play in clip.plan.plays}:
            raise UsageError(
                f"{clip.name}: code or words have changed while it was being drawn, or workers have others than this "
                "process; the same command goes on from there"
            )
        for name, content in drawn.content.items():
            atomic.write(self._segment(clip, name), content)
        clip.costs |= {name: seconds for name, seconds in drawn.seconds.items() if seconds}
        clip.drawn += drawn.drawn
        clip.slices -= 1
        self._done += 1
        if not clip.slices:
            self._finish(clip)

    def _finish(self, clip: Clip) -> None:
        """Join a clip whose segments are all there."""
        plan = clip.plan
        assert plan is not None
        if any(self._costs(clip)):  # somebody has removed some meanwhile
            if clip.rounds > 2:
                raise UsageError(
                    f"{self._media / 'segments'}: segments vanish as soon as they are made; who removes them?"
                )
            self._told.append(clip)
            self._cut()
            return
        clip.plan = plan = plan.costing(clip.costs)
        target = target_of(clip, self._media)
        if frames_in(target) != plan.frames:
            whole(target, lambda part: join([self._segment(clip, play.key) for play in plan.plays], part))
        if plan.timeline is not None:
            words = json.dumps(plan.timeline, ensure_ascii=False, indent=1)
            whole(beats_beside(target), lambda part: part.write_text(words, encoding="utf-8"))
        plan.write(plans.path_of(clip.shot, self._media))
        clip.path = target


def whole(target: Path, make: Callable[[Path], object]) -> None:
    """Let ``make`` write a file that appears under its name only when done."""
    part = part_beside(target)
    try:
        make(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _bar() -> Iterator[Callable[[int, int, Sequence[str]], None]]:
    """A progress bar on stderr, if that is a terminal: show(slices done, slices there are, what is under way)."""
    if not sys.stderr.isatty():
        yield lambda done, total, names: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("slices"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total, names: progress.update(
            task, completed=done, total=total or None, description=" · ".join(sorted(names))
        )
