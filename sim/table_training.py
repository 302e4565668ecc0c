"""The records of the experiments that train, as small tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from sim.records import PLAIN, RESIDUAL
from sim.records_identity import IdentityRecord
from sim.records_training import DegradationRecord, LesionRecord, TrainingRecord

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


def show_degradation(record: DegradationRecord) -> None:
    """Final training error by depth, and the thought experiment."""
    p = record.params
    out = table(
        f"Training error after {p['steps']} steps: {p['block']} {p['order']}, norm {p['norm']}, width {p['width']}",
        f"%, median of {p['seeds']} seeds (lowest to highest); SGD, momentum {p['momentum']}, batch {p['batch']}, best "
        f"learning rate of {', '.join(f'{rate:g}' for rate in record.learning_rates)}; deepened: the shallowest "
        "network with identity blocks added (= bit for bit the same output)",
        ["layers", "plain", "rate", "residual", "rate", "deepened plain", "deepened residual"],
    )
    final = record.final_error()
    for index, layers in enumerate(record.depths):
        cells = []
        for skip in (PLAIN, RESIDUAL):
            cells += [spread(final[skip, index]), f"{record.best_lr[skip, index]:g}"]
        for skip in (PLAIN, RESIDUAL):
            same = "=" if record.deepened_exact[skip, index].all() else "≠"
            cells.append(f"{same} {number(np.median(record.deepened_error[skip, index]))}")
        out.add_row(str(layers), *cells)
    show(out)


def show_lesion(record: LesionRecord) -> None:
    """Training error without each block."""
    p = record.params
    out = table(
        f"Training error without one block: plain {p['plain_layers']} layers, residual {p['residual_layers']}",
        f"%, median of {p['seeds']} seeds (lowest to highest); {p['block']} {p['order']}, {p['steps']} steps",
        ["without", "plain", "residual"],
    )
    out.add_row("nothing", *(spread(record.baseline_error[skip]) for skip in (PLAIN, RESIDUAL)))
    for block in range(record.lesion_error.shape[2]):
        there = [block < record.blocks[skip] for skip in (PLAIN, RESIDUAL)]
        cells = [spread(record.lesion_error[skip, :, block]) if there[skip] else "" for skip in (PLAIN, RESIDUAL)]
        out.add_row(f"block {block + 1}", *cells)
    show(out)


def show_training(record: TrainingRecord) -> None:
    """Relative gradient signal at the input, and the loss, at every snapshot."""
    p = record.params
    out = table(
        f"Gradient signal while training: {p['layers']} layers, {p['block']} {p['order']}, norm {p['norm']}",
        f"signal at h_0 / signal at h_L, median of {p['seeds']} seeds; mean cross-entropy of the minibatch",
        ["step", "signal plain", "signal residual", "loss plain", "loss residual"],
    )
    signal = np.median(record.relative_signal()[..., 0], axis=1)
    loss = np.median(record.loss, axis=1)
    for index, step in enumerate(record.snapshot_steps):
        cells = [number(signal[skip, index]) for skip in (PLAIN, RESIDUAL)]
        out.add_row(str(step), *cells, *(number(loss[skip, step]) for skip in (PLAIN, RESIDUAL)))
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


def spread(values: np.ndarray) -> str:
    """Median over seeds, lowest and highest; diverged seeds count as the worst."""
    known = values[~np.isnan(values)]
    if len(known) < len(values):
        return f"{len(values) - len(known)} of {len(values)} diverged"
    return f"{np.median(known):.1f} ({known.min():.1f} to {known.max():.1f})"


def _steps(steps: np.ndarray) -> str:
    plain, residual = (f"{step:.0f}" if np.isfinite(step) else "never" for step in steps)
    return f"{plain} plain, {residual} residual"


PRINTERS: dict[type[Any], Callable[[Any], None]] = {
    IdentityRecord: show_identity,
    DegradationRecord: show_degradation,
    LesionRecord: show_lesion,
    TrainingRecord: show_training,
}
