"""Images are the record's, pixel for pixel; ticks are round; diagrams have their parts where ports say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scenes.figures.blocks.diagram import BlockDiagram
from scenes.kit.drawing.curves import linear_ticks
from scenes.kit.drawing.pixels import PixelImage
from scenes.kit.drawing.text import texts_in
from scenes.kit.drawing.theme import DARK

IMAGES = hnp.arrays(float, (8, 8), elements=st.floats(-0.5, 1.5))


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
