"""How far the work is: a bar where there is a terminal, else a line now and then; with the time that is left."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

QUIET = 15.0  # s after which a line is said where there is no terminal


@dataclass
class Share:
    """How much of the drawing is done: slices, and what they cost; the time left is as long as their like took."""

    slices: int = 0
    done: int = 0
    cost: float = 0.0
    paid: float = 0.0
    begun: float = field(default_factory=time.monotonic)  # when the first slice was known

    def add(self, cost: float) -> None:
        if not self.slices:
            self.begun = time.monotonic()
        self.slices, self.cost = self.slices + 1, self.cost + cost

    def finish(self, cost: float) -> None:
        self.done, self.paid = self.done + 1, self.paid + cost

    def left(self, now: float) -> float | None:
        """Seconds until all is drawn; None if nothing can be said yet."""
        if not self.paid:
            return None
        return (now - self.begun) * (self.cost - self.paid) / self.paid

    def told(self, now: float) -> str:
        """``12 of 37 slices, about 0:43 left``; what is not known is not said."""
        if not self.slices:
            return ""
        left = self.left(now)
        return f"{self.done} of {self.slices} slices" + ("" if left is None else f", about {clock(left)} left")


def clock(seconds: float) -> str:
    """``1:03``."""
    return f"{round(seconds) // 60}:{round(seconds) % 60:02}"


Show = Callable[[Share, Sequence[str]], None]  # what is drawn, and names of what is under way


@contextmanager
def bar(console: Any = None) -> Iterator[Show]:
    """Say on stderr how far the work is, whenever that is shown. ``console`` is rich's, in place of the terminal."""
    if console is None and not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.table import Column

    rest = Column(ratio=1, no_wrap=True, overflow="ellipsis")  # what there is no room for is cut off
    columns = (BarColumn(12), TimeElapsedColumn(), TextColumn("{task.description}", table_column=rest))
    with Progress(*columns, console=console or Console(stderr=True), transient=True, expand=True) as progress:
        task = progress.add_task("", total=None)

        def show(share: Share, names: Sequence[str]) -> None:
            words = " · ".join(filter(None, [share.told(time.monotonic()), *sorted(names)]))
            progress.update(task, completed=share.paid, total=share.cost or None, description=words)

        yield show


def _lines() -> Show:
    said = begun = time.monotonic()

    def show(share: Share, names: Sequence[str]) -> None:
        nonlocal said
        now = time.monotonic()
        if now - said >= QUIET:
            said = now
            words = filter(
                None, [f"{clock(now - begun)}: {share.told(now)}".removesuffix(": "), ", ".join(sorted(names))]
            )
            print("; ".join(words), file=sys.stderr, flush=True)

    return show


@contextmanager
def at_times(what: str) -> Iterator[None]:
    """Say on stderr, now and then, that something in this process is still under way: ``what`` for so long."""
    begun, over = time.monotonic(), threading.Event()

    def say() -> None:
        while not over.wait(QUIET):
            print(f"{clock(time.monotonic() - begun)}: {what}", file=sys.stderr, flush=True)

    voice = threading.Thread(target=say, daemon=True)
    voice.start()
    try:
        yield
    finally:
        over.set()
        voice.join()
