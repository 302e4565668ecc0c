"""Experiment `lesion`: trained networks with one block taken out. Its parameters, its record, its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.records.record import PLAIN, RESIDUAL, RecordError, check_all
from sim.records.table import put_out, spread, table
from sim.sections.learner import Classifier, Layers


class Lesion(Classifier):
    """A plain and a residual network whose blocks are taken out, one at a time, once they are trained."""

    plain_layers: Layers
    residual_layers: Layers

    def all_layers(self) -> tuple[int, ...]:
        return (self.plain_layers, self.residual_layers)


@dataclass(frozen=True, eq=False)
class LesionRecord:
    """Training error of trained classifiers from which one block is taken out, in percent.

    lesion_error     [skip, seed, block] float64: without block 1 … `blocks[skip]`; NaN beyond, and for seeds that
                     diverged.
    baseline_error   [skip, seed] float64: with all blocks. blocks [skip] int64: how many there are.
    learning_rates [lr], best_lr [skip], lr_final_error and lr_diverged_at [skip, lr, search seed], diverged_at
    [skip, seed], seeds [seed], experiment, params, versions, source_digest, data_digest: as in DegradationRecord.

    Raises RecordError if shapes or dtypes do not hold. Source: Veit et al. 2016, section 4.1; science.md, "Lesion".
    """

    lesion_error: NDArray[np.float64]
    baseline_error: NDArray[np.float64]
    blocks: NDArray[np.int64]
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
        if getattr(self.lesion_error, "ndim", 0) != 3 or getattr(self.lr_final_error, "ndim", 0) != 3:
            raise RecordError("lesion_error or lr_final_error lacks axes")
        _, seeds, blocks = self.lesion_error.shape
        search = (2, len(self.learning_rates), self.lr_final_error.shape[2])
        floats = {
            "lesion_error": (2, seeds, blocks),
            "baseline_error": (2, seeds),
            "learning_rates": search[1:2],
            "best_lr": (2,),
            "lr_final_error": search,
        }
        integers = {"blocks": (2,), "lr_diverged_at": search, "diverged_at": (2, seeds), "seeds": (seeds,)}
        check_all(self, floats, integers)
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
