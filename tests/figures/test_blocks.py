"""Charts, lanes and dials say what the arrays say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.figures.blocks.lane import Lane, thinned
from scenes.figures.blocks.lever import Lever
from scenes.figures.blocks.twin import State
from scenes.kit.drawing import shapes, signal
from scenes.kit.drawing.axis import Axis
from scenes.kit.drawing.charts import MOST_TICKS, LogChart, Range, index_marks
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.text import fitted
from scenes.kit.drawing.theme import DARK

AXIS = Axis(-5, 5)
logs = st.floats(-300, 300)


@given(st.lists(logs, min_size=1, max_size=30))
def test_a_range_holds_its_values_and_one_with_few_ticks(values: list[float]) -> None:
    span = Range.around(values, [np.nan, -np.inf])
    assert span.low < min(*values, 0)
    assert span.high > max(*values, 0)
    ticks = span.ticks()
    assert 0 in ticks
    assert len(ticks) <= MOST_TICKS + 1
    assert all(span.low <= tick <= span.high for tick in ticks)


@given(st.integers(1, 512))
def test_index_marks_begin_with_the_input_end_with_the_loss_and_keep_apart(depth: int) -> None:
    marks = index_marks(depth, 6)
    assert (marks[0], marks[-1]) == (0, depth)
    assert len(marks) <= 6
    assert np.diff(marks).min() >= 0.1 * depth


@given(st.integers(2, 200), logs)
def test_points_of_the_chart_stand_under_the_blocks_of_the_lane(depth: int, far: float) -> None:
    values = np.linspace(0, far, depth + 1)
    chart = LogChart(AXIS, -3, -1, DARK).show(depth, np.stack([values, values / 2]), Range.around(values))
    line = chart.lines[1].points
    assert line[0][0] == pytest.approx(5)
    assert line[-1][0] == pytest.approx(-5)
    assert AXIS.nodes(depth)[1] == pytest.approx(5 - 10 / depth)
    share = (line[-1][1] + 3) / 2
    span = Range.around(values)
    assert span.low + share * (span.high - span.low) == pytest.approx(far / 2, abs=1e-6 * max(1, abs(far)))


def test_what_is_below_the_chart_is_a_ring_and_never_a_point() -> None:
    values = np.array([[0.0, -1, -np.inf], [0, 0, 0]])
    chart = LogChart(AXIS, -3, -1, DARK).show(2, values, Range(-4, 1))
    assert len(chart.rings.points)
    dots = chart.dots[0].points.reshape(-1, 16, 3).mean(axis=1)
    assert len(dots) == 2
    assert not len(LogChart(AXIS, -3, -1, DARK).show(2, np.zeros((2, 3)), Range(-4, 1)).rings.points)


@given(st.lists(logs, min_size=2, max_size=20, unique=True).map(sorted))
def test_stronger_signals_are_never_drawn_thinner(values: list[float]) -> None:
    width = signal.width(values)
    assert (np.diff(width) >= 0).all()
    assert ((width == 0) == (np.array(values) < signal.FLOOR)).all()


def test_a_lane_draws_one_arrow_a_state_and_rings_below_the_floor() -> None:
    lane = Lane(AXIS, 0, DARK, skip=True).show(4, 2, np.array([0.0, -2, -4, -9, -12]))
    assert len(lane.arrows.points) == 3 * 7 * 4
    assert len(lane.rings.points) == 2 * 8 * 4
    assert len(lane.blocks.points) == 4 * 8 * 4
    assert len(lane.layers.points) == 2 * 4 * 8 * 4
    assert len(lane.arches.points) == 4 * 2 * 4
    assert not len(lane.hatch.points)
    assert len(Lane(AXIS, 0, DARK, skip=False).show(1, 1, np.array([0.0, 4.0])).hatch.points)


@given(st.integers(1, 300))
def test_thinning_keeps_the_ends_and_keeps_arrows_apart(depth: int) -> None:
    keep = thinned(depth + 1, AXIS.pitch(depth))
    assert keep[0] == keep[-1] == 1
    full = np.flatnonzero(keep == 1)
    assert len(full) <= 2 or np.diff(full[:-1]).min() * AXIS.pitch(depth) >= 0.29 or depth < 40


@given(st.integers(1, 120), st.integers(1, 120), st.floats(0, 1))
def test_a_state_on_its_way_stays_between_its_ends(a: int, b: int, progress: float) -> None:
    def state(depth: int, far: float) -> State:
        return State(depth, 1, np.linspace([0, 0], [far, -far], depth + 1).T, Range(-1, 1), "x")

    between = state(a, -8).towards(state(b, 3), progress)
    assert min(a, b) <= between.depth <= max(a, b)
    assert between.log10.shape[1] == int(between.depth + 1e-9) + 1
    assert between.log10[0].min() >= -8
    assert between.log10[0].max() <= 3
    assert state(a, -8).towards(state(b, 3), 1).log10.shape[1] == b + 1


def test_the_knob_stands_over_its_stop() -> None:
    lever = Lever("name", ["8", "20", "56"], DARK).shift([2, 1, 0])
    for stop, label in enumerate(lever.labels):
        assert lever.show(stop).knob.get_center()[0] == pytest.approx(label.get_center()[0], abs=0.05)
    lever.turn(0).interpolate(1.0)
    assert lever.knob.get_center()[0] == pytest.approx(lever.labels[0].get_center()[0], abs=0.05)


@given(st.floats(0.1, 2), st.floats(0.05, 1), st.floats(0.02, 0.3))
def test_dashes_lie_on_their_line(length: float, dash: float, gap: float) -> None:
    points = shapes.dashes([(0, 0), (length, 0), (length, 1)], dash, gap)
    on = (np.abs(points[:, 1]) < 1e-9) | (np.abs(points[:, 0] - length) < dash)
    assert on.all()


def test_small_type_is_cut_between_its_parts() -> None:
    line = "56 bloques [lineal, tanh] · ancho 64 · dígitos 8×8"
    assert fitted(line, 99, "small") == (line, "")
    first, second = fitted(line, 3, "small")
    assert f"{first} · {second}" == line
    assert Numbers(",").signal(0) == "1,0"
