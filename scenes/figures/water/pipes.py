"""A long pipe with a valve per block, and bypass pipes over the valves: where its walls are and how wide its water.

All lengths in scene units; x rises from the input to the loss, so the water, which is the gradient, flows against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenes.kit.claims.signals import opposed
from scenes.kit.drawing import shapes, signal

Array = NDArray[np.float64]
WALL, CASING = 0.03, 0.05  # of the pipe, of a bypass
BRIM = 3.0  # log10 of the pressure at which the water fills the pipe; beyond it the pipe swells
FILLINGS = (0.1, 0.72, 1.0, 1.3)  # water over bore at the floor, at 1, at the brim and at the ceiling
SWOLLEN = 1.1  # bore over water, where the water needs more than there is
OPENINGS = ([-1.2, 0.0, 0.5], [0.2, 0.74, 1.0])  # log10 of a block's gain, and how far its valve opens, over the bore
STEPS = 72  # points along one bypass


@dataclass(frozen=True)
class Reading:
    """What is measured at the states and blocks that are drawn, in order from the input (left) to the loss.

    pressure  [state]  mean log10 of the gradient signal relative to the loss
    opening   [block]  mean log10 of the block gains of the plain network: both pipes have the same valves
    share     [block]  of the gradient behind the block, what its shortcut has handed back; NaN where there is none.
                       None for a pipe without bypasses
    bridged   [block]  where there is a bypass; None: over every valve
    """

    pressure: Array
    opening: Array
    share: Array | None = None
    bridged: NDArray[np.bool_] | None = None

    @property
    def over(self) -> NDArray[np.bool_]:
        """[block] where a bypass leads over the valve."""
        if self.share is None:
            return np.zeros(len(self.opening), dtype=bool)
        return np.ones(len(self.opening), dtype=bool) if self.bridged is None else self.bridged

    @property
    def clipped(self) -> Array:
        """[block] the part of the water that is drawn in the bypass, 0 … 1; NaN where nothing is left to share out."""
        return np.clip(np.zeros(len(self.opening)) if self.share is None else self.share, 0, 1)

    @property
    def opposed(self) -> NDArray[np.bool_]:
        """[block] whether one way takes from what the other brings: a share below 0 or above 1."""
        return np.zeros(len(self.opening), dtype=bool) if self.share is None else opposed(self.share)


def thickness(log10: ArrayLike, bore: float) -> Array:
    """How wide water of a pressure given by log10 is in a pipe of that bore; 0 below the floor and without a number."""
    value = np.asarray(log10, dtype=float)
    known = np.nan_to_num(value, nan=signal.FLOOR, posinf=signal.CEILING, neginf=signal.FLOOR)
    filled = np.interp(known, [signal.FLOOR, 0, BRIM, signal.CEILING], FILLINGS)
    return np.where(value >= signal.FLOOR, bore * filled, 0.0)


def eased(x: ArrayLike, at: ArrayLike, values: ArrayLike) -> Array:
    """Between places ``at`` (rising) from value to value, level at each place."""
    place, value = np.asarray(at, dtype=float), np.asarray(values, dtype=float)
    k = np.clip(np.searchsorted(place, x) - 1, 0, len(place) - 2)
    t = np.clip((np.asarray(x, dtype=float) - place[k]) / np.maximum(place[k + 1] - place[k], 1e-9), 0, 1)
    return np.asarray(value[k] + (value[k + 1] - value[k]) * t * t * (3 - 2 * t), dtype=float)


class PipeCourse:
    """The course of one pipe from x = ``left`` to ``right`` at ``y``, of inner width ``bore``, and its water.

    ``stub`` of it reaches beyond the first and the last hidden state.
    """

    def __init__(self, left: float, right: float, stub: float, y: float, bore: float, reading: Reading) -> None:
        self.left, self.right, self.y, self.bore, self.reading = left, right, y, bore, reading
        count = len(reading.opening)
        self.nodes = np.linspace(left + stub, right - stub, count + 1)  # (states,)
        self.valves = (self.nodes[:-1] + self.nodes[1:]) / 2  # (blocks,)
        pitch = (self.nodes[-1] - self.nodes[0]) / count
        self.valve = float(min(0.36, 0.24 * pitch))  # width of a valve
        self.shoulder = bore / 2 + 0.14  # half its height
        self.narrow = float(min(0.24, 0.2 * pitch))  # bore of a bypass
        self.bend = 0.8 * self.narrow  # radius of its bends
        self.reach = float(min(0.46 * pitch, 0.66))  # from the valve to where the bypass branches off
        self.height = self.shoulder + 0.21 + self.narrow / 2 + CASING  # of the bypass over the pipe, middle to middle

    # the water

    @cached_property
    def full(self) -> Array:
        """(states,) how wide the water is at each state."""
        return thickness(self.reading.pressure, self.bore)

    @cached_property
    def divided(self) -> Array:
        """(2, blocks): how wide it is in the bypass and in the valve of each block; both on one scale."""
        arriving = np.minimum(self.full[:-1], self.bore)
        share = np.nan_to_num(self.reading.clipped)
        some = np.isfinite(self.reading.clipped) * arriving * 1.1 * self.narrow / self.bore
        return np.stack([some * share, some * (1 - share)])

    @cached_property
    def openings(self) -> Array:
        """(blocks,) how far each valve opens: as far as its block's gain says, and at least as its water needs."""
        gain = np.nan_to_num(self.reading.opening, nan=-np.inf, posinf=99, neginf=-99)
        return np.maximum(self.bore * np.interp(gain, *OPENINGS), self.divided[1] + 0.05)

    @cached_property
    def _water_at(self) -> tuple[Array, Array]:
        """Places and widths of the water in the pipe itself, the valves included."""
        places = [(self.left, self.full[0]), (self.right, self.full[-1])]
        for k, x in enumerate(self.valves):
            before, after = self.full[k], self.full[k + 1]
            if not self.reading.over[k]:
                throat = min(before, after, 0.8 * self.openings[k])
                places += [(x - self.valve, before), (x, throat), (x + self.valve, after)]
            else:
                inner, through = self.reach - 2.2 * self.bend, self.divided[1, k]
                places += [
                    (x - self.reach, before),
                    (x - inner, through),
                    (x + inner, through),
                    (x + self.reach, after),
                ]
        return _sorted(places)

    def width(self, x: ArrayLike) -> Array:
        """How wide the water in the pipe is at places x."""
        return eased(x, *self._water_at)

    def hole(self, x: ArrayLike) -> Array:
        """How wide the pipe is inside at places x: pinched in the valves, swollen where the pressure is too great."""
        swollen = np.maximum(self.bore, SWOLLEN * self.full)
        places = [(self.left, swollen[0]), (self.right, swollen[-1])]
        for k, x0 in enumerate(self.valves):
            room = self.reach if self.reading.over[k] else self.valve
            places += [(x0 - room, swollen[k]), (x0 + room, swollen[k + 1])]
            inner = 0.75 * self.valve
            if room > inner:
                places += [(x0 - inner, self.bore), (x0 + inner, self.bore)]
            places.append((x0, self.openings[k]))
        return np.maximum(eased(x, *_sorted(places)), 1.06 * self.width(x))

    @cached_property
    def grid(self) -> Array:
        """Places at which the pipe is drawn."""
        return np.linspace(self.left, self.right, 40 * len(self.valves) + 60)

    # the bypass

    @cached_property
    def arch(self) -> tuple[Array, Array, Array]:
        """The middle line of a bypass round its valve's middle, from the loss's side on: distance gone, as a share of
        its length (STEPS,); points and normals (STEPS, 2)."""
        r, a, top = self.bend, self.reach - self.bend, self.height
        turn = np.linspace(0, np.pi / 2, 12)
        sin, cos = np.sin(turn), np.cos(turn)
        up = [(a + r - r * sin, r - r * cos), (a - r + r * cos, top - r + r * sin)]
        half = np.concatenate([np.stack(part, axis=1) for part in up])
        line = np.concatenate([half, half[::-1] * [-1, 1]])
        gone = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        at = np.linspace(0, gone[-1], STEPS)
        points = np.stack([np.interp(at, gone, line[:, i]) for i in (0, 1)], axis=1)
        heading = np.gradient(points, axis=0)
        heading /= np.hypot(*heading.T)[:, None]
        return at / gone[-1], points, np.stack([-heading[:, 1], heading[:, 0]], axis=1)

    def along(self, share: ArrayLike) -> tuple[Array, Array]:
        """Points and normals of a bypass round its valve's middle, where ``share`` of its length is behind."""
        gone, points, normals = self.arch
        s = np.asarray(share, dtype=float)
        return tuple(np.stack([np.interp(s, gone, v[:, i]) for i in (0, 1)], axis=-1) for v in (points, normals))  # type: ignore[return-value]

    def tubes(self, width: ArrayLike, begin: ArrayLike, end: ArrayLike) -> shapes.Points:
        """Bypasses of widths (blocks,), each from one share of its length to another; one path."""
        w, a, b = (np.broadcast_to(np.asarray(v, dtype=float), len(self.valves)) for v in (width, begin, end))
        some = (w > 0) & (b > a)
        if not some.any():
            return shapes.NOTHING
        s = a[some, None] + (b - a)[some, None] * np.linspace(0, 1, STEPS)
        points, normals = self.along(s)  # (blocks, STEPS, 2)
        points = points + np.stack([self.valves[some], np.full(some.sum(), self.y)], axis=1)[:, None]
        aside = normals * w[some, None, None] / 2
        return shapes.polygons(np.concatenate([points + aside, (points - aside)[:, ::-1]], axis=1))

    @cached_property
    def mouth(self) -> float:
        """The share of a bypass's length that lies inside the pipe."""
        gone, points, _ = self.arch
        return float(np.interp(self.bore / 2 + WALL / 2, points[: STEPS // 2, 1], gone[: STEPS // 2]))

    def outline(self, x: Array, width: Array) -> shapes.Points:
        """The pipe, or the water in it, as one closed path: widths at places x."""
        upper, lower = np.stack([x, self.y + width / 2], axis=1), np.stack([x, self.y - width / 2], axis=1)
        return shapes.polygons(np.concatenate([upper, lower[::-1]])[None])


def _sorted(places: list[tuple[float, float]]) -> tuple[Array, Array]:
    at, values = np.array(sorted(places, key=lambda place: place[0]), dtype=float).T
    return at, values
