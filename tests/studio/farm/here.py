"""A pool whose only worker is the process that asks: jobs without the seconds that a process takes to begin."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from scenes.studio.farm.messages import Disk
from sim import store
from sim.work.scratch import scratch


class Here:
    retries = size = seats = 1

    def __init__(self, segments: Path, need: int) -> None:
        self._scratch = scratch("here")
        self.disk = Disk(Path(self._scratch.name), store.folder().resolve(), segments)

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        self._scratch.cleanup()

    def submit(self, job: Callable[..., Any], *arguments: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(job(*arguments))
        except Exception as error:
            done.set_exception(error)
        return done

    def revive(self) -> None:
        raise AssertionError("this process lives")
