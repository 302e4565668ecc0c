"""A chain of blocks with the gain of each under it, and how each sum divides between copy and branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import LEFT, ORIGIN, Animation, VGroup, VMobject
from numpy.typing import NDArray

from scenes.figures.blocks.lane import HEIGHT, RISE, arrows, hatching
from scenes.kit.drawing import shapes, signal
from scenes.kit.drawing.axis import Axis
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.text import Formula, Label, Readout
from scenes.kit.drawing.theme import Theme

THICK, THIN = 0.16, 0.07  # heights of the two parts of a bar
GAIN_LINE, BAR_LINE = 0.66, 0.9  # of gains (where letters stand) and bars (their middle), below the blocks' middle


@dataclass(frozen=True)
class Measured:
    """The blocks that are drawn, from the input on, and what was measured there.

    log10  (states): mean log10 of the relative signal at the hidden states before, between and after the blocks.
    gains  (blocks): the gain of each, written out; a whole block's, whatever is left out beside it.
    share  (blocks): share of the gradient before a block that its shortcut has handed back; NaN if there is none.
    gaps   (blocks − 1): where blocks are left out.
    arrived: the signal at the input, written out.
    bridged (blocks): whether a shortcut leads over each; None: over all.
    """

    log10: NDArray[np.float64]
    gains: Sequence[str]
    share: NDArray[np.float64]
    gaps: Sequence[bool]
    arrived: str
    bridged: NDArray[np.bool_] | None = None


class Chain(VGroup):
    """One network: blocks with F′ in them, arrows as wide as the signal, and the gain of each block under it.

    A residual one (``skip``) has a shortcut over each block, and a bar that shows how its sum divides. Everything about
    a block stands in the stretch of ``axis`` that is its own; between two blocks there is room, from right to left, for
    the sum, the signal's arrow and the next fork.

    :attr:`revealed` is how far back the signal has come (0 … 1), :attr:`skips` how much of the shortcuts stands,
    :attr:`divided` how much of the bars is drawn. Animations are returned, not played.
    """

    def __init__(self, axis: Axis, y: float, theme: Theme, skip: bool, measured: Measured, left: float) -> None:
        self.y, self.theme, self.skip, self.measured = y, theme, skip, measured
        self.count = len(measured.gains)
        pitch = axis.pitch(self.count)
        self.nodes = axis.nodes(self.count)[::-1]  # from the input on
        self.side = float(np.clip(0.42 * pitch, 0.2, 0.62))
        self.middles = self.nodes[:-1] + pitch / 2
        self.gap = min(pitch - self.side, 0.9)  # what stands between blocks does not spread in a short chain
        self.radius = min(0.1, 0.16 * self.gap)  # of a sum
        self.sums_x = self.middles - self.side / 2 - 1.5 * self.radius
        self.forks = self.middles + self.side / 2 + 0.08 * self.gap
        self.arrows_x = self.nodes - (0.16 * self.gap if skip else 0)
        self.full = min(0.72 * pitch, 1.2)  # length of a bar
        self.revealed = self.skips = self.divided = 0.0
        self._still(y, theme)
        self.arches = VMobject(stroke_color=theme.skip, stroke_width=5)
        self.tips = VMobject(stroke_width=0, fill_color=theme.skip, fill_opacity=1)
        self.arrows = shapes.Ribbon()
        self.hatch = VMobject(stroke_color=theme.background, stroke_width=2)
        self.rings = VMobject(stroke_color=theme.gradient, stroke_width=2)
        self.gains = VGroup(*(Readout(theme, [x, y - GAIN_LINE, 0], ORIGIN, "small", "muted") for x in self.middles))
        self.copies = VMobject(stroke_width=0, fill_color=theme.skip, fill_opacity=1)
        self.branches = VMobject(stroke_width=0, fill_color=theme.branch, fill_opacity=1)
        self.arrived = Readout(theme, [left, y - 0.29, 0], LEFT, "heading", "gradient", "bold")
        moving = (self.arrows, self.hatch, self.rings, self.gains, self.copies, self.branches, self.arrived)
        super().__init__(self.wire, self.blocks, self.signs, self.dots, self.arches, self.sums, self.tips, *moving)
        self.show()

    def _still(self, y: float, theme: Theme) -> None:
        """Wire, blocks, F′, and dots where blocks are left out."""
        self.wire = VMobject(stroke_color=theme.faint, stroke_width=3)
        ends = np.append(self.nodes[0], self.middles + self.side / 2)
        starts = np.append(self.middles - self.side / 2, self.nodes[-1])
        level = np.full(len(ends), y)
        self.wire.set_points(shapes.lines(np.stack([ends, level], axis=1), np.stack([starts, level], axis=1)))
        self.blocks = VMobject(stroke_color=theme.branch, stroke_width=3.2, fill_color=theme.panel, fill_opacity=1)
        self.blocks.set_points(
            shapes.rounded_boxes(np.stack([self.middles, level[1:]], axis=1), self.side, HEIGHT, 0.09)
        )
        sign = Formula("F'", theme, "small")
        self.signs = VGroup(*(sign.copy().move_to([x, y, 0]) for x in self.middles))
        at = self.nodes[1:-1][np.array(self.measured.gaps, dtype=bool)]
        dots = (at[:, None] + np.array([-0.08, 0, 0.08])).ravel()
        self.dots = VMobject(stroke_width=0, fill_color=theme.muted, fill_opacity=1)
        self.dots.set_points(shapes.circles(np.stack([dots, np.full(len(dots), y - 0.38)], axis=1), 0.024))
        self.sums = VMobject(stroke_color=theme.skip, stroke_width=3, fill_color=theme.background, fill_opacity=1)

    def show(self) -> None:
        """Draw the chain as far as it has come."""
        if self.skip:
            self._draw_shortcuts()
        self._draw_signal()
        passed = self.revealed * (self.count + 1) >= np.arange(self.count, 0, -1) + 0.5
        for readout, gain, here in zip(self.gains, self.measured.gains, passed, strict=True):
            readout.show(gain if here else "")
        self.arrived.show(self.measured.arrived if self.revealed >= 1 else "")
        self._draw_bars()

    def _draw_shortcuts(self) -> None:
        """They rise one after the other, from the loss back."""
        later = np.arange(self.count)[::-1]
        up = np.clip(self.skips * (self.count + 2) / 3 - later / 3, 0, 1) > 0
        if self.measured.bridged is not None:
            up &= self.measured.bridged
        rise = (HEIGHT / 2 + RISE) * min(1.0, 2 * self.skips)
        self.arches.set_points(shapes.overpasses(self.forks[up], self.sums_x[up], self.y, rise))
        x, r, level = self.sums_x[up], self.radius, np.full(up.sum(), self.y)
        centre = np.stack([x, level], axis=1)
        arm = np.array([[0.6 * r, 0], [0, 0.6 * r]])
        cross = shapes.lines((centre[:, None] - arm).reshape(-1, 2), (centre[:, None] + arm).reshape(-1, 2))
        self.sums.set_points(np.concatenate([shapes.circles(centre, r) if len(x) else shapes.NOTHING, cross]))
        tip = np.array([[0, r], [-0.07, r + 0.13], [0.07, r + 0.13]])
        self.tips.set_points(shapes.polygons(centre[:, None] + tip))

    def _draw_signal(self) -> None:
        log10 = self.measured.log10
        shown = np.clip(self.revealed * (self.count + 1) - np.arange(self.count + 1)[::-1], 0, 1)
        shaft, length = (
            signal.width(log10) * shown,
            np.full(len(shown), (0.38 if self.skip else 0.6) * self.gap) * shown,
        )
        drawn = shaft > 0
        x = self.arrows_x
        self.arrows.blend(arrows(x[drawn], self.y, length[drawn], shaft[drawn]), x, signal.colour(log10, self.theme))
        hot = (log10 >= signal.BOUNDS["grows"]) & drawn
        self.hatch.set_points(hatching(x[hot], self.y, length[hot], shaft[hot]))
        out = ~drawn & (shown > 0.5)
        centre = np.stack([x[out], np.full(out.sum(), self.y)], axis=1)
        self.rings.set_points(shapes.dashed_circles(centre, min(0.1, 0.14 * self.gap if self.skip else 0.2 * self.gap)))

    def _draw_bars(self) -> None:
        """The copy's part a thick bar, the branch's a thin one beside it; nothing where there is nothing to divide."""
        drawn = np.isfinite(self.measured.share) & (self.divided > 0)
        share = np.clip(self.measured.share[drawn], 0, 1)
        left, level = self.middles[drawn] - self.full / 2, np.full(drawn.sum(), self.y - BAR_LINE)
        copy, rest = self.full * share * self.divided, self.full * (1 - share) * self.divided
        self.copies.set_points(shapes.rounded_boxes(np.stack([left + copy / 2, level], axis=1), copy, THICK, 0.03))
        self.branches.set_points(
            shapes.rounded_boxes(np.stack([left + copy + rest / 2, level], axis=1), rest, THIN, 0.02)
        )

    def sweep(self, upto: float = 1.0, **kwargs: Any) -> Animation:
        """The signal travels back; each block's gain is written as it leaves the block."""
        return self._towards("revealed", upto, **kwargs)

    def raise_overpasses(self, **kwargs: Any) -> Animation:
        """A shortcut rises over each block."""
        return self._towards("skips", 1.0, **kwargs)

    def divide(self, **kwargs: Any) -> Animation:
        """Under each block a bar: which part of what comes back is the copy, and which the branch's."""
        return self._towards("divided", 1.0, **kwargs)

    def _towards(self, name: str, value: float, **kwargs: Any) -> Animation:
        begin = getattr(self, name)

        def draw(progress: float) -> None:
            setattr(self, name, begin + (value - begin) * progress)
            self.show()

        return Draw(self, draw, **kwargs)

    def route(self) -> NDArray[np.float64]:
        """The way back over all the shortcuts, (points, 2), at equal distances."""
        rise, turn = HEIGHT / 2 + RISE, np.linspace(0, np.pi, 40)
        way = [np.array([[self.nodes[-1], self.y]])]
        for right, left in zip(self.forks[::-1], self.sums_x[::-1], strict=True):
            half = (right - left) / 2
            way.append(np.stack([left + half + half * np.cos(turn), self.y + rise * np.sin(turn)], axis=1))
        points = np.concatenate([*way, [[self.nodes[0], self.y]]])
        at = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        even = np.linspace(0, at[-1], 40 * self.count)
        return np.stack([np.interp(even, at, points[:, i]) for i in (0, 1)], axis=1)


