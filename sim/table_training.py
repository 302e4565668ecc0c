"""The records of the experiments that train, as small tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from sim.records import PLAIN, RESIDUAL
from sim.records_training import IdentityRecord

ROWS = 8


def show_identity(record: IdentityRecord) -> None:
    """Error, branch ratio and dead share at a few steps; medians over seeds."""
    p = record.params
    out = table(
        f"Learning H(x) = x: {p['depth']} {p['block']} block(s), order {p['order']}, norm {p['norm']}",
        f"median of {p['seeds']} seeds; ‖H−x‖²/‖x‖² and the last block's ‖F‖/‖x‖; Adam, best learning rate "
        f"{record.best_lr[PLAIN]:g} plain, {record.best_lr[RESIDUAL]:g} residual; "
        f"1 % error at step {_steps(record.steps_to(0.01))}",
        ["step", "error plain", "error residual", "‖F‖/‖x‖ plain", "‖F‖/‖x‖ residual", "dead plain", "dead residual"],
    )
    values = [np.median(v, axis=1) for v in (record.relative_error, record.branch_ratio[:, :, -1])]
    dead = np.median(record.dead_share[:, :, -1], axis=1)
    for step in some(record.relative_error.shape[2] - 1):
        cells = [number(v[skip, step]) for v in values for skip in (PLAIN, RESIDUAL)]
        out.add_row(str(step), *cells, *(f"{dead[skip, step]:.0%}" for skip in (PLAIN, RESIDUAL)))
    show(out)


def table(title: str, caption: str, headings: Sequence[str]) -> Table:
    out = Table(title=title, title_justify="left", caption=caption, caption_justify="left")
    for heading in headings:
        out.add_column(heading, justify="right")
    return out


def show(out: Table) -> None:
    Console(highlight=False).print(out)


def some(last: int) -> list[int]:
    """About a dozen whole numbers from 0 to `last`."""
    return [int(step) for step in np.unique(np.linspace(0, last, min(last + 1, ROWS)).round())]


def number(value: float) -> str:
    return "diverged" if np.isnan(value) else f"{value:.3g}"


def _steps(steps: np.ndarray) -> str:
    plain, residual = (f"{step:.0f}" if np.isfinite(step) else "never" for step in steps)
    return f"{plain} plain, {residual} residual"


PRINTERS: dict[type[Any], Callable[[Any], None]] = {IdentityRecord: show_identity}
