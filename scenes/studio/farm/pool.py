"""Workers on this machine that draw: they share its disk, and are forked of one process that has imported manim."""

from __future__ import annotations

import functools
import gc
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from scenes.kit.errors import UsageError
from scenes.studio.farm.errands import import_chapters, import_manim
from scenes.studio.farm.messages import Disk
from sim import store
from sim.work.processes import Workers
from sim.work.scratch import scratch


class LocalPool:
    """Workers that share this machine's disk. To be used as a context; when it ends, however, no worker is left."""

    retries = 3  # times that a job is tried whose worker dies
    nest: tuple[str, ...] = ("scenes.studio.farm.nest",)  # what is imported before they are forked

    def __init__(self, jobs: int, segments: Path) -> None:
        self._scratch = scratch("farm")
        kept = store.folder().resolve()
        self.disk = Disk(Path(self._scratch.name), kept, segments.resolve())
        begin = functools.partial(_begin, self._scratch.name)
        self._workers = Workers(jobs, (segments.resolve(), kept), begin, self.nest)

    def __enter__(self) -> LocalPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._workers.stop(at_once=kind is not None)
        self._scratch.cleanup()

    @property
    def size(self) -> int:
        return self._workers.size

    @property
    def seats(self) -> int:
        """How many jobs it can use at a time: one each, and one that waits."""
        return self.size + 1

    def submit(self, job: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """``job(*arguments)`` in one of them. BrokenProcessPool comes of all that are under way when one dies."""
        return self._workers.submit(job, *arguments)

    def revive(self) -> None:
        """Start anew after a worker has died; all jobs under way have failed then."""
        self._workers.revive()


class KeptPool(LocalPool):
    """Workers that are kept from one request to the next, until :meth:`close`; anew where one was interrupted."""

    nest = ("sim.measure.profile", *LocalPool.nest)  # and torch: sooner or later a record will be wanted

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.revive()

    def close(self) -> None:
        super().__exit__(KeyboardInterrupt)


def _begin(folder: str) -> None:
    """What a worker does first: import what it will draw, where no nest did. Its own files go to ``folder``, and with
    the pool, however it ends."""
    tempfile.tempdir = folder
    from tqdm import tqdm

    try:
        import_manim()
    except UsageError:  # said when the first job asks for it
        return
    tqdm.set_lock(threading.RLock())  # its own is shared by processes, and would be left behind by a killed one
    import_chapters()
    gc.freeze()  # what is imported stays
    gc.set_threshold(50_000, 20, 20)
