"""Experiment `degradation`: training error of ever deeper networks. Its parameters, its record, its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray

from sim.records.record import PLAIN, RESIDUAL, Record, flagged
from sim.records.table import number, put_out, spread, table
from sim.sections.fields import integer
from sim.sections.learner import Classifier, Depths, falls

if TYPE_CHECKING:
    from jaxtyping import Float64, Int64


class Degradation(Classifier):
    """Plain and residual networks of several depths, trained alike."""

    depths: Depths
    longer: Annotated[int, integer(1, 20)]

    def all_layers(self) -> tuple[int, ...]:
        return self.depths

    def problems(self) -> list[str]:
        found = super().problems()
        if falls(self.depths):
            found.append(f"depths = {list(self.depths)}: each must be deeper than the last")
        return found


@dataclass(frozen=True, eq=False)
class DegradationRecord(Record):
    """Training curves of plain and residual classifiers of several depths, each at its best learning rate.

    Axis state: s = 0 … steps is the network after s updates. trial: the first `search_seeds` seeds.

    loss             Mean cross-entropy of the minibatch of each step, before its update.
    batch_error      % of that minibatch not recognised.
    train_error      % not recognised of the seed's first `eval_examples` training examples (by whole minibatches), at
                     `check_steps`; batch norm by the batch at hand, as in training.
    check_steps      Every `eval_every` steps, and the last. depths: layers.
    learning_rates   All that were tried. best_lr: the rate with the lowest median train_error after the last step over
                     the first `search_seeds` seeds; among equals, the lowest loss in the last tenth.
    lr_final_error   That error, of every rate. lr_diverged_at, likewise.
    diverged_at      At the best rate.
    longer_error     train_error of the deepest plain networks at the best rate after `longer` times the steps, its
                     momentum begun anew where they train on: the first `search_seeds` seeds. NaN if diverged.
    deepened_error   train_error of the trained network of the least depth, deepened to each depth by blocks that do
                     nothing (sim/learning/deepening.py).
    deepened_exact   1 where its logits are those of the network of the least depth, bit for bit.
    seeds            The seed of each network.

    Raises RecordError if shapes or dtypes do not hold. Source: He et al. 2015, fig. 1; science.md, "Degradation".
    """

    loss: Float64[np.ndarray, "skip=2 depth seed state"]
    batch_error: Float64[np.ndarray, "skip=2 depth seed state"]
    train_error: Float64[np.ndarray, "skip=2 depth seed check"]
    check_steps: Int64[np.ndarray, " check"]
    depths: Int64[np.ndarray, " depth"]
    learning_rates: Float64[np.ndarray, " lr"]
    best_lr: Float64[np.ndarray, "skip=2 depth"]
    lr_final_error: Float64[np.ndarray, "skip=2 depth lr trial"]
    lr_diverged_at: Int64[np.ndarray, "skip=2 depth lr trial"]
    diverged_at: Int64[np.ndarray, "skip=2 depth seed"]
    longer_error: Float64[np.ndarray, " trial"]
    deepened_error: Float64[np.ndarray, "skip=2 depth seed"]
    deepened_exact: Int64[np.ndarray, "skip=2 depth seed"]
    seeds: Int64[np.ndarray, " seed"]

    def check(self) -> None:
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
