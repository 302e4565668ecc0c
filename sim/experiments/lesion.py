"""Experiment `lesion`: trained networks without some blocks, or with them shuffled: parameters, record, table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.records.record import PLAIN, RESIDUAL, Record, RecordError
from sim.records.table import put_out, spread, table
from sim.sections.fields import integer
from sim.sections.learner import Classifier, Layers, falls

if TYPE_CHECKING:
    from jaxtyping import Float64, Int64

Swaps = Annotated[int, integer(0, 10_000)]


class Lesion(Classifier):
    """A plain and a residual network whose blocks are taken out, and shuffled, once they are trained."""

    plain_layers: Layers
    residual_layers: Layers
    draws: Annotated[int, integer(1, 100)]
    swaps: Annotated[tuple[Swaps, ...], Field(min_length=1, max_length=16, description="1 to 16 rising whole numbers")]

    def all_layers(self) -> tuple[int, ...]:
        return (self.plain_layers, self.residual_layers)

    def problems(self) -> list[str]:
        found = super().problems()
        if falls(self.swaps):
            found.append(f"swaps = {list(self.swaps)}: each must be greater than the last")
        return found


@dataclass(frozen=True, eq=False)
class LesionRecord(Record):
    """Training error of trained classifiers from which blocks are taken out, or put into another order, in percent.

    Axis draw: which blocks are drawn at random, each draw another; the same for all seeds. Batch norm by the batch at
    hand, as in training.

    lesion_error     Without block 1 … `blocks[skip]`; NaN beyond, and for seeds that diverged.
    removed_error    Without k = 1 … `blocks[skip]` blocks at once (axis count, from k = 1); NaN likewise.
    removed          1 where a block is taken out: 0 beyond `blocks[skip]`.
    shuffled_error   With pairs of neighbouring blocks, drawn one after the other, having changed places `swaps` times.
    order            By place, the block (from 0) that stands there; −1 beyond `blocks[skip]`.
    baseline_error   With all blocks. blocks: how many there are.
    learning_rates, best_lr, lr_final_error, lr_diverged_at, diverged_at, seeds: as in DegradationRecord.

    Raises RecordError if shapes, dtypes or invariants do not hold. Source: Veit et al. 2016, section 4; science.md,
    "Lesion".
    """

    lesion_error: Float64[np.ndarray, "skip=2 seed block"]
    baseline_error: Float64[np.ndarray, "skip=2 seed"]
    removed_error: Float64[np.ndarray, "skip=2 seed count draw"]
    removed: Int64[np.ndarray, "skip=2 count draw block"]
    shuffled_error: Float64[np.ndarray, "skip=2 seed swap draw"]
    order: Int64[np.ndarray, "skip=2 swap draw block"]
    swaps: Int64[np.ndarray, " swap"]
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
        if not (np.isfinite(self.removed_error) == there[..., None]).all():
            raise RecordError("blocks or diverged_at contradicts removed_error")
        if not (np.isfinite(self.shuffled_error) == (self.diverged_at < 0)[..., None, None]).all():
            raise RecordError("diverged_at contradicts shuffled_error")
        for skip, count in enumerate(self.blocks):
            taken = np.minimum(np.arange(blocks) + 1, count) * (np.arange(blocks) < count)
            if (self.removed[skip].sum(-1) != taken[:, None]).any() or self.removed[skip, ..., count:].any():
                raise RecordError("removed must take k blocks out of those there are")
            if (np.sort(self.order[skip, ..., :count]) != np.arange(count)).any():
                raise RecordError("order must name every block once")

    def damage(self) -> NDArray[np.float64]:
        """Percentage points lost with each block: like lesion_error."""
        return self.lesion_error - self.baseline_error[:, :, None]

    def kendall(self) -> NDArray[np.float64]:
        """Kendall's τ of each order with the trained one, as Veit et al. 2016 count it: [skip, swap, draw].

        1: as trained; −1: back to front; 1 for a single block.
        """
        out = np.ones(self.order.shape[:3])
        for skip, count in enumerate(self.blocks):
            places = self.order[skip, ..., :count]
            behind = places[..., :, None] > places[..., None, :]  # a later block before an earlier one
            inverted = np.triu(behind, 1).sum((-2, -1))
            out[skip] = 1 - 2 * inverted / max(1, count * (count - 1) // 2)
        return out


def show_lesion(record: LesionRecord) -> None:
    """Training error without each block, without several, and with blocks in another order."""
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
    for count in range(1, record.removed_error.shape[2]):
        there = [count < record.blocks[skip] for skip in (PLAIN, RESIDUAL)]
        cells = [_drawn(record.removed_error[skip, :, count]) if there[skip] else "" for skip in (PLAIN, RESIDUAL)]
        out.add_row(f"{count + 1} blocks", *cells)
    for index, swaps in enumerate(record.swaps):
        out.add_row(
            f"order ({swaps} swaps)", *(_drawn(record.shuffled_error[skip, :, index]) for skip in (PLAIN, RESIDUAL))
        )
    put_out(out)


def _drawn(errors: NDArray[np.float64]) -> str:
    """Of [seed, draw]: the medians over draws, over seeds."""
    return spread(np.median(errors, axis=1))
