"""The blocks that are drawn of a deep network: all where there is room, else first, last and evenly between."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.kit.reading.sample import sampled


@given(st.integers(1, 512), st.integers(2, 20))
def test_a_sample_is_faithful(depth: int, most: int) -> None:
    blocks, states = sampled(depth, most)
    assert 1 <= len(blocks) <= min(depth, most)
    assert blocks[0] == 1 and blocks[-1] == depth and (states[0], states[-1]) == (0, depth)
    assert len(states) == len(blocks) + 1
    assert all(a < block <= b for block, (a, b) in zip(blocks, pairwise(states), strict=True))
    steps = [b - a for a, b in pairwise(states)]
    assert max(steps) - min(steps) <= 1
    assert depth > most or blocks == list(range(1, depth + 1))


@pytest.mark.parametrize(("depth", "most", "drawn"), [(10, 7, 5), (56, 14, 14), (110, 14, 11), (20, 14, 10)])
def test_stretches_are_even_where_they_can_be(depth: int, most: int, drawn: int) -> None:
    blocks, states = sampled(depth, most)
    assert len(blocks) == drawn
    assert len({b - a for a, b in pairwise(states)}) == 1
