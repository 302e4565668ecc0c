"""Experiment `starts`: where can a network be started at all? Its parameters, its record, its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sim.records.record import Record, RecordError
from sim.records.table import put_out, some, spread, table
from sim.sections.fields import Section, integer, number
from sim.sections.learner import Batch, Classifier, Rates, Seeds
from sim.sections.network import DIGITS, BranchScale, Depth, Gain, Identity, Network, Norm, Precision

if TYPE_CHECKING:
    from jaxtyping import Float64, Int64


class Kind(NamedTuple):
    """A kind of network on the map: its name, whether it has shortcuts, its norm; scaled: β = 1/√depth."""

    name: str
    skip: bool
    norm: Norm
    scaled: bool = False


KINDS = (
    Kind("plain", False, "none"),
    Kind("residual", True, "none"),
    Kind("scaled", True, "none", scaled=True),
    Kind("plain_norm", False, "batch"),
    Kind("residual_norm", True, "batch"),
)


class Ground(Network):
    """The network of the map: without biases, and fed with digits, as it is trained from some of its points."""

    kept: ClassVar[frozenset[str]] = frozenset({"bias", "bias_std", "input", "skip_scale"})

    skip_scale: Identity

    @model_validator(mode="after")
    def _is_trainable(self) -> Self:
        if self.bias != "normal" or self.bias_std != 0:
            raise ValueError(f"bias = {self.bias}, bias_std = {self.bias_std}: trained without biases; bias_std = 0")
        if self.input != "digits":
            raise ValueError(f"input = {self.input}: trained on digits; input = digits")
        return self


class Schedule(Section):
    """How networks are trained from points of the map."""

    base: ClassVar[str | None] = "learner"

    batch: Batch
    steps: Annotated[int, integer(1, 100_000)]
    eval_every: Annotated[int, integer(1, 100_000)]
    learning_rates: Rates
    search_seeds: Seeds
    momentum: Annotated[float, number(0, 0.9999)]
    eval_examples: Annotated[int, integer(2, DIGITS)]
    seeds: Seeds
    dtype: Precision


class Runner(Classifier):
    """One kind of network at one point of the map, ready to be trained."""

    layers: int
    branch_scale: BranchScale

    def all_layers(self) -> tuple[int, ...]:
        return (self.layers,)

    def branch_scale_value(self, blocks: int) -> float:
        return blocks**-0.5 if isinstance(self.branch_scale, str) else self.branch_scale


Point = Annotated[tuple[Depth, Gain], Field(description='a depth and a gain, as [56, 1.0] or [56, "he"]')]


class Starts(Section):
    """A map over depth and weight scale, and points of it from which networks are trained."""

    depths: Annotated[
        tuple[Depth, ...], Field(min_length=1, max_length=40, description="1 to 40 rising whole numbers from 1 to 512")
    ]
    gains: Annotated[
        tuple[Gain, ...], Field(min_length=1, max_length=40, description='1 to 40 gains: numbers, "he" or "torch"')
    ]
    points: Annotated[tuple[Point, ...], Field(max_length=8, description="up to 8 pairs of a depth and a gain")]
    network: Ground
    training: Schedule

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if any(a >= b for a, b in zip(self.depths, self.depths[1:], strict=False)):
            raise ValueError(f"depths = {list(self.depths)}: each must be deeper than the last")
        self.network.replace(depth=self.depths[-1], norm="batch")  # memory
        for depth, gain in self.points:
            self.runner(KINDS[-1], depth, gain)
        return self

    def runner(self, kind: Kind, depth: int, gain: float | str) -> Runner:
        """What is trained. Raises pydantic's ValidationError if it does not fit."""
        net = self.network
        shared = {name: getattr(net, name) for name in Runner.model_fields if name in Network.model_fields}
        return Runner.model_validate(
            shared
            | self.training.model_dump()
            | {
                "layers": depth * net.layers_per_block,
                "gain": gain,
                "norm": kind.norm,
                "branch_scale": "1/sqrt(depth)" if kind.scaled else net.branch_scale,
            }
        )


@dataclass(frozen=True, eq=False)
class StartsRecord(Record):
    """The gradient signal at the input, over depth and weight scale, of five kinds of network; and who learns.

    Axis kind: as KINDS: plain, residual, residual with β = 1/√depth, plain and residual with batch norm; the same
    weights. Axes gain and depth: the map; point: where networks are trained from; run: the seeds that are trained.

    signal           log10 of the gradient signal at h_0 over that at h_L (see ProfileRecord), at initialisation. −inf:
                     it is zero, or fainter than the dtype; +inf: infinite; NaN: neither can be told.
    depths, gains    Of the map: blocks, and g with words resolved. seeds: of its networks.
    point_depths, point_gains  Of the points.
    train_error      In percent, from every point, at `check_steps`, at the best rate (see DegradationRecord).
    best_lr, learning_rates, diverged_at  As there.

    Raises RecordError if shapes, dtypes or invariants do not hold.
    """

    signal: Float64[np.ndarray, "kind=5 gain depth seed"]
    depths: Int64[np.ndarray, " depth"]
    gains: Float64[np.ndarray, " gain"]
    seeds: Int64[np.ndarray, " seed"]
    point_depths: Int64[np.ndarray, " point"]
    point_gains: Float64[np.ndarray, " point"]
    train_error: Float64[np.ndarray, "kind=5 point run check"]
    check_steps: Int64[np.ndarray, " check"]
    learning_rates: Float64[np.ndarray, " lr"]
    best_lr: Float64[np.ndarray, "kind=5 point"]
    diverged_at: Int64[np.ndarray, "kind=5 point run"]

    def check(self) -> None:
        if not (np.isfinite(self.train_error[..., -1]) == (self.diverged_at < 0)).all():
            raise RecordError("diverged_at contradicts train_error")

    def median_signal(self) -> NDArray[np.float64]:
        """Median over seeds of `signal`; NaN counts as lost: [kind, gain, depth]."""
        return np.asarray(np.median(np.where(np.isnan(self.signal), -np.inf, self.signal), axis=-1))

    def final_error(self) -> NDArray[np.float64]:
        """Training error after the last step, in percent; NaN if diverged: [kind, point, run]."""
        return self.train_error[..., -1]


def show_starts(record: StartsRecord) -> None:
    """The signal at h_0 over the map, some of it, and what came of training from each point."""
    signal = record.median_signal()
    deep = some(len(record.depths) - 1, 5)
    for kind, values in zip(KINDS, signal, strict=True):
        out = table(
            f"Gradient signal at h_0 / h_L, log10: {kind.name}",
            f"median of {len(record.seeds)} seeds, at initialisation; same weights for all kinds",
            ("gain", *(f"{record.depths[index]} blocks" for index in deep)),
        )
        for row in some(len(record.gains) - 1, 7):
            out.add_row(f"{record.gains[row]:.3g}", *(f"{values[row, index]:+.1f}" for index in deep))
        put_out(out)
    if not len(record.point_depths):
        return
    p = record.params["training"]
    out = table(
        f"Training error after {p['steps']} steps, from points of the map",
        f"%, median of {p['seeds']} seeds (lowest to highest); SGD, best of the rates "
        f"{', '.join(f'{rate:g}' for rate in record.learning_rates)}",
        ("blocks", "gain", *(kind.name for kind in KINDS)),
    )
    final = record.final_error()
    for index, (depth, gain) in enumerate(zip(record.point_depths, record.point_gains, strict=True)):
        out.add_row(str(depth), f"{gain:.3g}", *(spread(final[kind, index]) for kind in range(len(KINDS))))
    put_out(out)
