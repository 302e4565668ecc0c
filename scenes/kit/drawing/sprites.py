"""Soft discs of light as small pictures, made once for a size and a strength, and only copied from then on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

import cairo
import numpy as np
from numpy.typing import NDArray

RGB = tuple[float, float, float]
Floats = NDArray[np.float64]
SIZES, STRENGTHS, PHASES = 12, 24, 2  # steps of a light: in an e-fold of its size, of its strength, in a pixel
GRADES = 1 << 9  # what is added to a size's step, so that none is negative
FINE = SIZES * math.log(10.0)  # where a disc of 10 px or more stands to half a pixel is not seen
SMALLEST = 0.3  # px
ROOM = 8 << 20  # bytes of pictures that a sheet keeps
Sprite = tuple[cairo.ImageSurface, int]  # a picture, and half its width in px
Placed = tuple[cairo.ImageSurface, int, int]  # a picture, and where its upper left corner lies


@dataclass
class Sheet:
    """The pictures of one kind of light. ``core`` discs are brighter in the middle; a ``halo`` has a colour and so many
    times the radius; ``adds``: whether the lights of both are added, or one covers the other."""

    colour: RGB
    core: bool
    halo: tuple[RGB, float] | None
    adds: bool
    _kept: dict[int, Sprite] = field(default_factory=dict)
    _bytes: int = 0

    def placed(
        self, x: Floats, y: Floats, radius: Floats, strength: Floats, around: Floats | None = None
    ) -> list[Placed]:
        """Pictures of discs at x, y (n,) in px. The others are (n,) or (): radius in px, strength of the disc and of
        its halo, from 0 to 1."""
        if len(x) == 1 and around is None:  # of which there are many
            return self._one(float(x[0]), float(y[0]), float(np.ravel(radius)[0]), float(np.ravel(strength)[0]))
        grade = np.rint(np.log(np.maximum(radius, SMALLEST)) * SIZES)
        strong, faint = (
            np.rint(np.minimum(np.maximum(0.0 if part is None else part, 0), 1) * STRENGTHS)
            for part in (strength, around)
        )
        phases = np.where(grade < FINE, PHASES, 1)
        at = np.rint(np.array((x, y)) * phases) * (PHASES // phases)
        corner = at // PHASES
        right, down = at - corner * PHASES
        code = ((grade + GRADES) * (STRENGTHS + 1) + strong) * (STRENGTHS + 1) + faint
        code = (code * PHASES + right) * PHASES + down
        lit = np.broadcast_to(strong + faint, x.shape)
        kept, out = self._kept, []
        for key, column, row, seen in np.stack([code, *corner, lit]).T.astype(int).tolist():
            if seen:
                sprite, half = kept.get(key) or self._make(key)
                out.append((sprite, column - half, row - half))
        return out

    def _one(self, x: float, y: float, radius: float, strength: float) -> list[Placed]:
        """The same of a single disc, without the detour through arrays."""
        strong = round(min(strength, 1.0) * STRENGTHS) if strength > 0 else 0
        if not strong:
            return []
        grade = round(math.log(max(radius, SMALLEST)) * SIZES)
        phases = PHASES if grade < FINE else 1
        left, right = divmod(round(x * phases) * PHASES // phases, PHASES)
        top, down = divmod(round(y * phases) * PHASES // phases, PHASES)
        key = ((grade + GRADES) * (STRENGTHS + 1) + strong) * (STRENGTHS + 1)
        key = (key * PHASES + right) * PHASES + down
        sprite, half = self._kept.get(key) or self._make(key)
        return [(sprite, left - half, top - half)]

    def _make(self, key: int) -> Sprite:
        rest, down = divmod(key, PHASES)
        rest, right = divmod(rest, PHASES)
        rest, faint = divmod(rest, STRENGTHS + 1)
        grade, strong = divmod(rest, STRENGTHS + 1)
        radius = math.exp((grade - GRADES) / SIZES)
        far = radius * self.halo[1] if self.halo and faint else radius
        whole = math.ceil(far) + 1
        half = min(whole, math.ceil(max(radius * _reach(self.core, strong), far * _reach(False, faint))) + 1)
        seen = slice(whole - half, whole + half + 1)  # of the discs, which are kept whole for all strengths
        data = _light(self.colour, _disc(self.core, radius, whole, right, down)[seen, seen], strong)
        if self.halo and faint:
            outer = _light(self.halo[0], _disc(False, far, whole, right, down)[seen, seen], faint)
            data += outer if self.adds else outer * (1 - data[..., 3:])
        data *= 255
        pixels = np.rint(np.minimum(data, 255, out=data), out=data).astype(np.uint8)
        alpha = pixels[..., 3]
        lit = np.flatnonzero(alpha.any(axis=0) | alpha.any(axis=1))
        beyond = min(lit[0], 2 * half - lit[-1]) if len(lit) else half  # px around it that are too faint to be seen
        pixels = np.ascontiguousarray(pixels[beyond:-beyond, beyond:-beyond]) if beyond else pixels
        half -= int(beyond)
        side = 2 * half + 1
        if self._bytes + pixels.nbytes > ROOM:
            self._kept.clear()
            self._bytes = 0
        self._bytes += pixels.nbytes
        picture = cairo.ImageSurface.create_for_data(pixels.data, cairo.FORMAT_ARGB32, side, side)
        self._kept[key] = sprite = picture, half
        return sprite


@lru_cache(maxsize=64)
def sheet(colour: RGB, core: bool, halo: tuple[RGB, float] | None, adds: bool) -> Sheet:
    """The sheet of a kind of light: one in a process."""
    return Sheet(colour, core, halo, adds)


def _light(colour: RGB, disc: NDArray[np.float32], strong: int) -> NDArray[np.float32]:
    """Premultiplied, red and blue exchanged as on manim's surface."""
    return (disc * np.float32(strong / STRENGTHS))[..., None] * np.array((*colour, 1.0), np.float32)


@lru_cache(maxsize=2 * (STRENGTHS + 1))
def _reach(core: bool, strong: int) -> float:
    """Beyond which share of its radius a disc is too faint to be seen, even where another's light is added to it."""
    if not strong:
        return 0.0
    faintest = 0.25 / 255 * STRENGTHS / strong
    return float(1 - ((faintest / 1.25) ** (1 / 1.1) if core else faintest ** (1 / 2.2)))


@lru_cache(maxsize=512)
def _disc(core: bool, radius: float, half: int, right: int, down: int) -> NDArray[np.float32]:
    """How strong a disc's light is at each pixel around its middle, moved by parts of one."""
    along = np.arange(-half, half + 1, dtype=np.float32)
    x, y = along - np.float32(right / PHASES - 0.5), along - np.float32(down / PHASES - 0.5)
    edge = np.clip(1 - np.sqrt(x[None] ** 2 + y[:, None] ** 2) / np.float32(radius), 0, 1)
    shape = np.clip(edge ** np.float32(1.1) * np.float32(1.25), 0, 1) if core else edge ** np.float32(2.2)
    return np.asarray(shape, np.float32)
