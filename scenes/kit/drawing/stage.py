"""The frame and its zones: margins, where the title stands, and the strip that belongs to captions."""

from __future__ import annotations

from dataclasses import dataclass

from scenes.kit.errors import choose

SHORT_SIDE = 8.0  # scene units; 1080 px at full HD, whatever the format
PX = SHORT_SIDE / 1080  # one pixel at full HD, in scene units
FLAT = 6.585  # scene units from the top of 16:9 to its captions
ASPECTS = {"16:9": (16, 9), "1:1": (1, 1), "9:16": (9, 16)}


@dataclass(frozen=True)
class Stage:
    """The frame in scene units, origin at its centre. The short side is always 8 units = 1080 px."""

    aspect: str
    width: float
    height: float
    margin: float = 0.5

    @property
    def left(self) -> float:
        return -self.width / 2 + self.margin

    @property
    def right(self) -> float:
        return self.width / 2 - self.margin

    @property
    def top(self) -> float:
        return self.height / 2 - self.margin * 0.75

    @property
    def caption_top(self) -> float:
        """Upper edge of the caption zone: the bottom 13 % of the frame."""
        return -self.height / 2 + 0.13 * self.height

    @property
    def wide(self) -> bool:
        return self.width > self.height

    @property
    def stretch(self) -> float:
        """The unit of layout from the top down to the captions: 1 in the flat formats, more in taller ones."""
        return (self.top - self.caption_top) / FLAT

    def apply(self) -> None:
        """Set manim's frame and pixels; the quality flag's pixel height becomes the short side."""
        from manim import config  # costs a second, which who only wants a name need not pay

        short = min(config.pixel_width, config.pixel_height)
        columns, rows = ASPECTS[self.aspect]
        scale = short / min(columns, rows)
        if not self.wide:  # 16:9 keeps the very sizes that manim's quality flags give
            config.pixel_width, config.pixel_height = even(columns * scale), even(rows * scale)
        config.frame_width, config.frame_height = self.width, self.height


def even(pixels: float) -> int:
    """The nearest even number: encoders halve the size of colours."""
    return 2 * round(pixels / 2)


def stage_for(aspect: str) -> Stage:
    """The stage for an aspect ratio. Raises :class:`UsageError` naming the ones there are."""
    columns, rows = ASPECTS[choose("ATAJOS_ASPECT", aspect, ASPECTS)]
    unit = SHORT_SIDE / min(columns, rows)
    return Stage(aspect, columns * unit, rows * unit)
