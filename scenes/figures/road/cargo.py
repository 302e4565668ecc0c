"""What cars carry: the image on the way, a shelf of all it has been, and the sum of two images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, ORIGIN, AnimationGroup, FadeIn, GrowFromCenter, Mobject, VGroup, VMobject
from numpy.typing import NDArray

from scenes.kit.drawing import shapes
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.pixels import PixelImage
from scenes.kit.drawing.text import Label, Readout
from scenes.kit.drawing.theme import Theme

Floats = NDArray[np.float64]


class Cargo(VGroup):
    """An image that floats at height ``y`` over the car it belongs to, tied to it by a line."""

    def __init__(self, theme: Theme, y: float, side: float, image: Floats) -> None:
        self.y, self.side = y, side
        self.tie = VMobject(stroke_color=theme.data, stroke_width=2.5)
        self.image = PixelImage(image, theme, side, "data")
        super().__init__(self.tie, self.image)

    def carry(self, image: Floats, x: float, y: float) -> Cargo:
        """Show ``image`` over a car at (x, y)."""
        bottom = self.y - self.side / 2 - 0.035
        self.tie.set_points(shapes.lines([(x, bottom)], [(x, max(y, bottom - 3))]) if bottom > y else shapes.NOTHING)
        self.image.values = image
        self.image.resize([x, self.y, 0], self.side)
        return self


class Shelf(VGroup):
    """Below each hidden state the cargo as it was there, the number of its likeness to the input, and a bar of it.

    Images stand at height ``y``, at most ``largest`` wide, numbers on ``values``; ``bars`` is a bar's foot and height.
    """

    def __init__(
        self,
        theme: Theme,
        x: Floats,
        y: float,
        values: float,
        bars: tuple[float, float],
        largest: float,
        numbers: Numbers,
    ) -> None:
        self.x, self.numbers = x, numbers
        self.base, self.tall = bars
        side = float(np.clip(0.72 * np.diff(x).min(), 0.3, largest))
        self.y, self.side = y, side
        self.places = VGroup(*(PixelImage(np.zeros((8, 8)), theme, side).resize([v, y, 0], 0) for v in x))
        self.labels = VGroup(*(Readout(theme, [v, values, 0], ORIGIN, "small", "data", "bold") for v in x))
        self.bars = VMobject(stroke_width=0, fill_opacity=1, fill_color=theme.data)
        self.frames = VMobject(stroke_color=theme.faint, stroke_width=2)
        self.images: Floats = np.zeros((0, 8, 8))
        self.likeness: Floats = np.zeros(0)
        self.shown = 0
        super().__init__(self.frames, self.bars, self.labels, self.places)

    def fill(self, images: Floats, likeness: Floats) -> Shelf:
        """Clear the shelf for the images (states, 8, 8) of the next drive."""
        self.images, self.likeness = images, likeness
        return self.show(0)

    def show(self, count: int) -> Shelf:
        """The first ``count`` images have been put on the shelf."""
        if count != self.shown or not count:
            for i, (place, label) in enumerate(zip(self.places, self.labels, strict=True)):
                if i < count:
                    place.values = self.images[i]
                place.resize([self.x[i], self.y, 0], self.side if i < count else 0)
                known = i < count and np.isfinite(self.likeness[i])
                label.show(self.numbers.decimal(float(self.likeness[i])) if known else "?" if i < count else "")
        self.shown = count
        width, upto = 0.5 * self.side, self.x[:count]
        high = self.tall * np.clip(np.nan_to_num(self.likeness[:count]), 0, 1)
        centre = np.stack([upto, self.base + high / 2], axis=1)
        self.bars.set_points(shapes.rounded_boxes(centre, width, high, 0.02))
        full = np.stack([upto, np.full(count, self.base + self.tall / 2)], axis=1)
        self.frames.set_points(shapes.rounded_boxes(full, width, self.tall, 0.02))
        return self


class SumOfImages(VGroup):
    """x + F(x) = H as images, on one scale of grey, so that brightness adds up."""

    def __init__(
        self,
        theme: Theme,
        images: Sequence[Floats],
        names: Sequence[str],
        y: float,
        side: float,
        gap: float = 0.85,
        x: float = 0.0,
        size: str = "body",
    ) -> None:
        self.images, self.words = VGroup(), VGroup()
        pitch = side + gap
        for i, (image, name, role) in enumerate(zip(images, names, ("skip", "branch", "data"), strict=True)):
            picture = PixelImage(image, theme, side, role).place([x + (i - 1) * pitch, y, 0])
            label = Label(name, theme, size, role, "bold").next_to(picture, DOWN, buff=0.1)
            self.images.add(picture)
            self.words.add(label.on_line(y - side / 2 - (0.38 if size == "body" else 0.32)))
        for i, sign in enumerate(("+", "=")):
            self.words.add(Label(sign, theme, "title", "ink", "bold").move_to([x + (i - 0.5) * pitch, y, 0]))
        super().__init__(self.images, self.words)

    def appear(self, *with_it: Mobject) -> AnimationGroup:
        """Images grow in (fading would show how their rows overlap); words, and what comes ``with_it``, fade in."""
        return AnimationGroup(*map(GrowFromCenter, self.images), FadeIn(self.words, *with_it))
