"""The table that most experiments share: a pair of networks, and what is sent through them."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from sim.sections import memory
from sim.sections.fields import Section, integer, number, number_or_word

DIGITS = 1797  # images in scikit-learn's set
GAINS = {"he": math.sqrt(2), "torch": 1 / math.sqrt(3)}
Kind = Literal["conv", "mlp"]
Order = Literal["literal", "open", "post", "pre"]
Norm = Literal["batch", "none"]
Activation = Literal["tanh", "relu", "sigmoid", "linear", "gelu"]
Bias = Literal["normal", "torch"]
Precision = Literal["float64", "float32"]
LayersPerBlock = Annotated[int, integer(1, 2)]
Depth = Annotated[int, integer(1, 512)]
Width = Annotated[int, integer(1, 1024)]
Seed = Annotated[int, integer(0, 2**31 - 1)]

Gain = Annotated[
    float | str,
    number_or_word(lambda g: 0 < g <= 1000, *GAINS),
    Field(description='a number above 0, up to 1000, or "he" or "torch"'),
]

BranchScale = Annotated[
    float | str,
    number_or_word(lambda b: -100 <= b <= 100, "1/sqrt(depth)"),
    Field(description='a number from -100 to 100, or "1/sqrt(depth)"'),
]

SkipScale = Annotated[
    float | str,
    number_or_word(lambda s: -100 <= s <= 100, "gate", "projection"),
    Field(description='a number from -100 to 100, or "gate" or "projection"'),
]

# Of a table whose chapter says that a shortcut hands on an exact copy.
Identity = Annotated[
    float | str,
    number_or_word(lambda s: s == 1),
    Field(description="1: its chapter speaks of shortcuts that hand on a copy; [profile] takes others"),
]


class Network(Section):
    """A pair of networks, plain and residual with the same weights, and what is sent through them."""

    base: ClassVar[str | None] = "network"

    block: Kind
    order: Order
    norm: Norm
    layers_per_block: LayersPerBlock
    activation: Activation
    depth: Depth
    width: Width
    gain: Gain
    bias: Bias
    bias_std: Annotated[float, number(0, 100)]
    branch_scale: BranchScale
    skip_scale: SkipScale
    gate_bias: Annotated[float, number(-100, 100)]
    input: Literal["digits", "gaussian"]
    batch: Annotated[int, integer(1, 4096)]
    cotangent: Literal["loss", "random"]
    seeds: Annotated[int, integer(1, 1000)]
    seed: Seed
    dtype: Precision

    def replace(self, **changes: Any) -> Self:
        """As of any table; a deviation for biases that comes alone makes them "normal"."""
        return super().replace(**({"bias": "normal"} if "bias_std" in changes else {}) | changes)

    @property
    def gain_value(self) -> float:
        """g in W ~ N(0, g²/fan_in). "he": √2 (He et al. 2015b, eq. 10); "torch": 1/√3, nn.Linear's default."""
        return GAINS[self.gain] if isinstance(self.gain, str) else self.gain

    @property
    def branch_scale_value(self) -> float:
        """β in H = x + βF(x)."""
        return self.depth**-0.5 if isinstance(self.branch_scale, str) else self.branch_scale

    @model_validator(mode="after")
    def _fits(self) -> Self:
        problems = []
        if self.input == "digits" and self.batch > DIGITS:
            problems.append(
                f"batch = {self.batch} with input = digits: there are {DIGITS} digits; a batch up to {DIGITS}"
            )
        if self.norm == "batch" and self.block == "mlp" and self.batch < 2:
            problems.append("batch = 1 with norm = batch: one example has no statistics; a batch of 2 or more")
        if (needed := memory.estimate(self)) > memory.LIMIT:
            problems.append(
                f"depth = {self.depth}, width = {self.width}, batch = {self.batch}, seeds = {self.seeds}: would need "
                f"about {needed / 2**30:.1f} GiB of memory; at most {memory.LIMIT / 2**30:.0f} GiB is allowed: take a "
                "smaller depth, width or batch"
            )
        if problems:
            raise ValueError("; ".join(problems))
        return self
