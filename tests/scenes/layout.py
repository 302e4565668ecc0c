"""The layout lint: what is wrong with a picture, from its geometry. Used on every beat's end of every chapter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from manim import ManimColor, Mobject, VMobject
from numpy.typing import NDArray

from scenes.kit.drawing.painting import Written
from scenes.kit.drawing.stage import PX, Stage
from scenes.kit.drawing.text import SMALLEST, Formula, Label, texts_in
from scenes.kit.drawing.theme import Theme
from scenes.kit.drawing.world import World

FAINT = 0.15  # fills and strokes less opaque than this are light, not shapes
MINIMUM_CONTRAST = 4.5  # WCAG 2 AA for text
IN_THE_WORLD = 32  # px at full HD: the least size of words in a world
SLACK = 0.012  # scene units, a pixel and a half


Boxes = NDArray[np.float64]  # (boxes, 4): left, bottom, right, top, in scene units


def box_of(points: NDArray[np.float64]) -> list[float]:
    """The bounding box of some points."""
    plane = points[:, :2]
    return [*plane.min(axis=0), *plane.max(axis=0)]


def inset(boxes: Boxes) -> Boxes:
    """Boxes a little smaller, so that what only touches does not meet."""
    return boxes + [SLACK, SLACK, -SLACK, -SLACK]


def meet(box: Boxes, boxes: Boxes) -> NDArray[np.bool_]:
    """Which boxes share a point with one."""
    return (boxes[:, :2] < box[2:]).all(axis=1) & (box[:2] < boxes[:, 2:]).all(axis=1)


def hold(boxes: Boxes, box: Boxes) -> NDArray[np.bool_]:
    """Which boxes have one wholly in them."""
    return (boxes[:, :2] <= box[:2]).all(axis=1) & (boxes[:, 2:] >= box[2:]).all(axis=1)


class Picture:
    """What is seen, measured once: paths in drawing order, and texts, each with its box."""

    def __init__(self, mobjects: Sequence[Mobject]) -> None:
        self.paths = [part for m in mobjects for part in m.get_family() if visible(part)]
        self.boxes: Boxes = np.array([box_of(part.points) for part in self.paths]).reshape(-1, 4)
        self.fill = np.array([float(part.get_fill_opacities().max()) for part in self.paths])
        self.texts = [t for m in mobjects for t in texts_in(m) if any(visible(p) for p in t.get_family())]
        self.text_boxes: Boxes = np.array([box_of(text.get_all_points()) for text in self.texts]).reshape(-1, 4)
        self.letters = {id(part) for text in self.texts for part in text.get_family()}
        self.captions = {id(p) for m in mobjects if getattr(m, "is_caption", False) for p in m.get_family()}

    def backing(self, text: Mobject, box: Boxes, theme: Theme) -> list[float]:
        """The colour behind a text: that of the filled shapes drawn before it that hold it, over the background."""
        own = {id(part) for part in text.get_family()}
        first = next(i for i, part in enumerate(self.paths) if id(part) in own)
        colour = list(ManimColor(theme.background).to_rgb())
        for i in np.flatnonzero((self.fill[:first] > FAINT) & hold(self.boxes[:first], box)):
            fill, opacity = ManimColor(self.paths[i].get_fill_color()).to_rgb(), self.fill[i]
            colour = [opacity * f + (1 - opacity) * c for f, c in zip(fill, colour, strict=True)]
        return colour


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
    picture = Picture(mobjects)
    return [*misplaced(picture, stage), *illegible(picture, theme), *crossed(picture)]


def misplaced(picture: Picture, stage: Stage) -> Iterator[str]:
    """What leaves the frame, or the zone it belongs to."""
    frame = np.array([-stage.width / 2, -stage.height / 2, stage.width / 2, stage.height / 2])
    small = inset(picture.boxes)
    inside = (small[:, :2] >= frame[:2]).all(axis=1) & (small[:, 2:] <= frame[2:]).all(axis=1)
    for part, (_, bottom, _, top), within in zip(picture.paths, picture.boxes, inside, strict=True):
        if not within:
            yield f"outside the frame: {name(part)}"
        if id(part) in picture.captions:
            if top > stage.caption_top + SLACK:
                yield f"caption above its zone: {name(part)}"
        elif bottom < stage.caption_top - SLACK:
            yield f"in the caption zone: {name(part)}"


def illegible(picture: Picture, theme: Theme) -> Iterator[str]:
    """Texts that are too small, too faint, or over one another."""
    small = inset(picture.text_boxes)
    for i, (text, box) in enumerate(zip(picture.texts, picture.text_boxes, strict=True)):
        if text.px_now < SMALLEST - 0.01:
            yield f"too small: {name(text)} has {text.px_now:.1f} px, {SMALLEST} needed"
        ratio = contrast(colour_of(text), picture.backing(text, box, theme))
        if ratio < MINIMUM_CONTRAST:
            yield f"low contrast: {name(text)} has {ratio:.1f}:1, {MINIMUM_CONTRAST}:1 needed"
        for other in np.flatnonzero(meet(small[i], small[i + 1 :])):
            yield f"text over text: {name(text)} and {name(picture.texts[i + 1 + other])}"


def crossed(picture: Picture) -> Iterator[str]:
    """Texts through which the outline of a shape runs."""
    small = inset(picture.text_boxes)
    for part, box in zip(picture.paths, picture.boxes, strict=True):
        near = np.flatnonzero(meet(box, small))
        if len(near) and id(part) not in picture.letters and solid(part):
            path = along(part)
            for i in near:
                left, bottom, right, top = small[i]
                if ((path > [left, bottom]) & (path < [right, top])).all(axis=1).any():
                    yield f"text crossed: {name(picture.texts[i])} by {name(part)}"


def in_the_world(world: World, written: Sequence[Written] | None = None) -> list[str]:
    """What is wrong with the words in a world, as its camera sees them now; nothing for a good picture. ``written``, if
    they have been asked for already."""
    written = world.texts() if written is None else written
    wide, high = world.stage.width / PX, world.stage.height / PX
    captions = (world.stage.height / 2 - world.stage.caption_top) / PX
    seen = [one for one in written if one.box[0] < wide and one.box[2] > 0 and one.box[1] < high and one.box[3] > 0]
    found = [f"too small: {one.words!r} has {one.px:.1f} px" for one in seen if one.px < IN_THE_WORLD - 0.1]
    found += [f"in the caption zone: {one.words!r}" for one in seen if one.box[3] > captions + 2]
    found += [f"cut by the frame: {one.words!r}" for one in seen if one.box[0] < -1 or one.box[2] > wide + 1]
    for a, b in combinations(seen, 2):
        if a.box[0] < b.box[2] - 2 and b.box[0] < a.box[2] - 2 and a.box[1] < b.box[3] - 2 and b.box[1] < a.box[3] - 2:
            found.append(f"text over text: {a.words!r} and {b.words!r}")
    return found


def visible(part: Mobject) -> bool:
    if not isinstance(part, VMobject) or not len(part.points):
        return False
    return bool(part.get_fill_opacities().max() > 0 or (part.get_stroke_width() > 0 and part.get_stroke_opacity() > 0))


def solid(part: VMobject) -> bool:
    """Whether a path is a shape, not a glow."""
    stroke = part.get_stroke_opacity() if part.get_stroke_width() > 0 else 0
    return bool(max(part.get_fill_opacities().max(), stroke) > FAINT)


def along(part: VMobject) -> NDArray[np.float64]:
    """Points all along the outline of a path."""
    curves = part.points.reshape(-1, 4, 3)[:, :, :2]
    t = np.linspace(0, 1, 24)[:, None]
    basis = np.concatenate([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], axis=1)
    return (basis @ curves).reshape(-1, 2)


def colour_of(text: Label | Formula) -> list[float]:
    """The colour of a text as it stands, with its opacity over nothing in particular left to ``backing``."""
    part = next(p for p in text.family_members_with_points())
    return [*ManimColor(part.get_fill_color()).to_rgb(), float(part.get_fill_opacity())]


def name(part: Mobject) -> str:
    """What a path is, as well as it can be told."""
    if isinstance(part, Label | Formula):
        return repr(part.words)
    x, y, _ = part.get_center()
    return f"{type(part).__name__} of {len(part.points) // 4} curves at ({x:.2f}, {y:.2f})"
