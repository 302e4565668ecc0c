"""Records as small tables for a lecturer's terminal: what the tables of all experiments share.

rich is imported where a table is made, as reading a record needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.records.record import Status

if TYPE_CHECKING:
    from rich.table import Table


def table(title: str, caption: str, headings: Sequence[str]) -> Table:
    """A table without rows."""
    from rich.table import Table

    out = Table(title=title, title_justify="left", caption=caption, caption_justify="left")
    for heading in headings:
        out.add_column(heading, justify="right")
    return out


def put_out(out: Table) -> None:
    """Print a table to standard output."""
    from rich.console import Console

    Console(highlight=False).print(out)


def some(last: int, rows: int = 12) -> list[int]:
    """Whole numbers from 0 to `last`, evenly spread: `rows` of them, or all there are."""
    return [int(index) for index in np.unique(np.linspace(0, last, min(last + 1, rows)).round())]


def number(value: float) -> str:
    return "diverged" if np.isnan(value) else f"{value:.3g}"


def mean(values: np.ndarray) -> str:
    return f"{values.mean():.2f}"


def spread(values: np.ndarray) -> str:
    """Median over seeds, lowest and highest; diverged seeds count as the worst."""
    known = values[~np.isnan(values)]
    if len(known) < len(values):
        return f"{len(values) - len(known)} of {len(values)} diverged"
    return f"{np.median(known):.1f} ({known.min():.1f} to {known.max():.1f})"


def trouble(status: np.ndarray) -> str:
    """What went wrong anywhere, for a caption."""
    worst = sorted({Status(code).name.lower() for code in np.unique(status) if code != Status.OK})
    return f"; somewhere: {', '.join(worst)}" if worst else ""
