"""Independent trainings on both cores. Threads suffice: torch lets go of the interpreter while it computes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


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
