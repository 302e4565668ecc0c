"""The map of all networks: depth to the right, weight scale upwards, colour what arrives; plain beside residual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from scenes.figures.valley.land import Floats
from scenes.kit.claims.signals import verdict
from scenes.kit.drawing.camera import View, eased
from scenes.kit.drawing.painting import RGB, Pen, rgb
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.theme import Theme
from scenes.kit.drawing.world import World

# log10 of what arrives, and how it looks: dark where it dies, amber where it arrives, vermilion where it explodes
HEAT = (
    (-14, "#05070D"), (-8, "#0A1424"), (-4, "#1E2E4A"), (-2, "#5B4A3A"), (-0.7, "#C98A2B"), (0, "#FFC247"),
    (0.9, "#FFB03A"), (2, "#FF8A3C"), (3, "#FF6B4A"), (7, "#C92F2F"), (14, "#8E1B2E"),
)  # fmt: skip
LIMIT = 3.0  # beyond it, it explodes and is hatched
HEAD, TICK, AXIS, TAG = 64, 38, 40, 44  # px at full HD
SOME = 0.07  # of the cells, from which on a part of the map has a name
REGION = {"vanishes": "dies", "fades": "dies", "arrives": "arrives", "grows": "arrives", "explodes": "explodes"}


def heats(log10: Floats) -> Floats:
    """The colours of what arrives: (…, 3), from 0 to 1."""
    at, tones = [stop for stop, _ in HEAT], np.array([rgb(tone) for _, tone in HEAT])
    return np.stack([np.interp(log10, at, part) for part in tones.T], axis=-1)


def heat(log10: float) -> RGB:
    """The colour of what arrives."""
    red, green, blue = heats(np.array(log10)).tolist()
    return red, green, blue


def regions(log10: Floats) -> dict[str, tuple[int, int]]:
    """The parts of a map (gains, depths) that are large enough for a name, each with the cell in its middle."""
    rows, columns = log10.shape
    parts: dict[str, list[tuple[int, int]]] = {}
    for gain in range(rows):
        for depth in range(columns):
            value = float(log10[gain, depth])
            if np.isfinite(value):
                parts.setdefault(REGION[verdict(value)], []).append((gain, depth))
    found = {}
    for part, cells in parts.items():
        if len(cells) >= SOME * rows * columns:
            middle = np.mean(cells, axis=0)
            found[part] = min(cells, key=lambda cell: float(np.hypot(*(np.array(cell) - middle))))
    return found


class Map(World):
    """``log10`` (2, gains, depths) is what arrives. ``shown`` fades the sheet in, ``come`` runs from 0 to 1 while two
    halves of the frame shrink into the cells ``here`` (gain, depth), ``filled`` while the others fill, shallow networks
    first. ``named`` fades in what its parts are called.

    ``ticks`` are (place among the cells, words) of both axes; ``words``: plain, residual, depth, gain, and the parts.
    """

    def __init__(
        self,
        theme: Theme,
        stage: Stage,
        log10: Floats,
        here: tuple[int, int],
        ticks: tuple[Sequence[tuple[float, str]], Sequence[tuple[float, str]]],
        words: Mapping[str, str],
    ) -> None:
        super().__init__(theme, stage, View(0, 0, stage.width))
        self.log10, self.here, self.ticks, self.words = log10, here, ticks, words
        self.shown, self.come, self.filled, self.named = 0.0, 0.0, 0.0, 0.0
        self.colours = [[[heat(value) for value in row] for row in one] for one in np.nan_to_num(log10)]
        self.moving(self._paint_map)

    def side(self) -> float:
        wide, high = self.stage.width, self.stage.top - self.stage.caption_top
        return min(0.36 * wide, 0.68 * high) if self.stage.wide else min(0.72 * wide, 0.33 * high)

    def corner(self, skip: int) -> tuple[float, float]:
        """The lower left corner of one map."""
        side, bottom = self.side(), self.stage.caption_top
        if self.stage.wide:
            return (-side - 0.28 if skip == 0 else 1.0), bottom + 1.15
        high = (self.stage.top - bottom - 1.1) / 2
        return -side / 2 + 0.35, bottom + 1.2 + (1 - skip) * high

    def _cell(self, skip: int, gain: int, depth: int) -> tuple[float, float, float, float]:
        rows, columns = self.log10.shape[1:]
        x, y = self.corner(skip)
        wide, high = self.side() / columns, self.side() / rows
        return x + depth * wide, y + gain * high, wide, high

    def _paint_map(self, pen: Pen, view: View) -> None:
        if self.shown <= 0:
            return
        stage, wide = self.stage, self.stage.width
        pen.polygon([(-wide, -stage.height), (wide, -stage.height), (wide, stage.height), (-wide, stage.height)])
        pen.fill(self.theme.background, self.shown)
        rows, columns = self.log10.shape[1:]
        last = columns + 1.0
        for skip in (0, 1):
            for depth in range(columns):
                for gain in range(rows):
                    seen = eased(self.filled * last, depth + 0.6 * gain / rows, depth + 0.6 * gain / rows + 0.5)
                    if (gain, depth) != self.here and seen > 0:
                        self._fill(pen, self._cell(skip, gain, depth), (skip, gain, depth), seen)
        self._here(pen)
        self._words(pen)

    def _fill(
        self, pen: Pen, box: tuple[float, float, float, float], at: tuple[int, int, int], seen: float, line: float = 1.0
    ) -> None:
        x, y, wide, high = box
        value = float(self.log10[at])
        air = 0.045 * min(wide, high) * line
        pen.rounded(x + air, y + air, wide - 2 * air, high - 2 * air, 0.02)
        if not np.isfinite(value):
            pen.stroke(self.theme.muted, 0.02, seen, dash=(0.06, 0.05))
            return
        pen.fill(self.colours[at[0]][at[1]][at[2]], seen)
        if value > LIMIT:
            for k in (0.25, 0.5, 0.75):
                pen.polygon([(x + (k - 0.2) * wide, y + 0.1 * high), (x + (k + 0.2) * wide, y + 0.9 * high)], False)
            pen.stroke("#14060F", 0.022, 0.55 * seen)

    def _here(self, pen: Pen) -> None:
        """The two networks that one has just seen, from half a frame each to a cell."""
        stage, share = self.stage, eased(self.come)
        for skip in (0, 1):
            half = (-stage.width / 2, 0.0 if skip == 0 else -stage.height / 2, stage.width, stage.height / 2)
            goal = self._cell(skip, *self.here)
            box = tuple(a + (b - a) * share for a, b in zip(half, goal, strict=True))
            self._fill(pen, box, (skip, *self.here), self.shown, share)  # type: ignore[arg-type]

    def _words(self, pen: Pen) -> None:
        theme, side, seen = self.theme, self.side(), eased(self.come, 0.6, 1.0) * self.shown
        wide = self.stage.wide
        for skip, (name, tone) in enumerate((("plain", theme.danger), ("residual", theme.skip))):
            x, y = self.corner(skip)
            em = pen.px(HEAD if wide else 52)
            pen.text(self.words[name], x + side / 2, y + side + 0.22, em, tone, alpha=seen)
            if wide or skip == 1:
                for place, words in self.ticks[0]:
                    at = x + (place + 0.5) * side / self.log10.shape[2]
                    pen.text(words, at, y - 0.38, pen.px(TICK), theme.ink, alpha=seen)
                pen.text(self.words["depth"], x + side / 2, y - 0.82, pen.px(AXIS), theme.muted, alpha=seen)
            if not wide or skip == 0:
                for place, words in self.ticks[1]:
                    at = y + (place + 0.5) * side / self.log10.shape[1] - 0.12
                    pen.text(words, x - 0.14, at, pen.px(TICK), theme.ink, align=1.0, alpha=seen)
            self._names(pen, skip)
        x, y = self.corner(0)
        em = pen.px(AXIS)
        ctx = pen.ctx
        ctx.save()
        ctx.translate(x - (1.15 if wide else 1.0), y + side / 2 - (0 if wide else 0.3))
        ctx.rotate(np.pi / 2)
        pen.text(self.words["gain"], 0.0, 0.0, em, theme.muted, alpha=seen)
        ctx.restore()

    def _names(self, pen: Pen, skip: int) -> None:
        """What the parts of a map are called, in the middle of each."""
        for part, (gain, depth) in regions(self.log10[skip]).items():
            x, y, wide, high = self._cell(skip, gain, depth)
            half = pen.width(self.words[part], pen.px(TAG)) / 2 + 0.15
            left = self.corner(skip)[0]
            at = min(max(x + wide / 2, left + half), left + self.side() - half)
            plate = "#0B0F15"
            pen.text(self.words[part], at, y + high / 2 - 0.12, pen.px(TAG), "#F2F4F8", alpha=self.named, plate=plate)
