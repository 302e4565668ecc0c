"""What the tables of the experiments that train share."""

from __future__ import annotations

import itertools
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from sim.sections import memory
from sim.sections.fields import Section, integer, number
from sim.sections.network import (
    DIGITS,
    GAINS,
    Activation,
    Gain,
    Kind,
    LayersPerBlock,
    Network,
    Norm,
    Order,
    Precision,
    Seed,
    Width,
)

Layers = Annotated[int, integer(1, 512)]
Step = Annotated[int, integer(0, 100_000)]
Rate = Annotated[float, number(1e-9, 1e9)]
Digit = Annotated[int, integer(0, 9)]
Rates = Annotated[tuple[Rate, ...], Field(min_length=1, max_length=12, description="1 to 12 rising numbers")]
Steps = Annotated[tuple[Step, ...], Field(min_length=1, max_length=64, description="1 to 64 rising whole numbers")]
Depths = Annotated[tuple[Layers, ...], Field(min_length=1, max_length=6, description="1 to 6 rising whole numbers")]
Batch = Annotated[int, integer(2, DIGITS)]
Seeds = Annotated[int, integer(1, 100)]
KEPT = 8  # values the tape keeps of one layer per unit of its state: inputs, outputs, norms, and gradients on their way


def bytes_of(dtype: str) -> int:
    return 8 if dtype == "float64" else 4


class Learner(Section):
    """The table [learner]: what the experiments that train inherit. How long each trains is its own."""

    block: Kind
    order: Order
    norm: Norm
    layers_per_block: LayersPerBlock
    activation: Activation
    width: Width
    gain: Gain
    batch: Batch
    learning_rates: Rates
    search_seeds: Seeds
    momentum: Annotated[float, number(0, 0.9999)]
    eval_examples: Annotated[int, integer(2, DIGITS)]
    seeds: Seeds
    seed: Seed
    dtype: Precision


class Trained(Section):
    """What every experiment that trains has: a network's kind, examples, steps and seeds."""

    base: ClassVar[str | None] = "learner"

    block: Kind
    order: Order
    norm: Norm
    width: Width
    gain: Gain
    batch: Batch
    steps: Annotated[int, integer(1, 100_000)]
    learning_rates: Rates
    seeds: Seeds
    seed: Seed
    dtype: Precision

    @property
    def gain_value(self) -> float:
        """g in W ~ N(0, g²/fan_in): see Network."""
        return GAINS[self.gain] if isinstance(self.gain, str) else self.gain

    def problems(self) -> list[str]:
        """What does not fit together, each a sentence."""
        found = []
        if falls(self.learning_rates):
            found.append(f"learning_rates = {list(self.learning_rates)}: each must be greater than the last")
        if (needed := self.memory_needed()) > memory.LIMIT:
            found.append(
                f"width = {self.width}, batch = {self.batch}, seeds = {self.seeds}: would need about "
                f"{needed / 2**30:.1f} GiB of memory; at most {memory.LIMIT / 2**30:.0f} GiB is allowed: take a "
                "smaller width, batch or depth, or fewer seeds"
            )
        return found

    def memory_needed(self) -> int:
        """Peak bytes of the training, known before anything is allocated."""
        raise NotImplementedError

    def state_bytes(self, networks: int, layers: int, width: int) -> int:
        """What `networks` networks side by side keep for one step of training."""
        pixels = memory.PIXELS if self.block == "conv" else 1
        weights = 4 * width**2 * (9 if self.block == "conv" else 1)
        return bytes_of(self.dtype) * networks * layers * (KEPT * self.batch * width * pixels + weights)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if problems := self.problems():
            raise ValueError("; ".join(problems))
        return self


class Classifier(Trained, Learner):
    """Networks that learn to read the digits, by SGD with momentum and the best of some learning rates."""

    eval_every: Annotated[int, integer(1, 100_000)]

    def stepper(self) -> str:
        """Who moves the weights: "sgd" or "adam"."""
        return "sgd"

    def branch_scale_value(self, blocks: int) -> float:
        """β of a network of so many blocks."""
        return 1.0

    def all_layers(self) -> tuple[int, ...]:
        """The numbers of layers of all networks trained."""
        raise NotImplementedError

    def network(self) -> Network:
        """The keys that decide what is drawn at random; one block stands for all, as each is drawn alone."""
        return Network(
            block=self.block, order=self.order, norm=self.norm, layers_per_block=self.layers_per_block,
            activation=self.activation, depth=1, width=self.width, gain=self.gain, bias="normal",
            bias_std=0.0, branch_scale=1.0, skip_scale=1.0, gate_bias=0.0,
            input="digits", batch=DIGITS, cotangent="loss", seeds=1, seed=self.seed, dtype="float64",
        )  # fmt: skip

    def memory_needed(self) -> int:
        networks = max(self.seeds, len(self.learning_rates) * self.search_seeds)
        pixels = memory.PIXELS if self.block == "conv" else 1
        examples = bytes_of(self.dtype) * self.seeds * DIGITS * self.width * pixels
        return 2 * self.state_bytes(networks, max(self.all_layers()), self.width) + examples

    def problems(self) -> list[str]:
        found = super().problems()
        for layers in self.all_layers():
            if layers % self.layers_per_block:
                found.append(
                    f"{layers} layers with layers_per_block = {self.layers_per_block}: not a whole number of blocks; "
                    f"a multiple of {self.layers_per_block}"
                )
        if self.search_seeds > self.seeds:
            found.append(f"search_seeds = {self.search_seeds} with seeds = {self.seeds}: at most as many")
        if self.eval_examples < self.batch:
            found.append(f"eval_examples = {self.eval_examples} with batch = {self.batch}: at least one batch")
        return found


def falls(values: tuple[float, ...]) -> bool:
    return any(a >= b for a, b in itertools.pairwise(values))
