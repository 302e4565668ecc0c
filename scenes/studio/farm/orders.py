"""What the farm is asked for: clips on their way to being finished, the jobs for them, and how they are cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sim.params
from scenes.film import Chapter
from scenes.studio.farm import plans
from scenes.studio.farm.messages import Shot, frames_in
from scenes.studio.farm.plans import Plan
from scenes.studio.look import QUALITIES, Look


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
        return f"{self.shot.chapter.name} ({self.shot.setting.lang})"

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
    function: str  # of worker.py
    subject: Any  # its first argument; the second says where files are
    rest: tuple[Any, ...] = ()
    clip: Clip | None = None
    tries: int = 0


def shot_of(chapter: Chapter, look: Look, parameters: sim.params.Params) -> Shot:
    """A chapter as a look wants it."""
    height, rate = QUALITIES[look.quality]
    video: dict[str, Any] = {"pixel_height": height, "pixel_width": round(height * 16 / 18) * 2, "frame_rate": rate}
    video["format"] = look.drawn_as.removeprefix(".")
    return Shot(chapter, look.setting(parameters), tuple(video.items()))


def look_up(shot: Shot, media: Path) -> Clip:
    """What is known of a shot: nothing, a plan that no longer holds, or a finished clip."""
    plan = Plan.read(plans.path_of(shot, media))
    clip = Clip(shot, plan, "never rendered" if plan is None else plan.changed(shot))
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
