"""Axes have few and round marks, labels keep apart, and a lever's knob stands over its stop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.figures.blocks.lever import Lever
from scenes.kit.drawing.curves import apart, index_marks, linear_ticks
from scenes.kit.drawing.text import fitted
from scenes.kit.drawing.theme import DARK


@given(st.integers(1, 512))
def test_index_marks_begin_with_the_input_end_with_the_loss_and_keep_apart(depth: int) -> None:
    marks = index_marks(depth, 6)
    assert (marks[0], marks[-1]) == (0, depth)
    assert len(marks) <= 6
    assert np.diff(marks).min() >= 0.1 * depth


@given(st.floats(1e-6, 1e6))
def test_linear_ticks_are_few_and_round(high: float) -> None:
    ticks = linear_ticks(high)
    assert ticks[0] == 0
    assert 2 <= len(ticks) <= 7
    assert ticks[-1] <= high * (1 + 1e-6)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=8))
def test_labels_keep_apart_and_in_order(heights: list[float]) -> None:
    placed = apart(heights, 0.5, 0.2)
    order = np.argsort(heights, kind="stable")
    assert (np.diff(placed[order]) >= 0.5 - 1e-9).all()
    assert (placed >= np.maximum(heights, 0.2) - 1e-9).all()


def test_the_knob_stands_over_its_stop() -> None:
    lever = Lever("name", ["8", "20", "56"], DARK).shift([2, 1, 0])
    for stop, label in enumerate(lever.labels):
        assert lever.show(stop).knob.get_center()[0] == pytest.approx(label.get_center()[0], abs=0.05)
    lever.turn(0).interpolate(1.0)
    assert lever.knob.get_center()[0] == pytest.approx(lever.labels[0].get_center()[0], abs=0.05)


def test_small_type_is_cut_between_its_parts() -> None:
    line = "56 bloques [lineal, tanh] · ancho 64 · dígitos 8×8"
    assert fitted(line, 99, "small") == (line, "")
    first, second = fitted(line, 3, "small")
    assert f"{first} · {second}" == line
