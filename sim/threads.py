"""Both cores for small networks: groups of seeds side by side, each on one thread.

The products of a narrow network are too small to be split: threads that share one spend their time waiting for each
other, the more so when the machine has other work. Groups have nothing to wait for. And as no sum is split, a record is
bitwise the same whatever the number of cores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(work: Callable[[T], R], items: Sequence[T], most: int) -> list[R]:
    """work(item) for every item, in order; at most `most` at once, and no more than torch has threads."""
    threads = torch.get_num_threads()
    workers = min(threads, len(items), most)
    torch.set_num_threads(1)  # of this thread, and of those to come
    try:
        if workers <= 1:
            return [work(item) for item in items]
        with ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            return list(pool.map(work, items))
    finally:
        torch.set_num_threads(threads)
