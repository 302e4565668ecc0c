"""Experiment `identity`: blocks learn H(x) = x. Its parameters, its record, its table.

Divergence and NaN: as in learning/outcome.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.records.record import PLAIN, RESIDUAL, RecordError, check_all, flagged
from sim.records.table import number, put_out, some, table
from sim.sections import memory
from sim.sections.fields import integer
from sim.sections.learner import Digit, Steps, Trained, falls


class Identity(Trained):
    """Blocks that learn H(x) = x on digit images; `width` is that of the layer inside a block."""

    depth: Annotated[int, integer(1, 64)]
    snapshots: Steps
    digits: Annotated[tuple[Digit, ...], Field(min_length=1, max_length=10, description="1 to 10 digits from 0 to 9")]

    def memory_needed(self) -> int:
        networks = self.seeds * len(self.learning_rates)
        images = 16 * networks * len(self.snapshots) * self.depth * len(self.digits) * memory.PIXELS
        return 2 * (self.state_bytes(networks, 2 * self.depth, self.width) + images)

    def problems(self) -> list[str]:
        found = super().problems()
        if falls(self.snapshots) or self.snapshots[-1] > self.steps:
            found.append(f"snapshots = {list(self.snapshots)}: must rise, up to steps = {self.steps}")
        if len(set(self.digits)) < len(self.digits):
            found.append(f"digits = {list(self.digits)}: each digit once")
        return found


SIDE = 8


@dataclass(frozen=True, eq=False)
class IdentityRecord:
    """Blocks learning H(x) = x on digit images with values in [0, 1], at the best learning rate of each side.

    Step s is the state after s updates; step 0 is the initialisation. Images are [8, 8].

    relative_error   [skip, seed, step+1] float64: ‖H(x)−x‖² / ‖x‖², both summed over the minibatch of the step.
    branch_ratio     [skip, seed, block, step+1] float64: RMS‖F(x)‖ / RMS‖x‖, x the block's own input, F its layers (of
                     a plain block the same layers). Exactly 0 where F is switched off; NaN where x is exactly 0, too.
    dead_share       [skip, seed, block, step+1] float64: the share of the block's ReLU channels (conv) or units (mlp),
                     an outer ReLU among them, that are 0 for the whole minibatch.
    input_image      [digit, 8, 8] float64: the examples x shown, one of each of `digit_labels`.
    branch_image     [skip, seed, snapshot, block, digit, 8, 8] float64: F of each block, for those examples.
    output_image     [skip, seed, snapshot, block, digit, 8, 8] float64: the state that leaves each block; H(x) is the
                     last block's. Both are computed in one fixed batch of examples, the same for all.
    snapshot_steps   [snapshot] int64. digit_labels [digit] int64. learning_rates [lr] float64.
    lr_final_error   [skip, lr, seed] float64: relative_error after the last step of every run, the losers' too.
    lr_diverged_at   [skip, lr, seed] int64; diverged_at [skip, seed] int64 is that of the best rate.
    best_lr          [skip] float64: the rate with the lowest median final error; among equals, the lowest.
    seeds            [seed] int64. experiment, params, versions, source_digest, data_digest: as in ProfileRecord.

    Raises RecordError if shapes or dtypes do not hold. Source: science.md, "Identity learning".
    """

    relative_error: NDArray[np.float64]
    branch_ratio: NDArray[np.float64]
    dead_share: NDArray[np.float64]
    input_image: NDArray[np.float64]
    branch_image: NDArray[np.float64]
    output_image: NDArray[np.float64]
    snapshot_steps: NDArray[np.int64]
    digit_labels: NDArray[np.int64]
    learning_rates: NDArray[np.float64]
    lr_final_error: NDArray[np.float64]
    lr_diverged_at: NDArray[np.int64]
    best_lr: NDArray[np.float64]
    diverged_at: NDArray[np.int64]
    seeds: NDArray[np.int64]
    experiment: str
    params: Mapping[str, Any]
    versions: Mapping[str, str]
    source_digest: str
    data_digest: str

    def __post_init__(self) -> None:
        if getattr(self.branch_image, "ndim", 0) != 7 or getattr(self.relative_error, "ndim", 0) != 3:
            raise RecordError("branch_image or relative_error lacks axes")
        _, seeds, snapshots, blocks, digits, *_ = self.branch_image.shape
        states, rates = self.relative_error.shape[2], len(self.learning_rates)
        floats = {
            "relative_error": (2, seeds, states),
            "branch_ratio": (2, seeds, blocks, states),
            "dead_share": (2, seeds, blocks, states),
            "input_image": (digits, SIDE, SIDE),
            "branch_image": (2, seeds, snapshots, blocks, digits, SIDE, SIDE),
            "output_image": (2, seeds, snapshots, blocks, digits, SIDE, SIDE),
            "learning_rates": (rates,),
            "lr_final_error": (2, rates, seeds),
            "best_lr": (2,),
        }
        integers = {
            "snapshot_steps": (snapshots,),
            "digit_labels": (digits,),
            "lr_diverged_at": (2, rates, seeds),
            "diverged_at": (2, seeds),
            "seeds": (seeds,),
        }
        check_all(self, floats, integers)
        flagged(self, "relative_error", self.diverged_at)

    def steps_to(self, error: float) -> NDArray[np.float64]:
        """The first step at which the median over seeds of relative_error is at most `error`: [skip]; ∞ if none is."""
        below = np.median(np.where(np.isnan(self.relative_error), np.inf, self.relative_error), axis=1) <= error
        return np.where(below.any(axis=1), below.argmax(axis=1), np.inf)


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
    for step in some(record.relative_error.shape[2] - 1, rows=8):
        cells = [number(v[skip, step]) for v in values for skip in (PLAIN, RESIDUAL)]
        out.add_row(str(step), *cells, *(f"{dead[skip, step]:.0%}" for skip in (PLAIN, RESIDUAL)))
    put_out(out)


def _steps(steps: np.ndarray) -> str:
    plain, residual = (f"{step:.0f}" if np.isfinite(step) else "never" for step in steps)
    return f"{plain} plain, {residual} residual"
