"""Text stands on its line, in the size it claims, in letters the font has."""

from __future__ import annotations

import numpy as np
import pytest
from manim import VMobject, tempconfig

from scenes.kit.drawing.stage import PX
from scenes.kit.drawing.text import SIZES, Formula, Label, texts_in
from scenes.kit.drawing.theme import DARK
from scenes.kit.errors import UsageError


def test_labels_share_a_baseline_whatever_hangs_below_it() -> None:
    low, high = Label("págs", DARK).on_line(0.5), Label("ET", DARK).on_line(0.5)
    assert high.get_bottom()[1] == pytest.approx(0.5, abs=0.01)
    assert low.get_bottom()[1] < 0.47
    assert low.baseline == pytest.approx(high.baseline)


@pytest.mark.parametrize("size", SIZES)
def test_capitals_are_two_thirds_of_the_size(size: str) -> None:
    assert Label("H", DARK, size).height == pytest.approx(0.668 * SIZES[size] * PX, rel=1e-3)


def test_size_follows_scaling() -> None:
    assert Label("Hola", DARK, "body").scale(0.5).px_now == pytest.approx(14)


def test_a_label_is_measured_as_manim_would() -> None:
    label = Label("8 págs", DARK).scale(0.7).shift([1, 2, 0])
    np.testing.assert_array_equal(label.get_points_defining_boundary(), VMobject.get_points_defining_boundary(label))
    for dim in range(3):
        for end in (min, max):
            assert label.reduce_across_dimension(end, dim) == VMobject.reduce_across_dimension(label, end, dim)
    assert Label("", DARK).reduce_across_dimension(max, 0) is None


def test_superscripts_are_raised_and_smaller() -> None:
    plain, raised = Label("108", DARK), Label("10⁸", DARK)
    assert raised.width < plain.width
    assert raised.height > plain.height


def test_a_missing_letter_is_refused_not_drawn_as_a_box() -> None:
    with pytest.raises(UsageError, match="no glyph for '→'"):
        Label("a → b", DARK)


def test_formulas_need_no_latex() -> None:
    formula = Formula("partial H / partial x", DARK)
    assert formula.height > 0
    assert texts_in(formula) == [formula]


def test_a_bar_is_as_thick_whenever_and_for_whatever_size_a_formula_is_made() -> None:
    thick = []
    for width in (192, 192, 3840):
        with tempconfig({"pixel_width": width, "pixel_height": width * 9 // 16}):
            formula = Formula("a / b", DARK, "title")
            thick += [formula.strokes[0].get_stroke_width()]
            assert formula.scale(0.5).strokes[0].get_stroke_width() == thick[-1] / 2
    assert len(set(thick)) == 1
