"""Degradation says what the record says: whether depth hurts, what idle blocks change, how the residual side fares."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

import sim.params
from scenes import degradation
from scenes.film import CHAPTERS
from scenes.kit.telling.narration import words_of
from scenes.studio.look import Look
from sim import store
from tests.conftest import SMALL_FILE
from tests.scenes.telling import tell

CHAPTER = next(chapter for chapter in CHAPTERS if chapter.name == "Degradation")


def tale(record: object, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What is said at each beat when training has given ``record``."""
    monkeypatch.setattr(degradation.Degradation, "records", lambda *_: [record])
    return tell(CHAPTER, Look(), SMALL_FILE).said


@pytest.fixture
def record() -> object:
    return store.fetch("degradation", sim.params.load(SMALL_FILE).degradation)


def with_errors(record: object, plain: list[float], residual: list[float], falling: bool = True) -> object:
    """The record, as it would be had the final training errors (%) been these."""
    error = np.array(record.train_error)
    error[..., -1] = np.array([plain, residual])[:, :, None]
    later = np.full(record.longer_error.shape, plain[-1] - 9 * falling)
    idle = np.full(record.deepened_error.shape, plain[0])
    return replace(record, train_error=error, longer_error=later, deepened_error=idle)


def test_what_was_measured_is_told(record: object, monkeypatch: pytest.MonkeyPatch) -> None:
    said = tale(record, monkeypatch)
    final = np.median(record.train_error[0, :, :, -1], axis=-1)
    for depth, error in zip(record.depths, final, strict=True):
        found = re.search(r"el ([\d,]+) %", said[f"depth_{depth}"])
        assert found and float(found[1].replace(",", ".")) == pytest.approx(error, rel=0.05)
    assert ("falla más" in said["depth_4"]) == (final[1] > final[0] + 1)
    assert ("exactamente lo mismo" in said["kept"]) == bool(record.deepened_exact[0].all())


@pytest.mark.parametrize(
    ("plain", "residual", "falling", "last"),
    [
        ([3.0, 60.0], [2.0, 1.0], True, "sino lenta"),
        ([3.0, 60.0], [2.0, 1.0], False, "no la halla"),
        ([3.0, 3.0], [2.0, 1.0], True, "no estropea"),
        ([3.0, 60.0], [2.0, 70.0], True, "tampoco el atajo"),
        ([88.0, 88.0], [88.0, 87.0], True, "no aprende ninguna"),
    ],
)
def test_the_lesson_follows_the_record(
    plain: list[float],
    residual: list[float],
    falling: bool,
    last: str,
    record: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = tale(with_errors(record, plain, residual, falling), monkeypatch)
    assert last in said["lesson"]
    assert ("no llegan" in said["gap"]) == (plain[1] > plain[0] + 1)


@pytest.mark.parametrize(("deep", "so"), [(60.0, "no se ve que 4 capas podrían"), (3.0, "igual de bien")])
def test_blocks_that_change_something_promise_nothing(
    deep: float, so: str, record: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where activations change what passes, blocks whose weights are the identity show no solution."""
    one = with_errors(record, [3.0, deep], [2.0, 1.0])
    idle = np.full(record.deepened_error.shape, 50.0)
    said = tale(replace(one, deepened_error=idle, deepened_exact=np.zeros_like(record.deepened_exact)), monkeypatch)
    assert "no hagan nada" not in said["idle"] and "su activación" in said["kept"]
    assert so in said["gap"] and "Así que" not in said["gap"]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_degradation_is_never_blamed_on_gradients(lang: str) -> None:
    """He et al. 2015, section 4.1: it is unlikely to be caused by vanishing gradients."""
    words = repr(words_of(lang)["Degradation"]).lower()
    assert "gradient" not in words
    assert "desvanec" not in words
    assert "vanish" not in words


@pytest.mark.parametrize(
    ("residual", "kept", "last"),
    [
        ([np.nan, np.nan], "Aquí no hay con qué comparar", "no se entrena ninguna"),
        ([5.0, 4.0], "Aquí no hay con qué comparar", "solo la red con atajos"),
    ],
)
def test_training_that_diverges_is_told_without_a_number(
    residual: list[float], kept: str, last: str, record: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = with_errors(record, [np.nan, np.nan], residual)
    lost = replace(lost, deepened_error=np.full_like(record.deepened_error, np.nan))
    said = tale(lost, monkeypatch)
    assert all("diverge" in said[f"depth_{depth}"] for depth in record.depths)
    assert kept in said["kept"]
    assert last in said["lesson"]
    assert not any("?" in words for words in said.values())
