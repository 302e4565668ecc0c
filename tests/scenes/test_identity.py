"""PlainBlock and ResidualBlock say what was measured, and say something else where something else was measured."""

from __future__ import annotations

import re

import numpy as np
import pytest

import sim.params
from scenes.kit.claims import trained
from scenes.kit.reading.lesson import lesson_of, reached
from sim import store
from tests.scenes.telling import tell, told

QUICK = [
    "identity.seeds=3",
    "identity.width=4",
    "identity.batch=16",
    "identity.longer=2",
    "identity.wider=2",
]
LONG = [*QUICK, "identity.steps=60", "identity.snapshots=[0,3,10,60]"]
SHORT = [*QUICK, "identity.steps=12", "identity.snapshots=[0,3,10,12]"]  # where nothing is learned anyway
SETS = {
    "note": [*LONG, "identity.learning_rates=[0.03]"],
    "post": [*LONG, "identity.order=post", "identity.learning_rates=[0.03]"],
    "too slow": [*SHORT, "identity.learning_rates=[1e-6]"],
    "diverging": [*SHORT, "identity.learning_rates=[1e8]", "identity.norm=none"],
}


def tale(name: str, sets: list[str]) -> tuple[dict[str, str], object]:
    """What a chapter says at each beat, and its record."""
    return told(name, sets=sets).said, store.fetch("identity", sim.params.load(sets=sets).identity)


@pytest.mark.parametrize("case", SETS)
@pytest.mark.parametrize("side", [0, 1])
def test_what_was_learned_is_what_is_told(side: int, case: str) -> None:
    said, record = tale(("PlainBlock", "ResidualBlock")[side], SETS[case])
    error = np.median(record.relative_error[side], axis=0)
    sentence = said["learned"]
    if not np.isfinite(error[-1]):
        assert "diverge" in sentence
    elif reached(error) is None:
        assert "aún no copia" in sentence
        assert error.min() > 0.01
    else:
        assert f" {reached(error)} paso" in sentence or f"paso {reached(error)};" in sentence
        assert ("exacta" in sentence) == (error[-1] == 0)


@pytest.mark.parametrize("case", SETS)
def test_the_branch_is_called_silent_only_if_it_is(case: str) -> None:
    said, record = tale("ResidualBlock", SETS[case])
    ratio = np.median(record.branch_ratio[1, :, -1, -1])
    assert ("exactamente cero" in said["branch"]) == (ratio == 0)
    assert ("no se ha apagado" in said["branch"]) == (not ratio < 0.1)


@pytest.mark.parametrize("case", SETS)
def test_the_residual_block_wins_only_if_it_does(case: str) -> None:
    said, record = tale("ResidualBlock", SETS[case])
    plain, residual = (reached(np.median(error, axis=0)) for error in record.relative_error)
    won = residual is not None and (plain is None or residual < plain)
    assert ("el atajo no gana" in said["lesson"]) == (not won)
    assert "Callar es más fácil" not in said["lesson"] or trained.easier(record)
    numbers = [int(number) for number in re.findall(r"\d+(?= pasos|\.$)", said["compare"])]
    assert {n for n in (plain, residual) if n is not None} >= set(numbers)


def test_walls_are_the_records_own() -> None:
    """At the end of training H is lit as recorded, F and x, too; and at the sum what they were before."""
    record = store.fetch("identity", sim.params.load(sets=SETS["note"]).identity)
    lesson = lesson_of(record)
    seed = next(s for s in range(3) if np.array_equal(record.output_image[:, s, :, -1, 0], lesson.output))
    shown = {}

    def look(scene, beat):
        figure = scene.figure
        shown[beat] = figure.h.values(), figure.f.values(), figure.x.values()

    tell("ResidualBlock", sets=SETS["note"], watch=look)
    for beat, snapshot in (("sum", 0), ("branch", -1)):
        h, f, x = shown[beat]
        assert np.array_equal(record.output_image[1, seed, snapshot, -1, 0], h)
        assert np.array_equal(record.branch_image[1, seed, snapshot, -1, 0], f)
        assert np.array_equal(record.input_image[0], x)


def test_the_difference_is_between_x_and_what_comes_out() -> None:
    record = store.fetch("identity", sim.params.load(sets=SETS["note"]).identity)
    lesson = lesson_of(record)
    shown = {}

    def look(scene, beat):
        figure = scene.figure
        shown[beat] = figure.miss.values(), [cabinet.weights() for cabinet in figure.cabinets], figure.h.values()

    tell("PlainBlock", sets=SETS["note"], watch=look)
    for beat, snapshot, step in (("hard", 0, 0), ("train", -1, lesson.steps)):
        miss, knobs, h = shown[beat]
        assert np.array_equal(h, lesson.output[0, snapshot])
        assert np.array_equal(miss, np.abs(h - record.input_image[0]))
        assert np.array_equal(knobs, lesson.kernel[0, :, :, step])


def test_in_a_stack_x_is_what_the_last_block_is_given() -> None:
    sets = [*SETS["note"], "identity.depth=2", "identity.seeds=1"]
    lesson = lesson_of(store.fetch("identity", sim.params.load(sets=sets).identity))
    assert np.allclose(lesson.given[1] + lesson.branch[1], lesson.output[1], atol=1e-5)
    assert not np.allclose(lesson.given[1, 0], lesson.image)


@pytest.mark.parametrize(("step", "seen"), [(0, 0), (2.9, 0), (3, 1), (59.9, 2), (60, 3)])
def test_the_image_at_a_step_is_the_last_one_taken(step: float, seen: int) -> None:
    record = store.fetch("identity", sim.params.load(sets=SETS["note"]).identity)
    assert lesson_of(record).seen(step) == seen
