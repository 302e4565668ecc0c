"""Worker processes on this machine: long-lived, one job at a time each, gone when this process is."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import connection
from pathlib import Path
from typing import Any

from scenes.studio.farm.messages import Disk
from sim import store
from sim.work.scratch import scratch

PATIENCE = 1.0  # s that a killed worker is given to go
# Cores are shared by workers, not by the threads of one.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class LocalPool:
    """Workers that share this machine's disk. To be used as a context; when it ends, however, no worker is left."""

    retries = 3  # times that a job is tried whose worker dies

    def __init__(self, jobs: int, segments: Path) -> None:
        self.size = jobs
        self._scratch = scratch("farm")
        self.disk = Disk(Path(self._scratch.name), store.folder().resolve(), segments.resolve())
        self._pids: set[int] = set()
        self._executor = self._start()

    def __enter__(self) -> LocalPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stop(at_once=kind is not None)
        self._scratch.cleanup()

    @property
    def seats(self) -> int:
        """How many jobs it can use at a time: one each, and one that waits."""
        return self.size + 1

    def submit(self, job: Callable[..., Any], *arguments: Any) -> Future[Any]:
        with _unheard():  # a worker may be started now
            future = self._executor.submit(job, *arguments)
        self._pids |= set(self._executor._processes)
        return future

    def revive(self) -> None:
        """Start anew after a worker has died; all jobs under way have failed then."""
        self._stop(at_once=True)
        self._executor = self._start()

    def _start(self) -> ProcessPoolExecutor:
        os.environ.update({name: os.environ.get(name, "1") for name in ONE_THREAD})
        # Not copies of this process, which may have threads and windows of its own: each imports manim, once.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.size, context, initializer=_begin, initargs=(self.disk.segments,))

    def _stop(self, at_once: bool) -> None:
        """Let the workers go, or kill them: files appear whole or not at all, so nothing is lost but time."""
        workers = list((self._executor._processes or {}).values())
        if at_once:
            for worker in workers:
                worker.kill()
            for worker in workers:
                worker.join(PATIENCE)
        ending = threading.Thread(target=self._executor.shutdown, kwargs={"cancel_futures": True}, daemon=True)
        ending.start()
        ending.join(PATIENCE if at_once else None)
        for folder in (self.disk.segments, self.disk.store):
            if folder is not None:
                _sweep(folder, self._pids)
        self._pids.clear()


def _sweep(folder: Path, pids: set[int]) -> None:
    """Remove what killed processes have left half-written. Their names end in ``.<pid>.part``."""
    for pid in pids:
        for part in folder.glob(f".*.{pid}.part"):
            part.unlink(missing_ok=True)


def _begin(segments: Path | None) -> None:
    """What a worker does first: leave Ctrl-C to its parent, and watch it, so as not to outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from tqdm import tqdm

    from scenes.studio.farm.worker import warm_up

    tqdm.set_lock(threading.RLock())  # its own is shared by processes, and would be left behind by a killed one
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            connection.wait([parent.sentinel])
            if segments is not None:
                _sweep(segments, {os.getpid()})
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    warm_up()
    gc.freeze()  # what is imported stays
    gc.set_threshold(50_000, 20, 20)


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """What is started here never hears a terminal's Ctrl-C: this process does, and stops the others in order."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
