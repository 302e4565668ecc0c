"""Which blocks of a deep network are drawn where not all can be: a sample at even distances, first and last in it."""

from __future__ import annotations

from itertools import pairwise


def sampled(depth: int, most: int) -> tuple[list[int], list[int]]:
    """The blocks (counted from 1) that are drawn of ``depth``, at most ``most``, and the hidden states between them.

    States cut the network into as many stretches of like length as there are blocks drawn: states[i] enters block
    blocks[i]'s stretch and states[i+1] leaves it, from 0 to depth. Each stretch is stood for by its middle block, the
    outer two by the first and the last.
    """
    count = min(depth, most)
    states = [round(i * depth / count) for i in range(count + 1)]
    blocks = [(a + b + 1) // 2 for a, b in pairwise(states)]
    blocks[0], blocks[-1] = 1, depth
    return blocks, states
