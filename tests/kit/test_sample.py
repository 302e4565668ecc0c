"""The sample of blocks that stands for a deep network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.kit.sample import sampled


def test_all_are_drawn_where_there_is_room():
    assert sampled(4, 14) == ([1, 2, 3, 4], [0, 1, 2, 3, 4])
    assert sampled(1, 2) == ([1], [0, 1])


def test_a_deep_network_shows_its_ends_and_evenly_between():
    blocks, states = sampled(56, 12)
    assert blocks == [1, 6, 11, 16, 21, 26, 31, 36, 41, 46, 51, 56]
    assert states == [0, 3, 8, 13, 18, 23, 28, 33, 38, 43, 48, 53, 56]


@given(st.integers(1, 300), st.integers(2, 20))
def test_states_lie_between_the_blocks(depth, most):
    blocks, states = sampled(depth, most)
    assert len(blocks) == min(depth, most) and len(states) == len(blocks) + 1
    assert (blocks[0], blocks[-1], states[0], states[-1]) == (1, depth, 0, depth)
    assert all(before < block <= after for before, block, after in zip(states, blocks, states[1:], strict=False))
    assert np.ptp(np.diff(blocks)) <= 1 if len(blocks) > 1 else True


def test_no_room_is_an_error():
    with pytest.raises(ValueError, match="first and the last"):
        sampled(5, 1)
