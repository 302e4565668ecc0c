"""The progress bar of the farm."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager


@contextmanager
def bar() -> Iterator[Callable[[int, int, Sequence[str]], None]]:
    """A progress bar on stderr, if that is a terminal: show(slices done, slices there are, what is under way)."""
    if not sys.stderr.isatty():
        yield lambda done, total, names: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("slices"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total, names: progress.update(
            task, completed=done, total=total or None, description=" · ".join(sorted(names))
        )
