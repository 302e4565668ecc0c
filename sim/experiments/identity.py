"""Experiment `identity`: blocks learn H(x) = x. Its parameters, its record, its table.

Divergence and NaN: as in learning/outcome.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.records.record import PLAIN, RESIDUAL, Record, RecordError, flagged
from sim.records.table import number, put_out, some, table
from sim.sections import memory
from sim.sections.fields import integer
from sim.sections.learner import Digit, Steps, Trained, falls

if TYPE_CHECKING:
    from jaxtyping import Float64, Int64


class Identity(Trained):
    """Blocks that learn H(x) = x on digit images; `width` is that of the layer inside a block."""

    depth: Annotated[int, integer(1, 64)]
    longer: Annotated[int, integer(1, 100)]
    wider: Annotated[int, integer(1, 16)]
    snapshots: Steps
    digits: Annotated[tuple[Digit, ...], Field(min_length=1, max_length=10, description="1 to 10 digits from 0 to 9")]

    def memory_needed(self) -> int:
        networks = self.seeds * len(self.learning_rates)
        images = 16 * networks * len(self.snapshots) * self.depth * len(self.digits) * memory.PIXELS
        return 2 * (self.state_bytes(networks, 2 * self.depth, self.width * self.wider) + images)

    def problems(self) -> list[str]:
        found = super().problems()
        if falls(self.snapshots) or self.snapshots[-1] > self.steps:
            found.append(f"snapshots = {list(self.snapshots)}: must rise, up to steps = {self.steps}")
        if len(set(self.digits)) < len(self.digits):
            found.append(f"digits = {list(self.digits)}: each digit once")
        return found


SIDE = 8


@dataclass(frozen=True, eq=False)
class IdentityRecord(Record):
    """Blocks learning H(x) = x on digit images with values in [0, 1], at the best learning rate of each side.

    Axis state: s = 0 … steps is the network after s updates; 0 is the initialisation.

    relative_error   ‖H(x)−x‖² / ‖x‖², both summed over the minibatch of the step.
    branch_ratio     RMS‖F(x)‖ / RMS‖x‖, x the block's own input, F its layers (of a plain block the same layers).
                     Exactly 0 where F is switched off; NaN where x is exactly 0, too.
    dead_share       The share of the block's ReLU channels (conv) or units (mlp), an outer ReLU among them, that are 0
                     for the whole minibatch.
    input_image      The examples x shown, one of each of `digit_labels`.
    branch_image     F of each block, for those examples.
    output_image     The state that leaves each block; H(x) is the last block's. Both are computed in one fixed batch of
                     examples, the same for all.
    kernel           Of each layer of the last block, its first 9 weights: of a convolution, one 3×3 kernel.
    snapshot_steps   The states at which these were taken. learning_rates: all that were tried.
    lr_final_error   relative_error after the last step of every run, the losers' too.
    lr_diverged_at   The step of divergence of every run; diverged_at is that of the best rate.
    best_lr          The rate with the lowest median final error; among equals, the lowest.
    longer_error     The least relative_error of each network: of a side whose median gets to 1 % in `steps` updates,
                     in these; else in `longer` times as many, all rates tried again. It tells slow from unable.
    wider_error      The same, but for a side that does not get there: in `steps` updates with `wider` times the width.
                     ∞ where a run diverged before its first step.
    seeds            The seed of each network.

    Raises RecordError if shapes or dtypes do not hold. Source: science.md, "Identity learning".
    """

    relative_error: Float64[np.ndarray, "skip=2 seed state"]
    branch_ratio: Float64[np.ndarray, "skip=2 seed block state"]
    dead_share: Float64[np.ndarray, "skip=2 seed block state"]
    input_image: Float64[np.ndarray, "digit 8 8"]
    branch_image: Float64[np.ndarray, "skip=2 seed snapshot block digit 8 8"]
    output_image: Float64[np.ndarray, "skip=2 seed snapshot block digit 8 8"]
    kernel: Float64[np.ndarray, "skip=2 seed layer=2 9 state"]
    snapshot_steps: Int64[np.ndarray, " snapshot"]
    digit_labels: Int64[np.ndarray, " digit"]
    learning_rates: Float64[np.ndarray, " lr"]
    lr_final_error: Float64[np.ndarray, "skip=2 lr seed"]
    lr_diverged_at: Int64[np.ndarray, "skip=2 lr seed"]
    best_lr: Float64[np.ndarray, "skip=2"]
    longer_error: Float64[np.ndarray, "skip=2 seed"]
    wider_error: Float64[np.ndarray, "skip=2 seed"]
    diverged_at: Int64[np.ndarray, "skip=2 seed"]
    seeds: Int64[np.ndarray, " seed"]

    def check(self) -> None:
        flagged(self, "relative_error", self.diverged_at)
        if not (self.longer_error >= 0).all() or not (self.wider_error >= 0).all():
            raise RecordError("longer_error and wider_error are errors, 0 or more")

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
