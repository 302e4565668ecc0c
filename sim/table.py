"""Records as small tables for a lecturer's terminal."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from sim import table_training, tables_analysis
from sim.records import PLAIN, RESIDUAL, ProfileRecord, Status

ROWS = 12


def show(record: Any) -> None:
    """Print a record to standard output."""
    own: dict[type[Any], Callable[[Any], None]] = {ProfileRecord: show_profile}
    printers = own | table_training.PRINTERS | tables_analysis.PRINTERS
    printers[type(record)](record)


def show_profile(record: ProfileRecord) -> None:
    """The relative gradient signal at about a dozen blocks, from the input to the output."""
    depth = record.branch_ratio.shape[1]
    signal = record.mean_log10_relative()
    activation = record.activation_rms.mean(axis=1)
    out = Table(
        title=f"Gradient signal, {_network(record)}",
        title_justify="left",
        caption=_caption(record),
        caption_justify="left",
    )
    for heading in ("state", "plain", "residual", "RMS h plain", "RMS h residual", "‖F‖/‖x‖"):
        out.add_column(heading, justify="right")
    for index in np.unique(np.linspace(0, depth, min(depth + 1, ROWS)).round().astype(int)):
        out.add_row(
            f"h_{index}",
            *(_power(signal[skip, index], record.signal_status[skip, :, index]) for skip in (PLAIN, RESIDUAL)),
            *(f"{activation[skip, index]:.3g}" for skip in (PLAIN, RESIDUAL)),
            f"{record.branch_ratio[:, index].mean():.3g}" if index < depth else "",
        )
    Console(highlight=False).print(out)


def _power(exponent: float, status: np.ndarray) -> str:
    """10^exponent, or what became of it in the worst of the seeds."""
    worst = Status(status.max())
    if worst is not Status.OK:
        return worst.name.lower()
    return f"10^{exponent:+.2f}" if math.isfinite(exponent) else "no ratio"


def _network(record: ProfileRecord) -> str:
    p = record.params
    return (
        f"{p['block']} {p['order']}, {p['depth']} blocks of {p['layers_per_block']} × {p['width']}, {p['activation']}, "
        f"norm {p['norm']}, gain {p['gain']}"
    )


def _caption(record: ProfileRecord) -> str:
    p = record.params
    return (
        f"signal at h_l / signal at h_L, mean of logs over {p['seeds']} seeds; {p['batch']} {p['input']}, cotangent "
        f"{p['cotangent']}, {p['dtype']}; same weights plain and residual"
    )
