"""Images are the record's, pixel for pixel; curves are the record's; diagrams have their parts where ports say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scenes.figures.blocks.diagram import BlockDiagram
from scenes.kit.drawing.curves import Curve, CurveChart, linear_ticks
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.pixels import PixelImage
from scenes.kit.drawing.text import texts_in
from scenes.kit.drawing.theme import DARK

IMAGES = hnp.arrays(float, (8, 8), elements=st.floats(-0.5, 1.5))
BOX = (-3.0, -2.0, 3.0, 0.0)


@given(IMAGES, IMAGES)
def test_an_image_shows_the_values_it_was_last_given(first: np.ndarray, second: np.ndarray) -> None:
    image = PixelImage(first, DARK, 1.6).place([2, -1, 0]).show(second)
    assert np.array_equal(image.values, second)
    for i, row in enumerate(image.rows):
        stops = row.fill_rgbas
        middles = stops[len(stops) // 16 :: len(stops) // 8]
        assert np.allclose(middles[:, 0], np.clip(second[i], 0, 1))
        start, end = row.get_gradient_start_and_end_points()
        assert (start[0], end[0]) == pytest.approx((1.2, 2.8))
        assert row.get_top()[1] == pytest.approx(-1 + 0.8 - 0.2 * i)
        assert row.get_bottom()[1] == pytest.approx(-1 + 0.8 - 0.2 * (i + (1.5 if i < 7 else 1)))


@given(hnp.arrays(float, (5, 12), elements=st.floats(1e-8, 2)), st.integers(1, 11))
def test_a_curve_is_the_median_of_the_record(values: np.ndarray, step: int) -> None:
    chart = CurveChart(BOX, [Curve(np.arange(12.0), values, "skip")], DARK, Numbers(","), log=True)
    chart.show([step])
    end = chart.lines[0].points[-1]
    assert end[0] == pytest.approx(-3 + 6 * step / 11)
    expected = np.log10(np.median(values[:, step]))
    assert chart.span.low + (end[1] + 2) / 2 * (chart.span.high - chart.span.low) == pytest.approx(expected, abs=1e-6)
    chart.show([0])
    assert not len(chart.lines[0].points)


def test_zeros_are_marked_and_lines_end_where_numbers_end() -> None:
    values = np.array([[1.0, 0.1, 0.0, 0.0]] * 3)
    chart = CurveChart(BOX, [Curve(np.arange(4.0), values, "skip")], DARK, Numbers(","), log=True).show([3])
    assert "0" in [label.words for label in texts_in(chart.ticks)]
    assert chart.lines[0].points[-1][1] == pytest.approx(-2)
    values = np.array([[1.0, 0.1, np.nan, np.nan]] * 3)
    chart = CurveChart(BOX, [Curve(np.arange(4.0), values, "skip")], DARK, Numbers(","), log=True).show([3])
    assert "0" not in [label.words for label in texts_in(chart.ticks)]
    assert chart.lines[0].points[-1][0] == pytest.approx(-3 + 6 / 3)


@given(st.floats(1e-6, 1e6))
def test_linear_ticks_are_few_and_round(high: float) -> None:
    ticks = linear_ticks(high)
    assert ticks[0] == 0
    assert 2 <= len(ticks) <= 7
    assert ticks[-1] <= high * (1 + 1e-6)


@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("after", ["", "ReLU"])
def test_a_diagram_runs_from_entry_to_exit(skip: bool, after: str) -> None:
    layers = [("Conv 3×3 · BN · ReLU", "capa 1"), ("Conv 3×3 · BN · ReLU", "capa 2")]
    diagram = BlockDiagram(-5, 5, 1, layers, DARK, skip=skip, after=after)
    assert diagram.wires[0].get_start() == pytest.approx(diagram.entry)
    assert diagram.out.get_end() == pytest.approx(diagram.exit)
    assert len(texts_in(diagram)) == 4 + bool(after)
    assert bool(len(diagram.sum)) == skip
    grow = diagram.raise_shortcut()
    grow.interpolate(1.0)
    assert diagram.shortcut.points[0] == pytest.approx(diagram.fork)
    assert diagram.shortcut.points[-1][0] == pytest.approx(diagram.junction[0])
