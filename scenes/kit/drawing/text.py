"""Text in the one bundled font, formulas in Typst; sizes in pixels at full HD, colours by role.

Letters are shaped by HarfBuzz straight from the bundled files: no font has to be installed, nothing is cached by a
font's name, and a line of text is one path, which a chart can rewrite at every frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from typing import Any, Self

import manimpango
import numpy as np
import uharfbuzz as hb
from manim import MathTypst, Mobject, VMobject, config
from numpy.typing import NDArray

from scenes.kit.drawing.stage import PX
from scenes.kit.drawing.theme import Theme
from scenes.kit.errors import UsageError
from sim.paths import ASSETS
from sim.work.scratch import scratch

FONT = "Atkinson Hyperlegible Next"
FOLDER = ASSETS / "fonts"
FONT_FILES = sorted(FOLDER.glob("*.ttf"))
WEIGHTS = {"regular": "400Regular", "semibold": "600SemiBold", "bold": "700Bold"}
SIZES = {"title": 52, "caption": 38, "heading": 32, "body": 28, "small": 24}  # px at 1080p
SMALLEST = 22  # px at 1080p; nothing that is to be read is smaller
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789−+", strict=True))  # the font lacks most superscripts
_RAISED_SIZE, _RAISED_BY = 0.72, 0.34  # of an em
BAR = 2.4  # stroke of a fraction's bar, in manim's units, at the title's size
_FORMULA_POINTS = 0.8  # manim font size per pixel at which a formula's letters match the text's

# manim writes formulas to a folder by content; two processes that share one read each other's half-written files.
_FORMULAS = scratch("formulas")
config.tex_dir = _FORMULAS.name

for _file in FONT_FILES:  # for Text and MarkupText in a lecturer's own scenes
    manimpango.register_font(str(_file))


class _Outline:
    """A pen that keeps what it draws as cubic curves, four points each."""

    def __init__(self) -> None:
        self.curves: list[tuple[float, float]] = []
        self._here = self._start = (0.0, 0.0)

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 (HarfBuzz calls it so)
        self._here = self._start = point

    def lineTo(self, end: tuple[float, float]) -> None:  # noqa: N802
        a, b = np.array(self._here), np.array(end)
        self._add(tuple(a + (b - a) / 3), tuple(a + (b - a) * 2 / 3), end)

    def qCurveTo(self, handle: tuple[float, float], end: tuple[float, float]) -> None:  # noqa: N802
        a, q, b = np.array(self._here), np.array(handle), np.array(end)
        self._add(tuple(a + (q - a) * 2 / 3), tuple(b + (q - b) * 2 / 3), end)

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._add(*points)

    def closePath(self) -> None:  # noqa: N802
        if self._here != self._start:
            self.lineTo(self._start)

    def _add(self, *points: tuple[float, float]) -> None:
        self.curves += [self._here, *points]
        self._here = points[-1]


@cache
def _font(weight: str) -> hb.Font:
    path = FOLDER / f"AtkinsonHyperlegibleNext_{WEIGHTS[weight]}.ttf"
    if not path.is_file():
        raise UsageError(f"{path}: the font is missing; it belongs to the project: get the file back")
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))


@cache
def _glyph(weight: str, index: int) -> NDArray[np.float64]:
    """The curves of one glyph, (points, 3), in em, standing on y = 0."""
    pen = _Outline()
    _font(weight).draw_glyph_with_pen(index, pen)
    plane = np.array(pen.curves, dtype=float).reshape(-1, 2) / _font(weight).face.upem
    return np.concatenate([plane, np.zeros((len(plane), 1))], axis=1)


def _shape(text: str, weight: str) -> Iterator[tuple[NDArray[np.float64], float, float]]:
    """The glyphs of a text with the place of each: curves, x and y in em."""
    font, x = _font(weight), 0.0
    for raised, run in groupby(text, lambda char: char in _RAISED):
        size, up = (_RAISED_SIZE, _RAISED_BY) if raised else (1.0, 0.0)
        buffer = hb.Buffer()
        buffer.add_str("".join(_RAISED.get(char, char) for char in run))
        buffer.guess_segment_properties()
        hb.shape(font, buffer)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            yield size * _glyph(weight, info.codepoint), x + size * place.x_offset / font.face.upem, up
            x += size * place.x_advance / font.face.upem


@cache
def outline(text: str, weight: str) -> NDArray[np.float64]:
    """A line of text as one path, (points, 3), in em; it starts at x = 0 and stands on y = 0."""
    placed = [curves + [x, y, 0] for curves, x, y in _shape(text, weight) if len(curves)]
    return np.concatenate(placed) if placed else np.zeros((0, 3))


def text_width(text: str, size: str, weight: str = "regular") -> float:
    """How wide a line of text is, in scene units."""
    points = outline(text, weight)
    return float(np.ptp(points[:, 0]) * SIZES[size] * PX) if len(points) else 0.0


def fitted(line: str, width: float, size: str) -> tuple[str, str]:
    """A line of small type cut in two, between its parts, where it is wider than ``width``."""
    parts = line.split(" · ")
    for count in range(len(parts), 0, -1):
        first = " · ".join(parts[:count])
        if text_width(first, size) <= width or count == 1:
            return first, " · ".join(parts[count:])
    return line, ""


def missing_characters(text: str) -> str:
    """The characters of ``text`` that the font cannot draw (they would come out as empty boxes)."""
    font = _font("regular")
    return "".join(sorted({c for c in text if font.get_nominal_glyph(ord(_RAISED.get(c, c))) is None}))


class Label(VMobject):
    """One line of text, one path.

    ``size`` is a name from :data:`SIZES`, ``role`` a colour of the theme, ``weight`` regular, semibold or bold.
    Superscript digits may be used (``10⁻⁸``). Raises :class:`UsageError` if the font lacks a character.
    """

    def __init__(self, text: str, theme: Theme, size: str = "body", role: str = "ink", weight: str = "regular") -> None:
        super().__init__(stroke_width=0, fill_opacity=1, fill_color=getattr(theme, role))
        if theme.halo:
            self.set_stroke(theme.background, width=theme.halo, background=True)
        self.theme, self.role, self.weight, self.px = theme, role, weight, float(SIZES[size])
        self._write(text)

    def _write(self, text: str) -> None:
        if lacking := missing_characters(text):
            raise UsageError(f"the font {FONT} has no glyph for {lacking!r} in the text {text!r}; use other characters")
        self.words = text
        points = outline(text, self.weight) * self.px * PX
        self.set_points(points)
        self._natural = (points[:, 1].min(), np.ptp(points[:, 1])) if len(points) else (0.0, 0.0)

    # manim goes through points one by one; all of a label's are its own

    def get_points_defining_boundary(self) -> NDArray[np.float64]:
        return self.points.reshape(-1, 4, 3)[:, ::3].reshape(-1, 3)

    def reduce_across_dimension(self, reduce_func: Callable[..., float], dim: int) -> float | None:
        along = self.points[:, dim].tolist()
        return reduce_func(along) if along else None

    @property
    def px_now(self) -> float:
        """Size in pixels at full HD as it stands on the stage, after any scaling."""
        return float(self.px * self.height / self._natural[1]) if self._natural[1] else self.px

    @property
    def baseline(self) -> float:
        """y of the line the letters stand on."""
        return float(self.get_bottom()[1] - self._natural[0] * self.px_now / self.px)

    def on_line(self, y: float) -> Self:
        """Move up or down until the letters stand on ``y``; labels of one row share it."""
        self.shift([0, y - self.baseline, 0])
        return self


class Formula(MathTypst):
    """A formula in Typst's mathematics, its letters as large as those of a :class:`Label` of the same size.

    ``strokes`` are its parts that are lines and not letters: the bars of fractions and roots.
    """

    strokes: tuple[VMobject, ...] = ()

    def __init__(self, source: str, theme: Theme, size: str = "body", role: str = "ink") -> None:
        self.words, self.role, self.px, self.halo = source, role, float(SIZES[size]), theme.halo
        # manim would give bars a width of its own: another one for another number of pixels, and for a formula that
        # this process has made before.
        super().__init__(source, font_size=self.px * _FORMULA_POINTS, color=getattr(theme, role), stroke_width=0)
        self._bar = BAR * self.px / SIZES["title"]
        self.strokes = tuple(part for part in self.submobjects if part.get_fill_opacity() == 0)
        if theme.halo:
            self.set_stroke(theme.background, width=theme.halo, background=True)
        self._weigh()
        self._natural_height = self.height

    def generate_mobject(self) -> Self:
        """As in manim, which keeps what it read of each letter beside its points; most of a copy's time goes there."""
        super().generate_mobject()
        for letter in self.family_members_with_points():
            letter.path_obj = None
        return self

    def scale(self, scale_factor: float, *rest: Any, **about: Any) -> Self:
        """As in manim; bars become as much thicker as letters become larger."""
        super().scale(scale_factor, *rest, **about)
        if self.strokes:  # none yet while it is being made
            self._bar *= scale_factor
            self._weigh()
        return self

    def _weigh(self) -> None:
        for bar in self.strokes:
            bar.set_stroke(width=self._bar)
            if self.halo:
                bar.set_stroke(width=self._bar + self.halo, background=True)

    @property
    def px_now(self) -> float:
        """Size in pixels at full HD as it stands on the stage, after any scaling."""
        return float(self.px * self.height / self._natural_height) if self._natural_height else self.px


def squeezed(text: Mobject, width: float) -> Mobject:
    """A text, made smaller if it is wider than ``width``."""
    return text.scale(width / text.width) if text.width > width else text


def texts_in(mobject: Mobject) -> list[Label | Formula]:
    """Every text inside a mobject, as whole lines rather than letters."""
    if isinstance(mobject, Label | Formula):
        return [mobject]
    return [text for part in mobject.submobjects for text in texts_in(part)]
