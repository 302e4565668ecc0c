"""The layout lint: what is wrong with a picture, from its geometry. Used on every beat's end of every chapter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from manim import ManimColor, Mobject, VMobject
from numpy.typing import NDArray

from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import SMALLEST, Formula, Label, texts_in
from scenes.kit.drawing.theme import Theme

FAINT = 0.15  # fills and strokes less opaque than this are light, not shapes
MINIMUM_CONTRAST = 4.5  # WCAG 2 AA for text
SLACK = 0.012  # scene units, a pixel and a half


@dataclass(frozen=True)
class Box:
    """A bounding box in scene units."""

    left: float
    bottom: float
    right: float
    top: float

    @classmethod
    def of(cls, points: NDArray[np.float64]) -> Box:
        (left, bottom), (right, top) = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
        return cls(left, bottom, right, top)

    def inset(self, by: float) -> Box:
        return Box(self.left + by, self.bottom + by, self.right - by, self.top - by)

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def holds(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and self.bottom <= other.bottom
            and self.right >= other.right
            and self.top >= other.top
        )


def luminance(rgb: Sequence[float]) -> float:
    """Relative luminance of sRGB (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: Sequence[float], b: Sequence[float]) -> float:
    """Contrast ratio of two sRGB colours, 1 … 21 (WCAG 2.2)."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def problems(mobjects: Sequence[Mobject], stage: Stage, theme: Theme) -> list[str]:
    """Everything that breaks a rule, one line each; nothing for a good picture."""
    drawn = [part for part in leaves(mobjects) if visible(part)]
    captions = {id(part) for m in mobjects if getattr(m, "is_caption", False) for part in m.get_family()}
    texts = [t for m in mobjects for t in texts_in(m) if any(visible(p) for p in t.get_family())]
    boxes = {id(text): Box.of(text.get_all_points()) for text in texts}
    found = []
    frame = Box(-stage.width / 2, -stage.height / 2, stage.width / 2, stage.height / 2)
    for part in drawn:
        box = Box.of(part.points)
        if not frame.holds(box.inset(SLACK)):
            found.append(f"outside the frame: {name(part)}")
        if id(part) in captions:
            if box.top > stage.caption_top + SLACK:
                found.append(f"caption above its zone: {name(part)}")
        elif box.bottom < stage.caption_top - SLACK:
            found.append(f"in the caption zone: {name(part)}")
    for text in texts:
        if text.px_now < SMALLEST - 0.01:
            found.append(f"too small: {name(text)} has {text.px_now:.1f} px, {SMALLEST} needed")
        ratio = contrast(colour_of(text), backing(text, boxes[id(text)], drawn, theme))
        if ratio < MINIMUM_CONTRAST:
            found.append(f"low contrast: {name(text)} has {ratio:.1f}:1, {MINIMUM_CONTRAST}:1 needed")
    for a, b in combinations(texts, 2):
        if boxes[id(a)].inset(SLACK).meets(boxes[id(b)].inset(SLACK)):
            found.append(f"text over text: {name(a)} and {name(b)}")
    of_text = {id(part) for text in texts for part in text.get_family()}
    for part in drawn:
        if id(part) not in of_text and solid(part):
            for text in texts:
                if crosses(part, boxes[id(text)].inset(SLACK)):
                    found.append(f"text crossed: {name(text)} by {name(part)}")
    return found


def leaves(mobjects: Sequence[Mobject]) -> list[VMobject]:
    """All paths in drawing order."""
    return [part for m in mobjects for part in m.get_family() if isinstance(part, VMobject) and len(part.points)]


def visible(part: Mobject) -> bool:
    if not isinstance(part, VMobject) or not len(part.points):
        return False
    return bool(part.get_fill_opacities().max() > 0 or (part.get_stroke_width() > 0 and part.get_stroke_opacity() > 0))


def solid(part: VMobject) -> bool:
    """Whether a path is a shape, not a glow."""
    stroke = part.get_stroke_opacity() if part.get_stroke_width() > 0 else 0
    return bool(max(part.get_fill_opacities().max(), stroke) > FAINT)


def crosses(part: VMobject, box: Box) -> bool:
    """Whether the outline of a path runs through a box; a box's own backing does not."""
    outer = Box.of(part.points)
    if not outer.meets(box):
        return False
    curves = part.points.reshape(-1, 4, 3)[:, :, :2]
    t = np.linspace(0, 1, 24)[:, None]
    basis = np.concatenate([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], axis=1)
    path = (basis @ curves).reshape(-1, 2)
    inside = (path > [box.left, box.bottom]) & (path < [box.right, box.top])
    return bool(inside.all(axis=1).any())


def colour_of(text: Label | Formula) -> list[float]:
    """The colour of a text as it stands, with its opacity over nothing in particular left to ``backing``."""
    part = next(p for p in text.family_members_with_points())
    return [*ManimColor(part.get_fill_color()).to_rgb(), float(part.get_fill_opacity())]


def backing(text: Mobject, box: Box, drawn: Sequence[VMobject], theme: Theme) -> list[float]:
    """The colour behind a text: that of the last filled shape drawn before it that holds it, else the background."""
    own = {id(part) for part in text.get_family()}
    colour = list(ManimColor(theme.background).to_rgb())
    for part in drawn:
        if id(part) in own:
            break
        opacity = float(part.get_fill_opacities().max())
        if opacity > FAINT and Box.of(part.points).holds(box):
            fill = ManimColor(part.get_fill_color()).to_rgb()
            colour = [opacity * f + (1 - opacity) * c for f, c in zip(fill, colour, strict=True)]
    return colour


def name(part: Mobject) -> str:
    """What a path is, as well as it can be told."""
    if isinstance(part, Label | Formula):
        return repr(part.words)
    x, y, _ = part.get_center()
    return f"{type(part).__name__} of {len(part.points) // 4} curves at ({x:.2f}, {y:.2f})"
