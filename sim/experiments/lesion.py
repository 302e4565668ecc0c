"""Experiment `lesion`: trained networks with one block taken out. Its parameters, its record, its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.records.record import PLAIN, RESIDUAL, Record, RecordError
from sim.records.table import put_out, spread, table
from sim.sections.learner import Classifier, Layers

if TYPE_CHECKING:
    from jaxtyping import Float64, Int64


class Lesion(Classifier):
    """A plain and a residual network whose blocks are taken out, one at a time, once they are trained."""

    plain_layers: Layers
    residual_layers: Layers

    def all_layers(self) -> tuple[int, ...]:
        return (self.plain_layers, self.residual_layers)


@dataclass(frozen=True, eq=False)
class LesionRecord(Record):
    """Training error of trained classifiers from which one block is taken out, in percent.

    lesion_error     Without block 1 … `blocks[skip]`; NaN beyond, and for seeds that diverged.
    baseline_error   With all blocks. blocks: how many there are.
    learning_rates, best_lr, lr_final_error, lr_diverged_at, diverged_at, seeds: as in DegradationRecord.

    Raises RecordError if shapes or dtypes do not hold. Source: Veit et al. 2016, section 4.1; science.md, "Lesion".
    """

    lesion_error: Float64[np.ndarray, "skip=2 seed block"]
    baseline_error: Float64[np.ndarray, "skip=2 seed"]
    blocks: Int64[np.ndarray, "skip=2"]
    learning_rates: Float64[np.ndarray, " lr"]
    best_lr: Float64[np.ndarray, "skip=2"]
    lr_final_error: Float64[np.ndarray, "skip=2 lr trial"]
    lr_diverged_at: Int64[np.ndarray, "skip=2 lr trial"]
    diverged_at: Int64[np.ndarray, "skip=2 seed"]
    seeds: Int64[np.ndarray, " seed"]

    def check(self) -> None:
        blocks = self.lesion_error.shape[2]
        there = (np.arange(blocks) < self.blocks[:, None, None]) & (self.diverged_at[:, :, None] < 0)
        if not (np.isfinite(self.lesion_error) == there).all():
            raise RecordError("blocks or diverged_at contradicts lesion_error")

    def damage(self) -> NDArray[np.float64]:
        """Percentage points lost with each block: like lesion_error."""
        return self.lesion_error - self.baseline_error[:, :, None]


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
    put_out(out)
