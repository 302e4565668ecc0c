"""Which blocks of a deep network to draw when there is no room for all of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np


def sampled(depth: int, most: int) -> tuple[list[int], list[int]]:
    """The blocks to draw, at most ``most`` of ``depth``, and the hidden states that stand between them.

    Blocks are numbered 1 … depth: all of them if there is room, else the first, the last and evenly between. Hidden
    states are numbered 0 … depth, block l leading from state l − 1 to l: state 0 before the first block drawn, state
    ``depth`` after the last, and halfway between each two, so that there is one more of them than of the blocks.
    """
    if depth < 1 or most < 2:
        raise ValueError(f"cannot draw {most} of {depth} blocks: at least the first and the last are drawn")
    blocks = [round(float(block)) for block in np.linspace(1, depth, min(depth, most))]
    between = [(left + right - 1) // 2 for left, right in pairwise(blocks)]
    return blocks, [0, *between, depth]
