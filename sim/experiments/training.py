"""Experiment `training`: the gradient signal at chosen steps of training. Its parameters, its record, its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

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
    optimiser: Literal["sgd", "adam"]
    snapshots: Steps

    def stepper(self) -> str:
        return self.optimiser

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
    weight_gradient  RMS over all weights of the layers of block l = 1 … L of the gradient of the mean loss, on the
                     minibatch of that step: what the optimiser is told. Unit: loss per unit of weight.
    weight_step      RMS over the same weights of the update that the optimiser makes of it; NaN after the last step,
                     where none is made. Unit: that of a weight.
    loss, train_error, check_steps, learning_rates, best_lr, lr_final_error, lr_diverged_at, diverged_at, seeds: as in
    DegradationRecord.

    Raises RecordError if shapes or dtypes do not hold. Source: science.md, "Vocabulary".
    """

    gradient_signal: Float64[np.ndarray, "skip=2 seed snapshot hidden"]
    weight_gradient: Float64[np.ndarray, "skip=2 seed snapshot block"]
    weight_step: Float64[np.ndarray, "skip=2 seed snapshot block"]
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
    """At every snapshot: the gradient at the input, what the first block is told and how it moves, the loss."""
    p = record.params
    out = table(
        f"Gradient while training, {p['optimiser']}: {p['layers']} layers, {p['block']} {p['order']}, norm {p['norm']}",
        f"plain / residual, medians of {p['seeds']} seeds. Signal at h_0 over that at h_L; RMS over the weights of "
        "block 1 of gradient and update; mean cross-entropy of the minibatch",
        ["step", "signal", "∂W of block 1", "its update", "loss"],
    )
    signal = np.median(record.relative_signal()[..., 0], axis=1)
    told, moved = (np.median(values[..., 0], axis=1) for values in (record.weight_gradient, record.weight_step))
    loss = np.median(record.loss, axis=1)
    for index, step in enumerate(record.snapshot_steps):
        last = step == p["steps"]
        cells = [_pair(values[:, index]) for values in (signal, told)] + ["" if last else _pair(moved[:, index])]
        out.add_row(str(step), *cells, _pair(loss[:, step]))
    put_out(out)


def _pair(values: NDArray[np.float64]) -> str:
    return f"{number(values[PLAIN])} / {number(values[RESIDUAL])}"
