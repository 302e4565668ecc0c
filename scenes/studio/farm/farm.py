"""The farm: chapters of a whole command, cut into slices, drawn by all workers together.

Each chapter is told first, which costs a fraction of a second and says what its plays are. Records that it lacks are
computed by the same workers, while other chapters render. Then the plays that have no segment yet are cut into slices
of like cost, and the longest is begun first. A chapter whose plan says that nothing has changed costs nothing.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

from scenes.kit.errors import UsageError
from scenes.kit.video import seal
from scenes.kit.video.joining import join
from scenes.studio.bar import Share, bar
from scenes.studio.farm import plans
from scenes.studio.farm.errands import perform
from scenes.studio.farm.hired import Attended, OvertakenError, Pool
from scenes.studio.farm.messages import Drawn, Failure, Glanced, Missing, Shot, Told
from scenes.studio.farm.orders import Clip, Job, look_up, ranges, target_of
from scenes.studio.farm.plans import Plan
from sim import store
from sim.records import atomic
from sim.work.scratch import sweep_parts

SHARES = 3  # slices that each worker is to get, so that the last ones end together
WORTH = 2.0  # a slice is worth cutting off if it takes this many times what telling the chapter does
FIRST = 1e6  # jobs that others wait for are begun before any slice
LONGEST = ("degradation", "lesion", "training")  # experiments that take minutes


def draw(
    shots: Sequence[Shot], media: Path, pool: Callable[[Path, int], Pool], attended: Attended | None = None
) -> list[Clip]:
    """The finished clips of all shots, in ``media``; what was drawn before is not drawn again.

    ``pool`` is called with the folder of segments and the bytes that a worker will take, and only if there is something
    to do; ``attended``, if somebody waits. Raises :class:`UsageError` for what the user can mend, OvertakenError.
    """
    for folder in (media / "segments", media / "clips", media / "plans"):
        folder.mkdir(parents=True, exist_ok=True)
        sweep_parts(folder)
    clips = [look_up(shot, media) for shot in shots]
    if wanted := [clip for clip in clips if clip.path is None]:
        with pool(media / "segments", max(clip.need for clip in wanted)) as workers:
            Farm(workers, media, wanted, attended).work()
    return clips


class Farm:
    """One command's work: what is ready, what is under way, and what waits for what."""

    def __init__(self, pool: Pool, media: Path, wanted: Sequence[Clip], attended: Attended | None = None) -> None:
        self._pool, self._media, self._wanted, self._attended = pool, media, wanted, attended
        self._ready: list[tuple[float, int, Job]] = []
        self._running: dict[Future[Any], Job] = {}
        self._count = itertools.count()
        self._records: set[str] = set()  # asked for, by file name
        self._told: list[Clip] = []  # to be cut into slices when no other is being told
        self._telling = 0
        self._drawn = Share()

    def work(self) -> None:
        """Finish all clips."""
        try:
            with bar() as show:
                for clip in self._wanted:
                    if clip.why is None:
                        self._told.append(clip)
                    else:
                        self._tell(clip)
                self._cut()
                while self._ready or self._running:
                    while self._ready and len(self._running) < self._pool.seats:
                        self._submit(heapq.heappop(self._ready)[2])
                    show(self._drawn, [job.name for job in self._running.values()])
                    for future in wait(self._awaited, timeout=1.0, return_when=FIRST_COMPLETED).done:
                        self._heed(future)
        finally:
            for name in self._records:
                for part in store.folder().glob(f".{name}.*.part"):  # of a record that was being written
                    part.unlink(missing_ok=True)

    @property
    def _awaited(self) -> list[Future[Any]]:
        return [*self._running, *([self._attended.stop] if self._attended else [])]

    # what is to be done

    def _add(self, job: Job) -> None:
        heapq.heappush(self._ready, (-job.cost, next(self._count), job))

    def _tell(self, clip: Clip) -> None:
        self._telling += 1
        if self._attended is not None:
            before = dict(clip.plan.glimpses) if clip.plan else {}
            self._add(Job(f"looking at {clip.name}", 5 * FIRST, "glance", clip.shot, (before,), clip))
        self._add(Job(f"telling {clip.name}", 4 * FIRST, "tell", clip.shot, (self._attended is not None,), clip))

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
                self._drawn.add(cost)
                name = f"{clip.name} {first}–{last}"
                lacking = tuple(i for i in range(first, last + 1) if costs[clip][i])
                self._add(Job(name, cost, "draw", clip.shot, (lacking,), clip))
            if not clip.slices:
                self._finish(clip)

    def _costs(self, clip: Clip) -> list[float]:
        """What each play is expected to cost; 0 where its segment is there, whole."""
        assert clip.plan is not None
        plays = zip(clip.plan.plays, clip.wanted, clip.plan.costs, strict=True)
        costs = [
            max(cost, 1e-6) if wanted and not seal.is_sound(self._segment(clip, play.key), play.key) else 0.0
            for play, wanted, cost in plays
        ]
        if clip.why is None and any(costs):
            clip.why = f"{sum(cost > 0 for cost in costs)} segments missing"
        return costs

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
        if self._attended is not None and future is self._attended.stop:
            raise OvertakenError
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
            case Glanced() if job.clip is not None and self._attended is not None:
                self._attended.show(job.clip, result)
            case Told() if job.clip is not None:
                self._take_plan(job.clip, result)
            case Drawn() if job.clip is not None:
                self._drawn.finish(job.cost)
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
        _ = clip.wanted  # refuses a beat that there is not, before anything is drawn
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
        clip.memory = max(clip.memory, drawn.memory)
        clip.slices -= 1
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
        clip.plan = plan = plan.costing(clip.costs, clip.memory)
        clip.path = target = target_of(clip, self._media)

        def make(part: Path) -> None:
            join([self._segment(clip, play.key) for play in clip.plays], part)
            seal.seal(part, target.stem)

        if not seal.is_sound(target, target.stem):
            atomic.whole(target, make)
        if clip.timeline is not None:
            clip.timeline.write_beside(target)
        plan.write(plans.path_of(clip.shot, self._media))
