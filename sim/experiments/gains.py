"""Experiment `gains`: what one block does to gradients. Its parameters, its record, its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from sim.records.record import RESIDUAL, Record, Status, agree
from sim.records.table import mean, put_out, some, table, trouble
from sim.sections import memory
from sim.sections.fields import integer, number_or_word
from sim.sections.memory import refuse_beyond
from sim.sections.network import Identity, Network

EXACT_WIDTH = 128  # units up to which a Jacobian is written out

if TYPE_CHECKING:
    from jaxtyping import Float64, Int64


class Gains(Network):
    """The blocks whose Jacobians are measured; keys as in [profile], and two more."""

    kept: ClassVar[frozenset[str]] = frozenset({"skip_scale"})

    skip_scale: Identity
    jacobians: Annotated[
        int | str,
        number_or_word(lambda n: n == int(n) and 1 <= n <= 4096, "all", kind=int),
        Field(description='a whole number from 1 to 4096, or "all"'),
    ]
    steps: Annotated[int, integer(2, 200)]

    @property
    def exact(self) -> bool:
        """Whether Jacobians are written out, example by example."""
        return self.block == "mlp" and self.norm == "none" and self.width <= EXACT_WIDTH

    @property
    def examples(self) -> int:
        """Examples per seed whose Jacobians are written out."""
        return self.batch if isinstance(self.jacobians, str) else self.jacobians

    @model_validator(mode="after")
    def _gains_fit(self) -> Self:
        units = self.width * (memory.PIXELS if self.block == "conv" else 1)
        if self.examples > self.batch:
            raise ValueError(f"jacobians = {self.jacobians} with batch = {self.batch}: as many as the batch, or fewer")
        vectors = self.width * self.examples if self.exact else 2 * min(self.steps, units) * self.batch
        needed = 8 * 5 * vectors * units + memory.bytes_per_seed(self)
        refuse_beyond(needed, f"depth = {self.depth}, width = {self.width}, batch = {self.batch}, steps = {self.steps}")
        return self


@dataclass(frozen=True, eq=False)
class GainsRecord(Record):
    """What one block does to gradients: singular values of its Jacobian, and how much vectors grow on their way back.

    J_F is the Jacobian of the branch at the state of the residual network; A = I + βJ_F, for order post without the
    activation after the sum. Blocks 1 … depth. skip: 0 J_F alone, 1 with the shortcut.

    singular_branch  Singular values of J_F, falling.
    singular_total   Those of A.
    method           "exact": of single examples, all values, rank = width. "estimate": of the batch as one operator
                     (example = 1; batch norm mixes examples), rank = 2: the largest, from below, and the smallest, from
                     above (Golub & Kahan 1965). Errors: see the number of steps; an isolated largest value is right to
                     many digits, a smallest one within a crowd is not.
    bound            1 − |β|‖J_F‖ ≤ smallest singular value of A.
    singular_below   Share of the singular values of A below 1; for estimates of the two.
    random_gain      |Bᵀu| of a random unit vector u per example, B the Jacobian of the block at the state of the
                     residual network, activation after the sum included.
    loss_gain        ‖∂ℓ_i/∂h_{l−1}‖ / ‖∂ℓ_i/∂h_l‖ of the plain and the residual network, each at its own states. 0/0
                     and ∞/∞ are NaN and flagged.
    random_below, loss_below  Share of those gains below 1, NaN where one of them is.
    status           A `Status`, OK where all of a block's numbers are finite; singular values, bound and singular_below
                     go with skip 1. Else ZERO if the gradient above is zero, OVERFLOW if a number is infinite, NAN.
    scalar_w, scalar_gain  The block x + wx of one unit, w from −2 to 2: |dH/dx|; 0 at w = −1.
    seeds            The seed of each network.

    Source: science.md, "At least 1?". Raises RecordError if shapes, dtypes or invariants do not hold.
    """

    singular_branch: Float64[np.ndarray, "seed depth example rank"]
    singular_total: Float64[np.ndarray, "seed depth example rank"]
    method: str
    bound: Float64[np.ndarray, "seed depth example"]
    singular_below: Float64[np.ndarray, "seed depth"]
    random_gain: Float64[np.ndarray, "skip=2 seed depth batch"]
    loss_gain: Float64[np.ndarray, "skip=2 seed depth batch"]
    random_below: Float64[np.ndarray, "skip=2 seed"]
    loss_below: Float64[np.ndarray, "skip=2 seed"]
    status: Int64[np.ndarray, "skip=2 seed depth"]
    scalar_w: Float64[np.ndarray, " w"]
    scalar_gain: Float64[np.ndarray, " w"]
    seeds: Int64[np.ndarray, " seed"]

    def check(self) -> None:
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
