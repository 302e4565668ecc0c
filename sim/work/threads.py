"""Work on both cores by threads, which suffice: torch lets go of the interpreter while it computes.

The products of a narrow network are too small to be split: threads that share one spend their time waiting for each
other, the more so when the machine has other work. Groups of seeds side by side, each on one thread, have nothing to
wait for. And as no sum is split, a record is bitwise the same whatever the number of cores.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

T = TypeVar("T")
R = TypeVar("R")


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Sums in one order, whatever machine or process pool this runs in: the same seed gives the same bytes."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class StoppedError(Exception):
    """A training was told to stop."""


class Stop:
    """What a training asks at every step, so that Ctrl-C is heard at once and not after the training."""

    def __init__(self) -> None:
        self._told = threading.Event()

    def tell(self) -> None:
        self._told.set()

    def check(self) -> None:
        """Raises StoppedError if told to stop."""
        if self._told.is_set():
            raise StoppedError


def together(jobs: Sequence[Callable[[Stop], T]]) -> list[T]:
    """The results of all jobs, in order. The first error, or Ctrl-C, stops the others and is raised."""
    stop = Stop()
    with ThreadPoolExecutor(min(len(jobs), os.cpu_count() or 1)) as pool:
        futures = [pool.submit(job, stop) for job in jobs]
        try:
            return [future.result() for future in futures]
        except BaseException:
            stop.tell()
            for future in futures:
                future.cancel()
            raise


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