class Copy(VGroup):
    """A small box that rides over all the shortcuts of a chain, the same at every place; ``sign`` stands in it."""

    def __init__(self, chain: Chain, theme: Theme, sign: str) -> None:
        self.way = chain.route()
        self.box = VMobject(stroke_color=theme.skip, stroke_width=3, fill_opacity=1)
        self.box.set_fill(theme.background if sign else theme.skip)
        self.sign = Label(sign, theme, "small", "skip", "bold")
        self.seat = self.sign.points - self.sign.get_center()
        super().__init__(self.box, self.sign)
        self.show(0.0)

    def show(self, progress: float) -> None:
        """Draw it where it is after a share of its way; it grows at the start and goes at the end."""
        place = np.array([np.interp(progress * (len(self.way) - 1), np.arange(len(self.way)), v) for v in self.way.T])
        size = float(np.clip(min(progress, 1 - progress) / 0.02, 0, 1))
        self.box.set_points(shapes.rounded_boxes([place], 0.36 * size, 0.36 * size, 0.08))
        self.sign.set_points(self.seat * max(size, 1e-3) + [*place, 0])
        self.sign.set_fill(opacity=float(size > 0))

    def ride(self, **kwargs: Any) -> Animation:
        """From the loss to the input, at constant speed if the rate is linear."""
        return Draw(self, self.show, **kwargs)
