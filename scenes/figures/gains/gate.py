"""A gate with a bar at height 1: beads, one a direction, come along the bar, pass, and stick at how much they are
multiplied by. With the shortcut each moves on to where it belongs then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from scenes.figures.gains.swarm import Scale, heaped, percent, rows
from scenes.figures.walls.room import Room
from scenes.figures.walls.words import Words, at
from scenes.kit.claims.sums import share_below
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Floats, Pen, mix

RADIUS, LARGE = 0.052, 0.1  # of beads, and of estimated ones
POST, DEEP = 0.3, 0.7
COMES, FLIES = 9.0, 0.42  # from how far beads come; of the gesture, that one flies
HEADING, SHARE, BOUND, TICK, SCOPE = 60, 120, 50, 42, 38  # px
Line = tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """The gate's breadth, the heights of its foot and top; heights of the heading and of the line above it; and where
    the share below 1, the guarantee and the axis' name stand, from the gate's middle."""

    wide: float
    foot: float
    top: float
    heading: float
    scope: float
    below: Line
    bound: Line
    axis: float


PLANS = {
    "16:9": Plan(5.4, 1.0, 4.15, 4.66, 5.17, (4.75, 1.9), (0.0, 1.08), 0.45),
    "1:1": Plan(5.4, 1.9, 5.3, 5.85, 6.45, (0.0, 1.2), (0.0, 1.98), 0.33),
    "9:16": Plan(4.1, 2.6, 7.1, 7.65, 8.35, (0.0, 1.85), (0.0, 2.68), 0.75),
}


@dataclass(frozen=True)
class Cloud:
    """``values`` [2, n]: alone and with the shortcut, those of one column belong together; or of estimates [2, m, 2],
    the largest and the smallest. ``headings`` of both, the ``scope`` they are from; ``shares`` below 1, of all values
    and not only of those that are drawn, NaN if none is said, and how many ``digits`` of these are told."""

    values: Floats
    headings: tuple[str, str]
    scope: str
    shares: tuple[float, float]
    digits: tuple[int, int]

    @property
    def extremes(self) -> bool:
        return self.values.ndim == 3


class Swarm:
    """The beads of a cloud. ``flown`` is how far they have come, ``slid`` how far on to where the shortcut puts them,
    both from 0 to 1; ``shown`` fades them."""

    def __init__(self, cloud: Cloud, scale: Scale, plan: Plan, x: float) -> None:
        self.cloud, self.scale, self.x, self.come = cloud, scale, x, x + COMES
        self.flown, self.slid, self.shown = 0.0, 0.0, 0.0
        half = plan.wide / 2 - 0.15
        self.radius = LARGE if cloud.extremes else RADIUS
        self.value = cloud.values.reshape(2, -1)
        count = self.value.shape[1]
        self.away = np.empty_like(self.value)
        for side, values in enumerate(self.value):
            if cloud.extremes:
                self.away[side] = np.repeat(rows(count // 2, half), 2)
            else:
                rising = np.argsort(values, kind="stable")
                self.away[side, rising] = heaped(scale.x_of(values[rising]), self.radius, half)
        rng = np.random.default_rng(17)
        self.turn = rng.permutation(count) / max(1, count)
        self.rank = np.argsort(np.argsort(self.value[1])) / max(1, count)

    def moved(self) -> Floats:
        """How far each bead has slid, (n,): the lowest go first."""
        return np.asarray(smooth(np.clip((1 + 1.5) * self.slid - 1.5 * self.rank, 0, 1)))

    def now(self) -> Floats:
        """How much each bead is multiplied by, as it stands."""
        share = self.moved()
        return np.asarray(self.value[0] + (self.value[1] - self.value[0]) * share)

    def places(self) -> Floats:
        """Where beads are, (n, 2)."""
        share = self.moved()
        heights = self.scale.x_of(self.value)
        y = heights[0] + (heights[1] - heights[0]) * share
        x = self.x + self.away[0] + (self.away[1] - self.away[0]) * share
        gone = np.clip((self.flown - self.turn * (1 - FLIES)) / FLIES, 0, 1)
        one, near = float(self.scale.x_of(1.0)), self.x + 0.52 * (self.come - self.x)
        first, then = np.minimum(1, 2 * gone), smooth(np.clip(2 * gone - 1, 0, 1))
        way = self.come + (near - self.come) * first
        return np.stack([way + (x - way) * then, one + (y - one) * then], axis=1)

    def below(self) -> float:
        """The share below 1 as beads stand: of all values, where they rest."""
        if self.slid <= 0 or self.slid >= 1 or self.cloud.extremes:
            return self.cloud.shares[int(self.slid >= 1)]
        return share_below(self.now())

    def digits(self) -> int:
        """How many digits of it are told."""
        return self.cloud.digits[int(self.slid >= 1)]


class Gate:
    """``swarms`` by name. ``laid`` is how far the rod of the largest bead's length has been laid off downwards from 1,
    ``norm`` how long it is: no bead is below its end. ``x`` is the gate's middle; ``words``: axis, below (a function of
    a share in percent), guarantee, one."""

    def __init__(
        self, room: Room, x: float, clouds: Mapping[str, Cloud], words: Mapping[str, str], numbers: Numbers, norm: float
    ) -> None:
        self.room, self.x, self.numbers, self.norm = room, x, numbers, norm
        self.plan = plan = PLANS[room.stage.aspect]
        every = np.concatenate([cloud.values.ravel() for cloud in clouds.values()])
        self.scale = Scale.for_values(plan.foot, plan.top, every)
        self.swarms = {name: Swarm(cloud, self.scale, plan, x) for name, cloud in clouds.items()}
        self.active = next(iter(self.swarms.values()))
        self.laid, self.words = 0.0, words
        room.lamps.append(self._stand)
        room.lamps.append(self._beads)
        room.lamps.append(self._rod)
        muted, large = room.paints.muted, 1.0 if room.stage.wide else 0.85
        self.heading = Words(room, self._headed, at(x, plan.heading), HEADING * large, plate=0.5)
        self.scope = Words(room, lambda: self.active.cloud.scope, at(x, plan.scope), SCOPE, muted, plate=0.5)
        dx, dy = plan.below
        self.below = [
            Words(room, partial(self._below, 0), at(x + dx, dy), SHARE, wide=0.26, plate=0.5),
            Words(room, partial(self._below, 1), at(x + dx, dy - 0.5), TICK, wide=0.26, plate=0.5),
        ]
        dx, dy = plan.bound
        self.bound = Words(
            room,
            partial(str, words["guarantee"]),
            at(x + dx, dy),
            BOUND,
            room.theme.branch,
            wide=plan.wide / (plan.wide + 1.9),
        )
        self.axis = Words(room, partial(str, words["axis"]), at(x, plan.axis), TICK, muted, plate=0.5)
        self.ticks = self.scale.ticks(numbers)

    @property
    def can_lay_off(self) -> bool:
        """Whether lengths can be carried along the axis: they can where it is linear."""
        return not self.scale.log

    @property
    def one(self) -> float:
        return float(self.scale.x_of(1.0))

    # words

    def _headed(self) -> str:
        return self.active.cloud.headings[int(self.active.slid > 0.5)]

    def _below(self, line: int) -> str:
        """The share below 1: the number, and the words that follow it on a line of their own."""
        share = self.active.below()
        if not np.isfinite(share):
            return ""
        said = percent(share, self.numbers, self.active.digits())
        number, sign, rest = self.words["below"].format(share=said).partition("%")
        return rest.strip() if line else number + sign

    # painting

    def _seen(self, view: View) -> bool:
        left, right = view.seen(COMES)
        return left < self.x < right

    def _stand(self, pen: Pen, view: View) -> None:
        if not self._seen(view):
            return
        plan, room, theme = self.plan, self.room, self.room.theme
        half, ink = plan.wide / 2, room.paints.ink
        foot, top = plan.foot, plan.top
        glass = [(self.x - half, foot), (self.x + half, foot), (self.x + half, top), (self.x - half, top)]
        pen.polygon(glass).fill(room.paints.panel, 0.72 if pen.adds else 0.06)
        one = [(self.x - half, foot), (self.x + half, foot), (self.x + half, self.one), (self.x - half, self.one)]
        pen.polygon(one).fill(theme.danger, 0.1)
        for away, tone in ((DEEP, mix(theme.skip, "#000000", 0.55)), (0.0, theme.skip)):
            out, high = half + POST / 2, top + POST
            corners = ((-out, 0.0), (-out, high), (out, high), (out, 0.0))
            legs = [room.at((self.x + dx, y, away), view) for dx, y in corners]
            pen.polygon(legs, close=False).stroke(tone, POST * room.scale(away, view))
        for y, words in self.ticks:
            strong = words == "1"
            em = pen.px(TICK * (1.3 if strong else 1.0))
            if not strong:
                pen.polygon([(self.x - half, y), (self.x + half, y)], close=False).stroke(ink, pen.px(2), 0.25)
            tone = ink if strong else room.paints.muted
            place = self.x - half - POST - 0.1
            seen = room.uncut(view, place - pen.width(words, em), place, y - 0.35 * em, em)
            pen.text(
                words, place, y - 0.35 * em, em, tone, align=1.0, alpha=seen, plate=room.paints.plate, plate_alpha=0.4
            )
        bar = [(self.x - half, self.one), (self.x + half + COMES, self.one)]
        pen.polygon(bar[:1] + [(self.x + half, self.one)], close=False).stroke(ink, pen.px(8), 0.95)
        pen.polygon(bar, close=False).stroke(ink, pen.px(3), 0.35, dash=(0.2, 0.16))

    def _beads(self, pen: Pen, view: View) -> None:
        swarm = self.active
        if swarm.shown <= 0.01 or not self._seen(view):
            return
        theme = self.room.theme
        places, value, share = swarm.places(), swarm.now(), swarm.moved()
        if swarm.cloud.extremes and swarm.flown >= 1:
            for a, b in zip(places[::2].tolist(), places[1::2].tolist(), strict=True):
                pen.polygon([a, b], close=False)
            pen.stroke(theme.skip if swarm.slid > 0.5 else theme.branch, pen.px(5), swarm.shown)
        bead = Pen(pen.ctx, pen.scale, False, pen.written, pen.size)  # they lie on the glass, and do not shine through
        landed = swarm.flown >= 1
        under = (value < 1 - 1e-9) & landed
        pale = "#FFFFFF" if pen.adds else "#000000"
        for some, tone, strong in (
            (~under & (share < 0.5), mix(theme.branch, pale, 0.1), 1.0),
            (~under & (share >= 0.5), mix(theme.skip, pale, 0.15), 1.0),
            (under & (share < 0.5), theme.branch, 0.75),
            (under & (share >= 0.5), mix(theme.skip, theme.danger, 0.8), 0.9),
        ):
            if some.any():
                bead.lights(places[some], 1.25 * swarm.radius, tone, strong * swarm.shown, core=True)

    def _rod(self, pen: Pen, view: View) -> None:
        """The largest of the branch, as a rod from 0 up; it is lifted to 1, and hangs down from there."""
        if self.laid <= 0 or not self._seen(view):
            return
        theme, plan = self.room.theme, self.plan
        grown, lifted = min(1.0, 3 * self.laid), float(smooth(np.clip((self.laid - 0.4) / 0.45, 0, 1)))
        end = self.norm * grown * (1 - lifted) + lifted
        start = max(end - self.norm * grown, 0.0)
        x = self.x - plan.wide / 2 + 0.32
        a, b = (float(self.scale.x_of(v)) for v in (start, min(end, self.scale.high)))
        pen.polygon([(x, a), (x, b)], close=False).stroke(theme.branch, 0.16)
        for y in (a, b):
            pen.polygon([(x - 0.2, y), (x + 0.2, y)], close=False).stroke(theme.branch, 0.06)
        sealed = float(np.clip((self.laid - 0.85) / 0.15, 0, 1))
        if sealed > 0 and self.norm < 1:
            low, high, half = plan.foot, float(self.scale.x_of(1 - self.norm)), plan.wide / 2
            for k in np.arange(self.x - half, self.x + half - 0.2, 0.28):
                pen.polygon([(k, low), (k + 0.28, high)], close=False)
            pen.stroke(theme.branch, pen.px(4), 0.8 * sealed)
            pen.polygon([(self.x - half, high), (self.x + half, high)], close=False).stroke(
                theme.branch, pen.px(5), sealed
            )


def smooth(share: Floats) -> Floats:
    return share * share * (3 - 2 * share)
