"""What the farm is asked for: clips on their way to being finished, the jobs for them, and how they are cut."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from pathlib import Path
from typing import Any

import sim.params
from scenes.film import Chapter, Cut
from scenes.kit.telling.timeline import Timeline, beside
from scenes.kit.video import seal
from scenes.studio.farm import pieces, plans
from scenes.studio.farm.messages import Play, Shot
from scenes.studio.farm.plans import Plan
from scenes.studio.look import QUALITIES, Look

# Bytes that a worker takes before it draws, and for each pixel of its frames. Measured in AtLeastOne at 480p15, 720p30,
# 1080p60 and 2160p60: 0.3, 0.4, 0.7 and 1.5 GB (python tests/bench/memory.py).
WORKER, PIXEL = 300_000_000, 200


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
    memory: int = 0  # bytes that a worker took at most
    rounds: int = 0  # times it has been cut

    @property
    def name(self) -> str:
        of = f", {self.shot.beat}" if self.shot.beat else ", trailer" if self.shot.cuts else ""
        return f"{self.shot.chapter.name} ({self.shot.setting.lang}{of})"

    @property
    def timeline(self) -> Timeline | None:
        """What is said in it, and when. Raises :class:`UsageError` if it has no such beat."""
        assert self.plan is not None
        if self.plan.timeline is None:
            return None
        return pieces.timed(self.shot, Timeline.of(self.plan.timeline), self.plan.plays)

    @property
    def wanted(self) -> list[bool]:
        """Which of its plan's plays belong to it. Raises :class:`UsageError` if it has no such beat."""
        assert self.plan is not None
        if self.plan.timeline is None:
            return [True] * len(self.plan.plays)
        return pieces.wanted(self.shot, Timeline.of(self.plan.timeline), self.plan.plays)

    @property
    def plays(self) -> list[Play]:
        """The plays that it is made of."""
        assert self.plan is not None
        return list(compress(self.plan.plays, self.wanted))

    @property
    def need(self) -> int:
        """Bytes that a worker will take to draw it: what one took last time, else what one of its size does."""
        return (self.plan.memory if self.plan else 0) or WORKER + PIXEL * self.shot.pixels

    @property
    def summary(self) -> str:
        """What was done for it, and why."""
        total = len(self.plays) if self.plan else 0
        line = f"{self.name}: {self.drawn} of {total} segments drawn, {total - self.drawn} from the cache"
        return f"{line}; {self.why}" if self.why else line


@dataclass(eq=False)
class Job:
    """Something to be done by a worker, for a clip or, if it is a record, for all that lack it."""

    name: str
    cost: float
    function: str  # of worker.py
    subject: Any  # its first argument; the second says where files are
    rest: tuple[Any, ...] = ()
    clip: Clip | None = None
    tries: int = 0


def shot_of(
    chapter: Chapter, look: Look, parameters: sim.params.Params, beat: str | None = None, cuts: Sequence[Cut] = ()
) -> Shot:
    """A chapter, or one beat of it, or ``cuts`` of it, as a look wants it."""
    height, rate = QUALITIES[look.quality]
    video: dict[str, Any] = {"pixel_height": height, "pixel_width": round(height * 16 / 18) * 2, "frame_rate": rate}
    video["format"] = look.drawn_as.removeprefix(".")
    return Shot(chapter, look.setting(parameters), tuple(video.items()), beat, tuple(cuts))


def look_up(shot: Shot, media: Path) -> Clip:
    """What is known of a shot: nothing, a plan that no longer holds, or a finished clip.

    Raises :class:`UsageError` if the plan holds, and has no such beat.
    """
    plan = Plan.read(plans.path_of(shot, media))
    clip = Clip(shot, plan, "never rendered" if plan is None else plan.changed(shot))
    if plan is not None and clip.why is None:
        target = target_of(clip, media)
        if seal.is_sound(target, target.stem) and _says(target, clip.timeline):
            clip.path = target
    return clip


def target_of(clip: Clip, media: Path) -> Path:
    """Where a finished clip lies, whose plan is known."""
    assert clip.plan is not None
    of = f".{clip.shot.beat}" if clip.shot.beat else ""
    if clip.shot.cuts:
        of = f".cuts-{hashlib.sha256(repr(clip.shot.cuts).encode()).hexdigest()[:8]}"
    return media / "clips" / f"{clip.shot.chapter.name}-{clip.plan.digest}{of}{clip.shot.suffix}"


def _says(clip: Path, timeline: Timeline | None) -> bool:
    """Whether what lies beside a clip is what is said in it."""
    try:
        return timeline is None or beside(clip).read_text(encoding="utf-8") == timeline.text
    except (OSError, ValueError):
        return False


def ranges(costs: Sequence[float], share: float) -> Iterator[tuple[int, int, float]]:
    """Cut plays into ranges (first, last, cost) that cost about ``share``; plays that cost nothing need no drawing."""
    wanted = [i for i, cost in enumerate(costs) if cost > 0]
    if not wanted:
        return
    total = sum(costs)
    count = max(1, min(len(wanted), round(total / share))) if share > 0 else 1
    edges = [*(total * (n + 1) / count for n in range(count - 1)), math.inf]  # whatever was lost to rounding
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
