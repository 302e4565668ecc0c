"""Whatever the parameters: of every family one claim holds, and what it says is so, by other means of reading."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.kit.claims import signals
from tests.kit.claims import checked
from tests.kit.claims.drawn import LEARNERS, NETWORKS

FEW = settings(max_examples=15, derandomize=True)


@FEW
@given(NETWORKS)
def test_signals(keys: dict[str, Any]) -> None:
    checked.check_signals(keys)


@FEW
@given(NETWORKS)
def test_the_road(keys: dict[str, Any]) -> None:
    checked.check_the_road(keys)


@FEW
@given(NETWORKS)
def test_routes(keys: dict[str, Any]) -> None:
    checked.check_routes(keys)


@FEW
@given(NETWORKS)
def test_gains(keys: dict[str, Any]) -> None:
    checked.check_gains(keys)


@settings(max_examples=12, derandomize=True)
@given(LEARNERS, st.sampled_from([1, 2]))
def test_blocks_that_learn(keys: dict[str, Any], times: int) -> None:
    checked.check_blocks_that_learn(keys, times)


@settings(max_examples=8, derandomize=True)
@given(LEARNERS)
def test_deeper_and_deeper(keys: dict[str, Any]) -> None:
    checked.check_deeper_and_deeper(keys)


@pytest.mark.parametrize(
    ("log10", "word"),
    [
        (-8, "vanishes"),
        (-2, "fades"),
        (-0.3, "arrives"),
        (0, "arrives"),
        (0.3, "arrives"),
        (1.5, "grows"),
        (4, "explodes"),
    ],
)
def test_words_for_signals(log10: float, word: str) -> None:
    assert signals.verdict(log10) == word
