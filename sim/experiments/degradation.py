"""Experiment `degradation`: training error of ever deeper networks. Its parameters, its record, its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.records.record import PLAIN, RESIDUAL, RecordError, check_all, flagged
from sim.records.table import number, put_out, spread, table
from sim.sections.learner import Classifier, Depths, falls


class Degradation(Classifier):
    """Plain and residual networks of several depths, trained alike."""

    depths: Depths

    def all_layers(self) -> tuple[int, ...]:
        return self.depths

    def problems(self) -> list[str]:
        found = super().problems()
        if falls(self.depths):
            found.append(f"depths = {list(self.depths)}: each must be deeper than the last")
        return found


@dataclass(frozen=True, eq=False)
class DegradationRecord:
    """Training curves of plain and residual classifiers of several depths, each at its best learning rate.

    loss             [skip, depth, seed, step+1] float64: mean cross-entropy of the minibatch of each step, before its
                     update; step s is the network after s updates.
    batch_error      [skip, depth, seed, step+1] float64: % of that minibatch not recognised.
    train_error      [skip, depth, seed, check] float64: % not recognised of the seed's first `eval_examples` training
                     examples (by whole minibatches), at `check_steps`; batch norm by the batch at hand, as in training.
    check_steps      [check] int64: every `eval_every` steps, and the last. depths [depth] int64: layers.
    learning_rates   [lr] float64. best_lr [skip, depth] float64: the rate with the lowest median train_error after the
                     last step over the first `search_seeds` seeds; among equals, the lowest loss in the last tenth.
    lr_final_error   [skip, depth, lr, search seed] float64: that error, of every rate. lr_diverged_at, likewise int64.
    diverged_at      [skip, depth, seed] int64: at the best rate.
    deepened_error   [skip, depth, seed] float64: train_error of the trained network of the least depth, deepened to
                     each depth by blocks that do nothing (sim/learning/deepening.py).
    deepened_exact   [skip, depth, seed] int64: 1 where its logits are those of the network of the least depth, bit for
                     bit.
    seeds            [seed] int64. experiment, params, versions, source_digest, data_digest: as in ProfileRecord.

    Raises RecordError if shapes or dtypes do not hold. Source: He et al. 2015, fig. 1; science.md, "Degradation".
    """

    loss: NDArray[np.float64]
    batch_error: NDArray[np.float64]
    train_error: NDArray[np.float64]
    check_steps: NDArray[np.int64]
    depths: NDArray[np.int64]
    learning_rates: NDArray[np.float64]
    best_lr: NDArray[np.float64]
    lr_final_error: NDArray[np.float64]
    lr_diverged_at: NDArray[np.int64]
    diverged_at: NDArray[np.int64]
    deepened_error: NDArray[np.float64]
    deepened_exact: NDArray[np.int64]
    seeds: NDArray[np.int64]
    experiment: str
    params: Mapping[str, Any]
    versions: Mapping[str, str]
    source_digest: str
    data_digest: str

    def __post_init__(self) -> None:
        if getattr(self.loss, "ndim", 0) != 4 or getattr(self.lr_final_error, "ndim", 0) != 4:
            raise RecordError("loss or lr_final_error lacks axes")
        _, depths, seeds, states = self.loss.shape
        each, search = (2, depths, seeds), (2, depths, len(self.learning_rates), self.lr_final_error.shape[3])
        floats = {
            "loss": (*each, states),
            "batch_error": (*each, states),
            "train_error": (*each, len(self.check_steps)),
            "learning_rates": search[2:3],
            "best_lr": (2, depths),
            "lr_final_error": search,
            "deepened_error": each,
        }
        integers = {
            "check_steps": (len(self.check_steps),),
            "depths": (depths,),
            "lr_diverged_at": search,
            "diverged_at": each,
            "deepened_exact": each,
            "seeds": (seeds,),
        }
        check_all(self, floats, integers)
        flagged(self, "loss", self.diverged_at)
        flagged(self, "batch_error", self.diverged_at)

    def final_error(self) -> NDArray[np.float64]:
        """Training error after the last step, in percent: [skip, depth, seed]; NaN if diverged."""
        return self.train_error[..., -1]

    def running_error(self, steps: int = 10) -> NDArray[np.float64]:
        """batch_error averaged over the last `steps` minibatches (fewer at the start): like batch_error."""
        out = np.empty_like(self.batch_error)
        for step in range(out.shape[-1]):
            out[..., step] = self.batch_error[..., max(0, step + 1 - steps) : step + 1].mean(axis=-1)
        return out


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
    put_out(out)
