"""Worker processes on this machine: long-lived, one job at a time each, gone when this process is."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import connection, forkserver
from pathlib import Path
from typing import Any

from sim.work.scratch import sweep_parts

SHORT = 70  # bytes: of the 108 of a socket's path, what multiprocessing leaves for the temporary folder
PATIENCE = 1.0  # s that a killed worker is given to go
# Cores are shared by workers, not by the threads of one.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers:
    """`size` worker processes. To be used as a context; when it ends, however, none is left, and no part of a file.

    folders: where they write, by files named `.*.<pid>.part` until these are whole. begin: what each does first. nest:
    modules that one process imports, of which all workers are forked where the system can: they are there at once. It
    lives as long as this process, and other workers with a nest are forked of it, too.
    """

    def __init__(
        self, size: int, folders: Sequence[Path] = (), begin: Callable[[], None] | None = None, nest: Sequence[str] = ()
    ) -> None:
        self.size = size
        self._folders = tuple(folders)
        self._begin = begin
        # Elsewhere libraries do not bear to be forked; and the nest is reached by a socket, whose path has to be short.
        forks = sys.platform == "linux" and len(os.fsencode(tempfile.gettempdir())) <= SHORT
        self._nest = list(nest) if forks else []
        self._pids: set[int] = set()
        for folder in self._folders:
            sweep_parts(folder)  # of processes that were killed
        self._executor = self._start()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.stop(at_once=kind is not None)

    def submit(self, job: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """job(*arguments) in one of them. BrokenProcessPool comes of all that are under way when one dies."""
        with without_ctrl_c():  # a worker may be started now
            future = self._executor.submit(job, *arguments)
        self._pids |= set(self._executor._processes)
        return future

    def revive(self) -> None:
        """Start anew after a worker has died; all jobs under way have failed then."""
        self.stop(at_once=True)
        self._executor = self._start()

    def stop(self, at_once: bool) -> None:
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
        for folder in self._folders:
            sweep(folder, self._pids)
        self._pids.clear()

    def _start(self) -> ProcessPoolExecutor:
        os.environ.update({name: os.environ.get(name, "1") for name in ONE_THREAD})
        # Not copies of this process, which may have threads and windows of its own.
        context = multiprocessing.get_context("forkserver" if self._nest else "spawn")
        if self._nest:
            context.set_forkserver_preload(self._nest)
            with without_ctrl_c(), _own_modules_alone():
                forkserver.ensure_running()  # it imports while this process goes on
        return ProcessPoolExecutor(self.size, context, initializer=_settle, initargs=(self._folders, self._begin))


def sweep(folder: Path, pids: set[int]) -> None:
    """Remove what killed processes have left half-written."""
    for pid in pids:
        for part in folder.glob(f".*.{pid}.part*"):
            part.unlink(missing_ok=True)


def _settle(folders: Sequence[Path], begin: Callable[[], None] | None) -> None:
    """What a worker does first: leave Ctrl-C to its parent, and watch it, so as not to outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            connection.wait([parent.sentinel])
            for folder in folders:
                sweep(folder, {os.getpid()})
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    if begin is not None:
        begin()


@contextlib.contextmanager
def _own_modules_alone() -> Iterator[None]:
    """A Python that is started here takes no file of the folder where one works, a user's scenes.py, for a module."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


@contextlib.contextmanager
def without_ctrl_c() -> Iterator[None]:
    """What is started here never hears a terminal's Ctrl-C: this process does, and stops the others in order."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
