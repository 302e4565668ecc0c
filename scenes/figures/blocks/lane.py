"""A chain of blocks with the gradient that travels back through it, drawn from measured signals."""

from __future__ import annotations

import numpy as np
from manim import VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from scenes.kit.drawing import shapes, signal
from scenes.kit.drawing.axis import Axis
from scenes.kit.drawing.theme import Theme

HEIGHT = 0.62  # of a block
RISE = 0.30  # of an overpass above its block


class Lane(VGroup):
    """One network: blocks, arrows as wide and bright as the signal, and overpasses if it has skips.

    :meth:`show` draws a state; ``log10`` is the mean log10 of the relative signal, from the loss back (index k).
    """

    def __init__(self, axis: Axis, y: float, theme: Theme, skip: bool) -> None:
        self.axis, self.y, self.theme, self.skip = axis, y, theme, skip
        self.wire = VMobject(stroke_color=theme.faint, stroke_width=3)
        self.blocks = VMobject(stroke_color=theme.branch, fill_color=theme.panel, fill_opacity=1)
        self.layers = VMobject(stroke_width=0, fill_color=theme.branch, fill_opacity=1)
        self.arches = VMobject(stroke_color=theme.skip)
        self.sums = VMobject(stroke_color=theme.skip, stroke_width=3, fill_color=theme.background, fill_opacity=1)
        self.crosses = VMobject(stroke_color=theme.skip, stroke_width=3)
        self.glow = VGroup(*(shapes.Ribbon() for _ in range(8)))
        self.arrows = shapes.Ribbon()
        self.hatch = VMobject(stroke_color=theme.background, stroke_width=2)
        self.rings = VMobject(stroke_color=theme.gradient, stroke_width=2)
        super().__init__(
            self.wire,
            self.blocks,
            self.layers,
            self.arches,
            self.sums,
            self.crosses,
            self.glow,
            self.arrows,
            self.hatch,
            self.rings,
        )

    def show(
        self,
        depth: float,
        layers: float,
        log10: ArrayLike,
        reveal: float = 1.0,
        skips: float = 1.0,
        bridged: NDArray[np.bool_] | None = None,
    ) -> Lane:
        """Draw ``depth`` blocks of ``layers`` layers and the signal in front of each.

        ``reveal`` is how far back the signal has come (0 … 1), ``skips`` how much of the overpasses stands, over the
        blocks that ``bridged`` names from the loss on (None, or beyond its end: all).
        """
        x = self.axis.nodes(depth)
        value = np.asarray(log10, dtype=float)[: len(x)]
        pitch = self.axis.pitch(depth)
        self._draw_blocks(x, depth, pitch, layers)
        if self.skip:
            self._draw_overpasses(x, pitch, skips, bridged)
        shown = np.clip(reveal * (len(x) + 1) - np.arange(len(x)), 0, 1) * thinned(len(x), pitch)
        self._draw_signal(x, value, shown, pitch)
        return self

    @staticmethod
    def _roominess(pitch: float) -> float:
        """1 where a ⊕ fits beside the arrow, 0 where it would crowd it."""
        return float(np.interp(pitch, [0.6, 0.9], [0, 1]))

    def _draw_blocks(self, x: NDArray[np.float64], depth: float, pitch: float, layers: float) -> None:
        k = np.arange(1, int(np.ceil(depth - 1e-9)) + 1)
        size = np.clip(depth - k + 1, 0, 1)  # the newest block is still growing
        centre = np.stack([self.axis.right - pitch * (k - 0.5), np.full(len(k), self.y)], axis=1)
        width = np.clip(0.38 * pitch, 0.012, 0.62)
        self.blocks.set_points(shapes.rounded_boxes(centre, width * size, HEIGHT * size, 0.09))
        self.blocks.set_stroke(width=float(np.interp(pitch, [0.04, 0.1, 0.5], [0.5, 1.2, 3.2])))
        bar = np.clip((width - 0.12) * 0.62, 0, 0.4) * size  # no room for it in the slats of a deep network
        spread = 0.1 * (layers - 1)  # one bar a layer: the second grows out of the first
        two = np.concatenate([centre + [0, spread], centre - [0, spread]])
        self.layers.set_points(shapes.rounded_boxes(two, np.tile(bar, 2), 0.13 * (bar > 0)[0], 0.03))
        self.wire.set_points(shapes.lines([[x[-1], self.y]], [[x[0], self.y]]))

    def _draw_overpasses(
        self, x: NDArray[np.float64], pitch: float, skips: float, bridged: NDArray[np.bool_] | None
    ) -> None:
        room = self._roominess(pitch)
        start, end = x[:-1] - 0.27 * room, x[1:] + 0.31 * room  # before the fork, into the sum
        standing = np.clip(skips * (len(start) + 2) / 3 - np.arange(len(start)) / 3, 0, 1)
        up = standing > 0
        if bridged is not None:
            up[: len(bridged)] &= bridged[: len(up)]
        rise = (HEIGHT / 2 + RISE) * (standing[up].max() if up.any() else 0)
        self.arches.set_points(shapes.overpasses(start[up], end[up], self.y, rise))
        self.arches.set_stroke(width=float(np.interp(pitch, [0.04, 0.1, 1.0], [0.6, 1.6, 6.0])))
        centre = np.stack([end[up], np.full(up.sum(), self.y)], axis=1)
        radius = 0.09 * room
        self.sums.set_points(shapes.circles(centre, radius))
        self.sums.set_stroke(width=3 * room)
        arm = np.array([[0.6 * radius, 0], [0, 0.6 * radius]])
        self.crosses.set_points(
            shapes.lines((centre[:, None] - arm).reshape(-1, 2), (centre[:, None] + arm).reshape(-1, 2))
        )
        self.crosses.set_stroke(width=3 * room)

    def _draw_signal(
        self, x: NDArray[np.float64], value: NDArray[np.float64], shown: NDArray[np.float64], pitch: float
    ) -> None:
        shaft = signal.width(value) * shown
        length = float(np.clip(0.3 * pitch, 0.15, 0.42)) * shown
        rgba = signal.colour(value, self.theme)
        back = slice(None, None, -1)  # x falls with k
        drawn = shaft > 0
        self.arrows.blend(arrows(x[drawn], self.y, length[drawn], shaft[drawn]), x[back], rgba[back])
        bright = np.interp(value, [signal.FLOOR, 0], [0.2, 1.0])
        faded = np.concatenate([rgba[:, :3], (0.055 * rgba[:, 3] * bright)[:, None]], axis=1)
        centre = np.stack([x, np.full(len(x), self.y)], axis=1)
        for i, halo in enumerate(self.glow):
            radius = (shaft / 2 + 0.03 + 0.022 * i) * (0.25 + bright) * shown * drawn
            halo.blend(shapes.circles(centre, radius), x[back], faded[back])
        hot = (value >= signal.BOUNDS["grows"]) & drawn
        self.hatch.set_points(hatching(x[hot], self.y, length[hot], shaft[hot]))
        out = ~drawn & (shown > 0.5)
        self.rings.set_points(shapes.dashed_circles(centre[out], float(np.clip(0.3 * pitch, 0.06, 0.1))))


