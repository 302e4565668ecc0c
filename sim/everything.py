"""`python -m sim all`: every default record, computed on all cores or found in the store.

A worker keeps each record that it has computed, so that whatever was finished before an interruption is there
afterwards.
"""

from __future__ import annotations

import contextlib
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from sim import store
from sim.params import Params
from sim.registry import EXPERIMENTS
from sim.work.processes import Workers, cores

# What takes longest is begun first, so that no core waits for the other in the end.
LONGEST = ("starts", "degradation", "lesion", "training", "identity")

Show = Callable[[int, list[str]], None]


class FailedError(Exception):
    """A record that could not be computed; why was said on stderr."""


def everything(tree: Params, at_once: int | None = None) -> tuple[dict[str, float], list[str]]:
    """See to it that every default record of `tree` is in the store; `at_once` at a time, else one on each core.

    Returns the experiments computed, with the seconds each took, and those whose records were there. torch is imported
    by the processes that compute, not here. Raises FailedError if one could not be computed, after all others.
    """
    names = sorted(EXPERIMENTS, key=lambda name: LONGEST.index(name) if name in LONGEST else len(LONGEST))
    sections = {name: EXPERIMENTS[name].params(tree) for name in names}
    there = [name for name in names if store.holds(name, sections[name])]
    missing = {name: sections[name] for name in names if name not in there}
    if not missing:
        return {}, there
    with _bar(len(names), len(there)) as show, Workers(min(at_once or cores(), len(missing)), [store.folder()]) as pool:
        took, failed = _together(pool, missing, lambda done, now: show(len(there) + done, now))
    if failed:
        raise FailedError(f"could not be computed: {', '.join(failed)}")
    return took, there


def compute(name: str, params: Any) -> float:
    """What a worker does: compute a record and keep it. The seconds that took."""
    began = time.monotonic()
    store.fetch(name, params)
    return time.monotonic() - began


def _together(pool: Workers, missing: dict[str, Any], show: Show) -> tuple[dict[str, float], list[str]]:
    """Compute all that is missing. If a worker dies, nobody knows of what: the rest is computed one by one."""
    took: dict[str, float] = {}
    failed: list[str] = []
    rest, alone = list(missing), False
    while rest:
        batch = rest[:1] if alone else rest
        broken, dead = [], False
        for name, error, seconds in _round(pool, {name: missing[name] for name in batch}, len(took), show):
            if error is None:
                took[name] = seconds
            elif isinstance(error, BrokenProcessPool) and not alone:
                broken.append(name)
            else:
                _tell(name, error)
                failed.append(name)
                dead = isinstance(error, BrokenProcessPool)
        if broken or dead:
            pool.revive()
            alone = True
        rest = [*broken, *rest[len(batch) :]]
    show(len(took), [])
    return took, failed


def _round(
    pool: Workers, sections: dict[str, Any], before: int, show: Show
) -> Iterator[tuple[str, BaseException | None, float]]:
    """Compute some records: name, what went wrong if anything, and seconds, as they come. before: done already."""
    jobs: dict[Future[float], str] = {}
    for name, section in sections.items():
        try:
            jobs[pool.submit(compute, name, section)] = name
        except BrokenProcessPool as error:  # by one that was submitted before
            yield name, error, 0.0
    under_way, count = set(jobs), before
    while under_way:
        show(count, [jobs[job] for job in jobs if job in under_way][: pool.size])
        done, under_way = wait(under_way, timeout=0.5, return_when=FIRST_COMPLETED)
        for job in done:
            wrong = job.exception()
            count += wrong is None
            yield jobs[job], wrong, 0.0 if wrong else job.result()


def _tell(name: str, error: BaseException) -> None:
    """Say why a record could not be computed."""
    if isinstance(error, store.StoreError):
        print(f"error: {error}", file=sys.stderr)
    elif isinstance(error, BrokenProcessPool):
        print(f"error: {name}: its process was killed; has the machine enough memory?", file=sys.stderr)
    else:
        traceback.print_exception(error, file=sys.stderr)


@contextlib.contextmanager
def _bar(total: int, there: int) -> Iterator[Show]:
    """A progress bar on stderr: show(done, names of what is being computed)."""
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
