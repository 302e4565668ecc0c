"""Tables of the experiments that look into a network at initialisation: routes, gains, profiles, activations."""

from __future__ import annotations

from typing import Annotated, Any, Self, TypeVar

from pydantic import Field, model_validator

from sim import memory
from sim.sections import Depth, Gain, Profile, Section, integer, number

P = TypeVar("P", bound=Profile)

ROUTE_BY_ROUTE = 10  # blocks up to which each of the 2^depth routes is followed by itself
EXACT_WIDTH = 128  # units up to which a Jacobian is written out


def refuse_beyond(needed: int, what: str) -> None:
    """Raises ValueError if that many bytes are more than an experiment may take."""
    if needed > memory.LIMIT:
        raise ValueError(
            f"{what}: would need about {needed / 2**30:.1f} GiB of memory; at most {memory.LIMIT / 2**30:.0f} GiB is "
            "allowed: take less of one of them"
        )


class Routes(Profile):
    """The residual network whose routes are counted; keys as in [profile]."""

    @property
    def by_route(self) -> bool:
        """Whether every route is followed by itself."""
        return self.depth <= ROUTE_BY_ROUTE

    @property
    def bytes_per_seed(self) -> int:
        """Gradients of all groups of routes, or of all routes, as they are, on their way and put together."""
        vectors = 2**self.depth if self.by_route else self.depth + 1
        units = self.width * (memory.PIXELS if self.block == "conv" else 1)
        return 8 * (5 + 9 * (self.block == "conv")) * vectors * self.batch * units + memory.bytes_per_seed(self)

    @model_validator(mode="after")
    def _routes_fit(self) -> Self:
        refuse_beyond(self.bytes_per_seed, f"depth = {self.depth}, width = {self.width}, batch = {self.batch}")
        return self


class Gains(Profile):
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


class Profiles(Section):
    """Sweeps over depth and gain: a profile of `network` at every pair of stops."""

    depths: Annotated[
        tuple[Depth, ...], Field(min_length=1, max_length=12, description="1 to 12 rising whole numbers from 1 to 512")
    ]
    gains: Annotated[
        tuple[Gain, ...], Field(min_length=1, max_length=12, description='1 to 12 gains: numbers, "he" or "torch"')
    ]
    network: Profile

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if any(a >= b for a, b in zip(self.depths, self.depths[1:], strict=False)):
            raise ValueError(f"depths = {list(self.depths)}: each must be deeper than the last")
        self.network.replace(depth=self.depths[-1])  # memory
        return self


class Activations(Profile):
    """The networks whose hidden states are shown; keys as in [profile], and the digits to follow."""

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
        if self.block == "mlp" and self.width != memory.PIXELS:
            problems.append(f"width = {self.width} with block = mlp: a state is shown as 8×8 units; width = 64")
        if len(self.shown) > self.batch:
            problems.append(f"batch = {self.batch} with shown = {list(self.shown)}: a batch that holds them")
        if problems:
            raise ValueError("; ".join(problems))
        return self


class Highway(Activations):
    """The network whose road the film drives along; keys as in [activations], and what the chapters do with it."""

    quiet: Annotated[float, number(0, 1)]
    strong: Gain
    traffic: Annotated[int, integer(1, 6)]

    def only(self, kind: type[P], **changes: Any) -> P:
        """The keys that another table shares with this one, some of them changed."""
        return kind.model_validate({name: getattr(self, name) for name in kind.model_fields} | changes)
