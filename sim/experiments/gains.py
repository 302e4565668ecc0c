"""Experiment `gains`: what one block does to gradients. Its parameters, its record, its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from sim.records.record import RESIDUAL, Origin, Status, agree, check, shape_of
from sim.records.table import mean, put_out, some, table, trouble
from sim.sections import memory
from sim.sections.fields import integer
from sim.sections.memory import refuse_beyond
from sim.sections.network import Network

EXACT_WIDTH = 128  # units up to which a Jacobian is written out


class Gains(Network):
    """The blocks whose Jacobians are measured; keys as in [profile], and two more."""

    jacobians: Annotated[int, integer(1, 64)]
    steps: Annotated[int, integer(2, 200)]

    @property
    def exact(self) -> bool:
        """Whether Jacobians are written out, example by example."""
        return self.block == "mlp" and self.norm == "none" and self.width <= EXACT_WIDTH

    @model_validator(mode="after")
    def _gains_fit(self) -> Self:
        units = self.width * (memory.PIXELS if self.block == "conv" else 1)
        if self.jacobians > self.batch:
            raise ValueError(f"jacobians = {self.jacobians} with batch = {self.batch}: as many as the batch, or fewer")
        vectors = self.width * self.jacobians if self.exact else 2 * min(self.steps, units) * self.batch
        needed = 8 * 5 * vectors * units + memory.bytes_per_seed(self)
        refuse_beyond(needed, f"depth = {self.depth}, width = {self.width}, batch = {self.batch}, steps = {self.steps}")
        return self


@dataclass(frozen=True, eq=False)
class GainsRecord(Origin):
    """What one block does to gradients: singular values of its Jacobian, and how much vectors grow on their way back.

    J_F is the Jacobian of the branch at the state of the residual network; A = I + βJ_F, for order post without the
    activation after the sum. Blocks 1 … depth. skip: 0 J_F alone, 1 with the shortcut.

    singular_branch  [seed, depth, example, rank] float64: singular values of J_F, falling.
    singular_total   [seed, depth, example, rank] float64: those of A.
    method           "exact": of single examples, all values, rank = width. "estimate": of the batch as one operator
                     (example = 1; batch norm mixes examples), rank = 2: the largest, from below, and the smallest, from
                     above (Golub & Kahan 1965). Errors: see the number of steps; an isolated largest value is right to
                     many digits, a smallest one within a crowd is not.
    bound            [seed, depth, example] float64: 1 − |β|‖J_F‖ ≤ smallest singular value of A.
    singular_below   [seed, depth] float64: share of the singular values of A below 1; for estimates of the two.
    random_gain      [skip, seed, depth, batch] float64: |Bᵀu| of a random unit vector u per example, B the Jacobian of
                     the block at the state of the residual network, activation after the sum included.
    loss_gain        [skip, seed, depth, batch] float64: ‖∂ℓ_i/∂h_{l−1}‖ / ‖∂ℓ_i/∂h_l‖ of the plain and the residual
                     network, each at its own states. 0/0 and ∞/∞ are NaN and flagged.
    random_below, loss_below  [skip, seed] float64: share of those gains below 1, NaN where one of them is.
    status           [skip, seed, depth] int64: a `Status`, OK where all of a block's numbers are finite; singular
                     values, bound and singular_below go with skip 1. Else ZERO if the gradient above is zero, OVERFLOW
                     if a number is infinite, NAN.
    scalar_w, scalar_gain  [w] float64: the block x + wx of one unit, w from −2 to 2: |dH/dx|; 0 at w = −1.
    seeds            [seed] int64.

    Source: science.md, "At least 1?". Raises RecordError if shapes, dtypes or invariants do not hold.
    """

    singular_branch: NDArray[np.float64]
    singular_total: NDArray[np.float64]
    method: str
    bound: NDArray[np.float64]
    singular_below: NDArray[np.float64]
    random_gain: NDArray[np.float64]
    loss_gain: NDArray[np.float64]
    random_below: NDArray[np.float64]
    loss_below: NDArray[np.float64]
    status: NDArray[np.int64]
    scalar_w: NDArray[np.float64]
    scalar_gain: NDArray[np.float64]
    seeds: NDArray[np.int64]

    def __post_init__(self) -> None:
        seeds, depth, examples, rank = shape_of(self, "singular_branch", 4)
        batch = shape_of(self, "random_gain", 4)[3]
        check(self, "singular_branch", np.float64, (seeds, depth, examples, rank))
        check(self, "singular_total", np.float64, (seeds, depth, examples, rank))
        check(self, "bound", np.float64, (seeds, depth, examples))
        check(self, "singular_below", np.float64, (seeds, depth))
        for name in ("random_gain", "loss_gain"):
            check(self, name, np.float64, (2, seeds, depth, batch))
        for name in ("random_below", "loss_below"):
            check(self, name, np.float64, (2, seeds))
        check(self, "status", np.int64, (2, seeds, depth))
        for name in ("scalar_w", "scalar_gain"):
            check(self, name, np.float64, shape_of(self, "scalar_w", 1))
        check(self, "seeds", np.int64, (seeds,))
        ok = self.status == Status.OK
        for name in ("random_gain", "loss_gain"):
            agree(name, getattr(self, name), ok, flagged_may_be_finite=True)
        for name in ("singular_branch", "singular_total", "bound", "singular_below"):
            agree(name, getattr(self, name), ok[1], flagged_may_be_finite=True)


def show_gains(record: GainsRecord) -> None:
    """Extremes of the singular values and the mean gains, block by block."""
    depth = record.status.shape[2]
    out = table(
        f"Gains of {depth} blocks; singular values of I + βJ_F below 1: {record.singular_below.mean():.1%}",
        f"mean over seeds and examples; singular values: {record.method}; random directions with skip below 1: "
        f"{mean(record.random_below[RESIDUAL] * 100)} %{trouble(record.status)}",
        ("block", "σ max J", "σ min I+βJ", "1−|β|‖J‖", "random plain", "random res.", "loss plain", "loss residual"),
    )
    for block in some(depth - 1):
        random, loss = record.random_gain[:, :, block].mean((1, 2)), record.loss_gain[:, :, block].mean((1, 2))
        values = (
            record.singular_branch[:, block, :, 0].mean(),
            record.singular_total[:, block, :, -1].mean(),
            record.bound[:, block].mean(),
            *random,
            *loss,
        )
        out.add_row(str(block + 1), *(f"{value:.3g}" for value in values))
    put_out(out)
