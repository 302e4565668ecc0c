"""Which blocks of a deep network are drawn where not all can be: a sample at even distances, first and last in it."""

from __future__ import annotations

from itertools import pairwise

FEWEST = 0.6  # of the blocks that have room, rather than draw them at uneven distances


def sampled(depth: int, most: int) -> tuple[list[int], list[int]]:
    """The blocks (counted from 1) that are drawn of ``depth``, at most ``most``, and the hidden states between them.

    States cut the network into as many stretches as there are blocks drawn, from 0 to depth: states[i] enters the
    stretch of blocks[i] and states[i+1] leaves it. Stretches are as even as they can be; each is stood for by its
    middle block, the outer two by the first and the last.
    """
    if depth <= most:
        return list(range(1, depth + 1)), list(range(depth + 1))
    counts = range(most, max(1, round(FEWEST * most) - 1), -1)
    states = min((cuts(depth, count) for count in counts), key=unevenness)  # of equals the first, with most blocks
    blocks = [(a + b + 1) // 2 for a, b in pairwise(states)]
    blocks[0], blocks[-1] = 1, depth
    return blocks, states


def cuts(depth: int, count: int) -> list[int]:
    """0 to depth in steps as even as whole numbers allow."""
    return [round(i * depth / count) for i in range(count + 1)]


def unevenness(states: list[int]) -> float:
    """The longest step over the shortest."""
    steps = [b - a for a, b in pairwise(states)]
    return max(steps) / min(steps)
