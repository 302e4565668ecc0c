"""Experiment `training`: the gradient signal at chosen steps of training. Its parameters, its record, its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.records.record import PLAIN, RESIDUAL, Record, flagged
from sim.records.table import number, put_out, table
from sim.sections.learner import Classifier, Layers, Steps, falls

if TYPE_CHECKING:
    from jaxtyping import Float64, Int64


class Training(Classifier):
    """A plain and a residual network whose gradient signal is measured while they train."""

    layers: Layers
    snapshots: Steps

    def all_layers(self) -> tuple[int, ...]:
        return (self.layers,)

    def problems(self) -> list[str]:
        found = super().problems()
        if falls(self.snapshots) or self.snapshots[-1] > self.steps:
            found.append(f"snapshots = {list(self.snapshots)}: must rise, up to steps = {self.steps}")
        return found


@dataclass(frozen=True, eq=False)
class TrainingRecord(Record):
    """The gradient signal of plain and residual classifiers while they learn.

    gradient_signal  As in ProfileRecord, hidden state h_0 … h_L, after `snapshot_steps` updates, on one fixed
                     minibatch; the loss is the cross-entropy through the read-out of that step.
    loss, train_error, check_steps, learning_rates, best_lr, lr_final_error, lr_diverged_at, diverged_at, seeds: as in
    DegradationRecord.

    Raises RecordError if shapes or dtypes do not hold. Source: science.md, "Vocabulary".
    """

    gradient_signal: Float64[np.ndarray, "skip=2 seed snapshot hidden"]
    snapshot_steps: Int64[np.ndarray, " snapshot"]
    loss: Float64[np.ndarray, "skip=2 seed state"]
    train_error: Float64[np.ndarray, "skip=2 seed check"]
    check_steps: Int64[np.ndarray, " check"]
    learning_rates: Float64[np.ndarray, " lr"]
    best_lr: Float64[np.ndarray, "skip=2"]
    lr_final_error: Float64[np.ndarray, "skip=2 lr trial"]
    lr_diverged_at: Int64[np.ndarray, "skip=2 lr trial"]
    diverged_at: Int64[np.ndarray, "skip=2 seed"]
    seeds: Int64[np.ndarray, " seed"]

    def check(self) -> None:
        flagged(self, "loss", self.diverged_at)

    def relative_signal(self) -> NDArray[np.float64]:
        """gradient_signal at l over that at L: like gradient_signal. NaN where the two do not make a ratio."""
        with np.errstate(all="ignore"):
            return self.gradient_signal / self.gradient_signal[..., -1:]


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
    put_out(out)
