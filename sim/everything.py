"""`python -m sim all`: every default record, computed on all cores or found in the store.

One process computes one record and keeps it, so that whatever was finished before an interruption is there afterwards.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.context import SpawnProcess
from typing import Any

from sim import store
from sim.params import Params
from sim.registry import EXPERIMENTS
from sim.work.processes import without_ctrl_c

# What takes longest is begun first, so that no core waits for the other in the end.
LONGEST = ("degradation", "lesion", "training", "identity")
PATIENCE = 1.0  # seconds that a process is given to stop by itself


class FailedError(Exception):
    """A record that could not be computed; the process that tried has said why."""


@dataclass
class Job:
    """A record being computed."""

    name: str
    process: SpawnProcess
    began: float


def everything(tree: Params, cores: int | None = None) -> tuple[dict[str, float], list[str]]:
    """See to it that every default record of `tree` is in the store.

    Returns the experiments computed, with the seconds each took, and those whose records were there. torch is imported
    by the processes that compute, not here. Raises FailedError if one could not be computed, after all others.
    """
    names = sorted(EXPERIMENTS, key=lambda name: LONGEST.index(name) if name in LONGEST else len(LONGEST))
    sections = {name: EXPERIMENTS[name].params(tree) for name in names}
    there = [name for name in names if store.holds(name, sections[name])]
    waiting = [name for name in names if name not in there]
    took: dict[str, float] = {}
    failed: list[str] = []
    running: list[Job] = []
    with _bar(len(names), len(there)) as show, _stopped_at_the_end(running, sections):
        while waiting or running:
            while waiting and len(running) < (cores or os.cpu_count() or 1):
                running.append(_start(waiting[0], sections[waiting.pop(0)]))
            show(len(there) + len(took), [job.name for job in running])
            connection.wait([job.process.sentinel for job in running], timeout=0.5)
            for job in [job for job in running if job.process.exitcode is not None]:
                running.remove(job)
                if job.process.exitcode == 0:
                    took[job.name] = time.monotonic() - job.began
                else:
                    failed.append(job.name)
        show(len(there) + len(took), [])
    if failed:
        raise FailedError(f"could not be computed: {', '.join(failed)}")
    return took, there


def compute(name: str, params: Any) -> None:
    """What one process does. SIGTERM ends it as Ctrl-C would, with nothing half-written."""
    signal.signal(signal.SIGTERM, _interrupt)
    # The cores are shared by processes, not by the threads of one.
    os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    try:
        store.fetch(name, params)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except store.StoreError as error:
        raise SystemExit(f"error: {error}") from None


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _start(name: str, params: Any) -> Job:
    process = multiprocessing.get_context("spawn").Process(target=compute, args=(name, params), name=name, daemon=True)
    with without_ctrl_c():
        process.start()
    return Job(name, process, time.monotonic())


@contextlib.contextmanager
def _stopped_at_the_end(running: list[Job], sections: dict[str, Any]) -> Iterator[None]:
    """However this ends, no process is left running, and no part of a file."""
    try:
        yield
    finally:
        for job in running:
            job.process.terminate()
        deadline = time.monotonic() + PATIENCE
        for job in running:
            job.process.join(max(0.0, deadline - time.monotonic()))
            if job.process.exitcode is None:
                job.process.kill()
                job.process.join()
            path = store.path_of(job.name, sections[job.name])
            for part in path.parent.glob(f".{path.name}.*.part"):
                part.unlink(missing_ok=True)


@contextlib.contextmanager
def _bar(total: int, there: int) -> Iterator[Any]:
    """A progress bar on stderr, if there is work: show(done, names of what is being computed)."""
    if there == total:
        yield lambda done, names: None
        return
    from rich.console import Console  # costs more than reading all records does
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("records"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total, completed=there)
        yield lambda done, names: progress.update(task, completed=done, description=", ".join(names))


def summary(took: dict[str, float], there: list[str]) -> str:
    """What was done, a line per record."""
    lines = [f"{name:<12}computed in {seconds:.1f} s" for name, seconds in took.items()]
    lines += [f"{name:<12}from the store" for name in there]
    return "\n".join([*lines, f"{len(took)} computed, {len(there)} from the store"])
