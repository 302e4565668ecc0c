"""Experiment `activations`: what becomes of a few digits. Its parameters, its record, its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from sim.records.record import Record, RecordError, Status, agree
from sim.records.table import put_out, some, table, trouble
from sim.sections.fields import integer
from sim.sections.network import Network

if TYPE_CHECKING:
    from jaxtyping import Float64, Int64


class Activations(Network):
    """The networks whose hidden states are shown; keys as in [network], and the digits to follow."""

    kept: ClassVar[frozenset[str]] = frozenset({"input"})  # digits

    shown: Annotated[
        tuple[Annotated[int, integer(0, 9)], ...],
        Field(min_length=1, max_length=10, description="1 to 10 different digits from 0 to 9"),
    ]

    @model_validator(mode="after")
    def _has_maps(self) -> Self:
        problems = []
        if len(set(self.shown)) < len(self.shown):
            problems.append(f"shown = {list(self.shown)}: every digit once")
        if self.input != "digits":
            problems.append(f"input = {self.input}: there are no digits to follow; input = digits")
        if len(self.shown) > self.batch:
            problems.append(f"batch = {self.batch} with shown = {list(self.shown)}: a batch that holds them")
        if problems:
            raise ValueError("; ".join(problems))
        return self


@dataclass(frozen=True, eq=False)
class ActivationsRecord(Record):
    """Hidden states of a few digits, plain and residual with the same weights, as 8×8 maps.

    maps         h_l of each digit as an image, l = 0 … depth: the 64 units of an MLP in the order of the pixels; of a
                 convolution, or of an MLP of another width, what a linear reader, fitted to h_0 and the same at every
                 l, makes of it.
    branch_maps  βF of the residual network, likewise; what is added to h_{l−1}.
    cosine       Cosine of the angle between the whole of h_l and h_0, −1 to 1; NaN where a state is zero or not finite.
    others       The same with h_0 of the batch's examples of other classes, averaged over them: what likeness is worth.
                 NaN where there are none, and where cosine is.
    probe        How many of the digits, 0 to 1, a linear probe reads from h_l: fitted to every second one of those
                 sent through (ridge regression on ten classes), tried on the rest. NaN if a state is not finite.
    status       A `Status`. OK, ZERO: the state is zero; OVERFLOW and NAN of the state.
    images       The digits' pixels, 0 to 1. labels: which digits they are.
    seeds        The seed of each network.

    Raises RecordError if shapes, dtypes or invariants do not hold.
    """

    maps: Float64[np.ndarray, "skip=2 seed depth+1 digit 8 8"]
    branch_maps: Float64[np.ndarray, "seed depth digit 8 8"]
    cosine: Float64[np.ndarray, "skip=2 seed depth+1 digit"]
    others: Float64[np.ndarray, "skip=2 seed depth+1 digit"]
    probe: Float64[np.ndarray, "skip=2 seed depth+1"]
    status: Int64[np.ndarray, "skip=2 seed depth+1 digit"]
    images: Float64[np.ndarray, "digit 8 8"]
    labels: Int64[np.ndarray, " digit"]
    seeds: Int64[np.ndarray, " seed"]

    def check(self) -> None:
        if (self.probe < 0).any() or (self.probe > 1).any():
            raise RecordError("probe is a share, from 0 to 1")
        agree("cosine", self.cosine[..., None], self.status == Status.OK)


def show_activations(record: ActivationsRecord) -> None:
    """Cosine similarity of the hidden states to the input, digit by digit: plain / residual."""
    cosine, others, probe = record.cosine.mean(1), record.others.mean((1, 3)), record.probe.mean(1)
    out = table(
        "Cosine similarity to h_0 of the digit and of others; what a linear probe reads; plain / residual",
        f"mean over {len(record.seeds)} seeds; same weights plain and residual{trouble(record.status)}",
        ("state", *(f"digit {label}" for label in record.labels), "others", "probe"),
    )
    for state in some(cosine.shape[1] - 1):
        pairs = [*cosine[:, state].T, others[:, state]]
        read = " / ".join(f"{100 * share:.0f} %" for share in probe[:, state])
        out.add_row(f"h_{state}", *(f"{a:+.3f} / {b:+.3f}" for a, b in pairs), read)
    put_out(out)
