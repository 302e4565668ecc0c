"""The record of somebody's own network, with its shortcuts and without them. torch is not needed to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiments.profile import ProfileRecord
from sim.records.record import RecordError

if TYPE_CHECKING:
    from jaxtyping import Float64

KINDS = ("identity", "reshaped", "affine", "projection", "none")
FIELDS = {"name", "where", "code", "kind", "factor", "layers", "parameters", "shape"}


@dataclass(frozen=True, eq=False)
class NetworkRecord(ProfileRecord):
    """A network as it is, and its plain twin: the same weights and sums, with zeros where shortcuts would arrive.

    The fields and axes of a ProfileRecord, with depth the number of `blocks`; h_{l−1} enters block l, and an example is
    one entry of the first axis of the input (a whole sequence, say). Other than there:

    branch_ratio     ‖F‖ / ‖s‖ of blocks 1 … depth of the residual network, s what arrives by the shortcut. NaN where a
                     block has none (kind "none"), or where nothing arrives.
    skip_share       NaN where a block has no shortcut, too.
    weight_gradient  ‖∂ℓ/∂θ_l‖₂, θ_l all parameters between h_{l−1} and h_l, ℓ summed over the batch; 0 without any.
    blocks           For each: name (of the module that holds its parameters), where (file:line of the sum) and code
                     (that line), kind of its shortcut, factor (of it in the sum, −1 in F − x), layers (weight layers on
                     the heaviest way through its branch), parameters (numbers), shape (of h_{l−1}, one example).
                     Kinds: identity (times factor, as 0.7 x is), reshaped (views, and factors), affine (a norm, say, or
                     a factor for each entry), projection (one weight layer); none: layers between a sum and the next
                     fork, in both networks alike.
    tail             The operations behind the last sum after which h_L is read, as most other states are.
    sums             How many residual sums were "found", and how many of them are "kept" in the plain twin.
    name             What the network is called. weights_digest: SHA-256 of the weights of all seeds.

    Raises RecordError if shapes, dtypes or invariants do not hold. Source: science.md, "Vocabulary".
    """

    weight_gradient: Float64[np.ndarray, "skip=2 seed depth"]
    blocks: Sequence[Mapping[str, Any]]
    tail: Sequence[str]
    sums: Mapping[str, int]
    name: str
    weights_digest: str

    def check(self) -> None:
        super().check()
        if len(self.blocks) != self.branch_ratio.shape[1]:
            raise RecordError(f"{len(self.blocks)} blocks, but {self.branch_ratio.shape[1]} branch ratios")
        for number, block in enumerate(self.blocks, start=1):
            if set(block) != FIELDS or block["kind"] not in KINDS:
                raise RecordError(f"block {number} must have {', '.join(sorted(FIELDS))}, and a kind of {KINDS}")
        alone = np.array([block["kind"] == "none" for block in self.blocks], dtype=bool)
        if not np.isnan(self.skip_share[:, alone]).all() or not np.isnan(self.branch_ratio[:, alone]).all():
            raise RecordError("skip_share and branch_ratio must be NaN where a block has no shortcut")
