"""The mountains behind the road: what was measured while a network trained, a ridge for each step that was measured.

The newest ridge stands next to the road; older ones have moved away, evenly with the steps of training. A ridge is as
high as what it shows at each place along the road, on a log scale, and coloured by it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenes.figures.valley.bridged import BridgedFigure
from scenes.figures.valley.counter import Counter
from scenes.figures.valley.land import UP, Floats, Land, point, seen
from scenes.figures.valley.lights import River
from scenes.figures.valley.map import heats
from scenes.figures.valley.palette import Palette
from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.painting import Colour, Pen
from scenes.kit.drawing.split import Split
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import Theme

FOOT = 12.0  # v of the newest ridge, behind the halls
LONG, HIGH = (
    0.33,
    0.25,
)  # of half the frame: how far all of the training reaches away, and how high the highest ridge is
ROOM, LEAST = 1.2, 66.0  # how much wider a view of a whole range is than that of its road; and at least
SKY = 0.26  # of half the frame: how far above the road one looks
MIST = "#05070D"  # between ridges
STEP = 44  # px at full HD
FAR = 320.0  # stands in for infinity


class Range:
    """``values`` (steps, places) are logarithms at ``steps`` of training and ``places`` along the road, drawn from
    ``low`` to ``top``; ``level`` is coloured like a signal of 1. ``grown`` is how much of the training is seen, 0 to 1.
    """

    def __init__(self, valley: Valley, steps: Floats, values: Floats, word: str) -> None:
        self.valley, self.steps, self.word = valley, np.asarray(steps, dtype=float), word
        self.values, self.places = values, valley.land.states
        self.low, self.top, self.level = -1.0, 1.0, 0.0
        self.grown, self.shown = 0.0, 0.0
        valley.below.append(self.paint)
        valley.above.append(self.say)

    @property
    def step(self) -> float:
        """The step of training that one sees now."""
        return self.grown * float(self.steps[-1])

    def now(self) -> Floats:
        """What there is at that step: between two that were measured, in between."""
        return np.array([np.interp(self.step, self.steps, row) for row in self.values.T])

    def paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01:
            return
        half = over(self.valley).width * self.valley.tall / 2
        away = LONG * half / max(float(self.steps[-1]), 1.0)
        past = self.steps < self.step - 1e-6
        values = np.vstack([self.values[past], self.now()])
        tones = heats(values - self.level).tolist()
        behind = np.append(away * (self.step - self.steps[past]), 0.0).tolist()
        for ridge in zip(values, tones, behind, strict=True):
            self._ridge(pen, *ridge, half)

    def say(self, pen: Pen, view: View) -> None:
        """The step, at the end of the newest ridge."""
        if self.shown <= 0.01:
            return
        em = pen.px(STEP)
        words = f"{self.word} {int(self.step + 1e-6)}"
        x, y = point(float(self.valley.land.end), FOOT)
        x = min(x + 0.6 * em, view.seen()[1] - pen.width(words, em) - 0.6 * em)
        palette = self.valley.palette
        pen.text(words, x, y, em, palette.ink, align=0.0, alpha=self.shown, plate=palette.plate)

    def _ridge(self, pen: Pen, values: Floats, tones: Sequence[Colour], away: float, half: float) -> None:
        """One ridge, so far away."""
        palette = self.valley.palette
        foot = seen(self.places, FOOT)
        foot = foot + np.array([0.4 * away, away])
        if not np.isfinite(values).all():
            pen.polygon(foot, close=False).stroke(palette.light, pen.px(3), self.shown, dash=(pen.px(12),) * 2)
            return
        share = np.clip((values - self.low) / max(self.top - self.low, 1e-9), 0.015, 1.0)
        edge = foot + np.column_stack([np.zeros(len(share)), UP * HIGH * half * share])
        outline = np.concatenate([edge, foot[::-1]]).tolist()
        left, right = float(foot[0, 0]), float(foot[-1, 0])
        ways = [(x - left) / max(right - left, 1e-9) for x in foot[:, 0]]
        pen.polygon(outline)
        pen.fade((left, 0), (right, 0), [(way, tone, self.shown) for way, tone in zip(ways, tones, strict=True)])
        bottom, top = float(foot[0, 1]), float(edge[:, 1].max())
        pen.polygon(outline).fade((0, top), (0, bottom), [(0, MIST, 0.0), (1, MIST, 0.75 * self.shown)])
        pen.polygon(edge, close=False).stroke(palette.core, pen.px(3), 0.6 * self.shown)


def over(valley: Valley) -> View:
    """A whole valley with the mountains behind it, in half a frame."""
    wide = max(ROOM * valley.wide().width, LEAST)
    return View(valley.land.end / 2, SKY * wide * valley.tall / 2, wide)


class Ranges:
    """Two valleys at night, plain above residual, each with its mountains; the signal's lights drive in front of them.

    Lights of the residual valley are drawn on the deck alone: how the signal divides is not measured in training.
    """

    def __init__(
        self,
        stage: Stage,
        theme: Theme,
        names: Sequence[Sequence[str]],
        numbers: Numbers,
        steps: Floats,
        log10: Floats,
        words: dict[str, str],
    ) -> None:
        self.numbers = numbers
        depth = log10.shape[2] - 1
        self.upper = Valley(theme, stage, depth, names)
        figure = BridgedFigure(stage, theme, names, numbers, lights(log10[1, 0]), np.ones(depth), [0, depth], words)
        self.lower = figure.valley
        self.lower.deck.built = 1.0
        self.land: Land = self.lower.land
        self.palette: Palette = self.lower.palette
        self.high = figure.high
        figure.low.shown = 0.0
        self.plain = River(self.upper, self.land, self.land.road, self.palette, lights(log10[0, 0]))
        self.upper.below.append(self.plain.paint)
        self.rivers = (self.plain, self.high)
        self.ranges = [
            Range(valley, steps, drawn(one), words["step"])
            for valley, one in zip((self.upper, self.lower), log10, strict=True)
        ]
        place = (-0.36, -0.1) if stage.wide else (-0.25, -0.09)
        self.counters = [
            Counter(valley, lambda skip=skip: self.arrived(skip), name, place, large=92)  # type: ignore[misc]
            for skip, (valley, name) in enumerate(((self.upper, words["plain"]), (self.lower, words["residual"])))
        ]
        self.exact: Sequence[str] | None = None  # what numbers say instead of what one sees of the mountains
        for valley in (self.upper, self.lower):
            valley.night.dusk = 1.0
        self.upper.shot = lambda: self.lower.shot()
        self.split = Split(self.upper, self.lower)

    def arrived(self, skip: int) -> str:
        """What there is at the input, at the step one sees."""
        value = float(self.ranges[skip].now()[0])
        exact = value if abs(value) < FAR - 1 else float(np.copysign(np.inf, value))
        return self.exact[skip] if self.exact else self.numbers.signal(exact)


def drawn(log10: Floats) -> Floats:
    """Logarithms between which pictures can turn: those of 0 and ∞ are numbers, what is no number stays none."""
    return np.nan_to_num(log10, nan=np.nan, posinf=FAR, neginf=-FAR)


def lights(log10: Floats) -> Floats:
    """Signals as a river takes them: all are numbers."""
    return np.nan_to_num(log10, nan=-FAR, posinf=FAR, neginf=-FAR)