def thinned(count: int, pitch: float) -> NDArray[np.float64]:
    """How much of the arrow at each node is drawn, (count,): all where there is room; else every 2nd, 4th, 8th …, and
    always the first and the last. Sets are nested, so that turning the depth dial thins them smoothly."""
    k = np.arange(count)
    keep = np.ones(count)
    for step in 2 ** np.arange(1, 9):
        keep = np.where(k % step, keep * np.interp(pitch * step / 2, [0.22, 0.30], [0, 1]), keep)
    last = count - 1
    keep[(last - k) * pitch < 0.24] = 0
    keep[[0, last]] = 1
    return keep


def arrows(x: ArrayLike, y: float, length: ArrayLike, shaft: ArrayLike) -> NDArray[np.float64]:
    """Arrows that point left, centred at (x, y); their shaft is as thick as ``shaft`` says. All of shape (arrows,)."""
    x, a, t = (np.asarray(v, dtype=float) for v in (x, length, shaft))
    head = 0.55 * a
    wing = t / 2 + 0.35 * head * (t > 0)
    neck = x - a / 2 + head
    corners = [
        (x - a / 2, 0 * t),
        (neck, wing),
        (neck, t / 2),
        (x + a / 2, t / 2),
        (x + a / 2, -t / 2),
        (neck, -t / 2),
        (neck, -wing),
    ]
    return shapes.polygons(np.stack([np.stack(corner, axis=-1) for corner in corners], axis=1) + [0, y])


def hatching(x: ArrayLike, y: float, length: ArrayLike, shaft: ArrayLike, strokes: int = 3) -> NDArray[np.float64]:
    """Slanted strokes across the shafts of arrows: the mark of a signal that has grown."""
    x, a, t = (np.asarray(v, dtype=float)[:, None] for v in (x, length, shaft))
    at = x + a * np.linspace(0.05, 0.45, strokes) - a * 0.02
    start = np.stack([at - 0.05 * a, np.broadcast_to(y - t / 2, at.shape)], axis=-1).reshape(-1, 2)
    end = np.stack([at + 0.05 * a, np.broadcast_to(y + t / 2, at.shape)], axis=-1).reshape(-1, 2)
    return shapes.lines(start, end)
