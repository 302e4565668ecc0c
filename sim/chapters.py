"""Tables of the parameter file that chapters of the film read: what they do with a network, not what is measured."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import Field, model_validator

from sim.experiments.activations import Activations
from sim.experiments.training import Training
from sim.sections.fields import Section, integer, number, number_or_word
from sim.sections.learner import Rate, Seeds
from sim.sections.network import Depth, Gain, Identity, Network
from sim.sections.overrides import shown

P = TypeVar("P", bound=Network)


class Highway(Activations):
    """The network whose road the film drives along; keys as in [activations], and what the chapters do with it."""

    kept: ClassVar[frozenset[str]] = Activations.kept | {"skip_scale"}

    skip_scale: Identity
    quiet: Annotated[float, number(0, 1)]
    strong: Gain
    traffic: Annotated[int, integer(1, 6)]

    def only(self, kind: type[P], **changes: Any) -> P:
        """The keys that another table shares with this one, some of them changed."""
        return kind.model_validate({name: getattr(self, name) for name in kind.model_fields} | changes)


class WhyOne(Network):
    """The network of the clip WhyOne, and the numbers by which its shortcuts multiply instead of 1."""

    kept: ClassVar[frozenset[str]] = frozenset({"skip_scale"})

    skip_scale: Annotated[
        float | str,
        number_or_word(lambda s: s == 1),
        Field(description="1: the clip puts less and more, a gate and a projection in its place"),
    ]
    less: Annotated[float, number(0.5, 0.999)]
    more: Annotated[float, number(1.001, 2)]

    def with_skip(self, scale: float | str, branches: bool = True) -> Network:
        """The same network with another shortcut; without ``branches`` they add nothing, β = 0."""
        shared = {name: getattr(self, name) for name in Network.model_fields}
        dead = {} if branches else {"branch_scale": 0.0}
        return Network.model_validate(shared | {"skip_scale": scale} | dead)


class Twist(Network):
    """The network of the batch-norm twist, of which the norm is the point."""

    kept: ClassVar[frozenset[str]] = frozenset({"norm"})


class GradientFlow(Section):
    """The chapter GradientFlow: the stops of its two dials, and the network of its batch-norm twist."""

    depths: Annotated[
        tuple[Depth, ...], Field(min_length=2, max_length=6, description="2 to 6 rising whole numbers from 1 to 512")
    ]
    gains: Annotated[
        tuple[Gain, ...], Field(min_length=2, max_length=4, description='2 to 4 gains: numbers, "he" or "torch"')
    ]
    bn: Twist

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if any(a >= b for a, b in zip(self.depths, self.depths[1:], strict=False)):
            raise ValueError(f"depths = {shown(list(self.depths))}: each stop of the dial must be deeper than the last")
        return self


class AfterTraining(Section):
    """The clip AfterTraining: the networks of [training] without their norm, by either optimiser."""

    gain: Gain
    sgd: Rate
    adam: Rate
    seeds: Seeds

    def bare(self, training: Training, optimiser: Literal["sgd", "adam"]) -> Training:
        """The same networks without a norm; no more seeds than there, so that it needs no more memory."""
        seeds = min(self.seeds, training.seeds)
        return training.replace(
            norm="none",
            gain=self.gain,
            optimiser=optimiser,
            learning_rates=(self.sgd if optimiser == "sgd" else self.adam,),
            seeds=seeds,
            search_seeds=min(seeds, training.search_seeds),
        )
