"""Experiment `training`: the gradient signal at chosen steps of training. Its parameters, its record, its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.records.record import PLAIN, RESIDUAL, RecordError, check_all, flagged
from sim.records.table import number, put_out, table
from sim.sections.learner import Classifier, Layers, Steps, falls


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
class TrainingRecord:
    """The gradient signal of plain and residual classifiers while they learn.

    gradient_signal  [skip, seed, snapshot, depth+1] float64: as in ProfileRecord, after `snapshot_steps` updates, on
                     one fixed minibatch; the loss is the cross-entropy through the read-out of that step.
    snapshot_steps   [snapshot] int64.
    loss             [skip, seed, step+1] float64, train_error [skip, seed, check] float64, check_steps [check] int64,
    learning_rates [lr], best_lr [skip], lr_final_error and lr_diverged_at [skip, lr, search seed], diverged_at
    [skip, seed], seeds [seed], experiment, params, versions, source_digest, data_digest: as in DegradationRecord.

    Raises RecordError if shapes or dtypes do not hold. Source: science.md, "Vocabulary".
    """

    gradient_signal: NDArray[np.float64]
    snapshot_steps: NDArray[np.int64]
    loss: NDArray[np.float64]
    train_error: NDArray[np.float64]
    check_steps: NDArray[np.int64]
    learning_rates: NDArray[np.float64]
    best_lr: NDArray[np.float64]
    lr_final_error: NDArray[np.float64]
    lr_diverged_at: NDArray[np.int64]
    diverged_at: NDArray[np.int64]
    seeds: NDArray[np.int64]
    experiment: str
    params: Mapping[str, Any]
    versions: Mapping[str, str]
    source_digest: str
    data_digest: str

    def __post_init__(self) -> None:
        if getattr(self.gradient_signal, "ndim", 0) != 4 or getattr(self.lr_final_error, "ndim", 0) != 3:
            raise RecordError("gradient_signal or lr_final_error lacks axes")
        _, seeds, snapshots, states = self.gradient_signal.shape
        search = (2, len(self.learning_rates), self.lr_final_error.shape[2])
        floats = {
            "gradient_signal": (2, seeds, snapshots, states),
            "loss": (2, seeds, self.loss.shape[-1]),
            "train_error": (2, seeds, len(self.check_steps)),
            "learning_rates": search[1:2],
            "best_lr": (2,),
            "lr_final_error": search,
        }
        integers = {
            "snapshot_steps": (snapshots,),
            "check_steps": (len(self.check_steps),),
            "lr_diverged_at": search,
            "diverged_at": (2, seeds),
            "seeds": (seeds,),
        }
        check_all(self, floats, integers)
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
