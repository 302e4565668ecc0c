"""The gradient's journey, as chapters tell it: through a network of the simulator, or through somebody's own.

A chapter asks :func:`journeys` and draws what it gets; it need not know where that was measured:

    (self.journey,) = journeys(self, [self.parameters("highway").only(Network)])
    self.journey.log10[PLAIN, 0]        # what is left of the signal at the input
    self.journey.bridged                # the blocks over which an overpass may be drawn
    self.journey.copy                   # what may be said of it: "exact", "after" or "changed"

What only the simulator has (cargo, other weights of the same network) is told where `journey.net` is not None. A
chapter that draws networks of one's own says so: `lacks: ClassVar = ""` (see Lecture).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BEHIND = "behind "  # how records name layers between a sum and the next fork
FOLLOWING = {"tanh": "Tanh", "relu": "Relu", "gelu": "Gelu", "sigmoid": "Sigmoid"}  # activations as autograd names them


class Chapter(Protocol):
    """What a chapter can be asked for."""

    def networks(self) -> tuple[Any, ...]: ...

    def records(self, experiment: str, wanted: Sequence[Any]) -> list[Any]: ...


@dataclass(frozen=True)
class Journey:
    """What was measured on a network's way back, with shortcuts and without. Axes: skip 0 plain, 1 residual; states 0
    (at the input) … depth; blocks 0 … depth − 1.

    log10    [skip, state]  mean log10 of the gradient signal, relative to the last state
    weights  [skip]         mean log10 of what the first weights are told, relative to the last ones; NaN without any
    share    [block]        mean share of the gradient before a block that its shortcut has handed back; NaN without one
    ratio    [block]        mean ‖F‖ / ‖x‖; NaN where a block has no shortcut
    layers   [block]        weight layers of its branch
    kinds    [block]        of its shortcut: identity (times a factor), reshaped, affine, projection, or none
    factors  [block]        what the shortcut is multiplied by in the sum: 1, mostly
    names    [block]        its name in the code, as short as may be; empty for the simulator's
    tail     what acts behind the sums before the next block, by autograd's names: ("Relu",), ("NativeLayerNorm",)
    source   "loss", or "random": a random gradient at the output
    name     of a network of one's own; net: the simulator's parameters, None for a network of one's own
    seeds, examples: how many
    record   a profile, or a NetworkRecord with the same fields: what claims are about
    """

    log10: Floats
    weights: Floats
    share: Floats
    ratio: Floats
    layers: NDArray[np.int64]
    kinds: tuple[str, ...]
    factors: Floats
    names: tuple[str, ...]
    tail: tuple[str, ...]
    source: str
    name: str
    seeds: int
    examples: int
    record: Any
    net: Any = None

    @property
    def depth(self) -> int:
        return len(self.kinds)

    @property
    def dtype(self) -> str:
        return str(self.record.params.get("dtype", "float64"))

    @property
    def bridged(self) -> NDArray[np.bool_]:
        """[block] whether a shortcut leads over it."""
        return np.array([kind != "none" for kind in self.kinds])

    @property
    def copy(self) -> str:
        """What a shortcut hands back, at worst: an "exact" copy; one that has to pass what follows the sum ("after");
        or one that its own layer, norm or factor has "changed"."""
        if changes(self.kinds, self.factors):
            return "changed"
        return "after" if self.tail else "exact"

    @property
    def change(self) -> str:
        """What "changed" copies, in most of the blocks that do: reshaped, affine, projection or factor; "" if none."""
        kinds = Counter(kind for kind in self.kinds if kind not in ("identity", "none"))
        if kinds:
            return kinds.most_common(1)[0][0]
        return "" if (self.factors == 1).all() else "factor"


def changes(kinds: Sequence[str], factors: Floats) -> bool:
    """Whether some shortcut hands on something else than what it was given."""
    return any(kind not in ("identity", "none") for kind in kinds) or bool((np.asarray(factors) != 1).any())


def journeys(chapter: Chapter, nets: Sequence[Any]) -> list[Journey]:
    """The stops of a network of one's own (one, unless `atajos measure --vary` was asked for several), if the chapter
    was given one; else the profiles of `nets`, parameters of the experiment `profile`.

    Raises UsageError for a file that is no record of a network, and as `records` does.
    """
    own = chapter.networks()
    if own:
        return [own_journey(record) for record in own]
    records = chapter.records("profile", nets)
    return [simulated(record, net) for record, net in zip(records, nets, strict=True)]


def own_journey(record: Any) -> Journey:
    """The journey of a NetworkRecord."""
    blocks = record.blocks
    with_weights = [index for index, block in enumerate(blocks) if block["parameters"]]
    return Journey(
        **_measured(record, with_weights),
        layers=np.array([block["layers"] for block in blocks], dtype=np.int64),
        kinds=tuple(block["kind"] for block in blocks),
        factors=np.array([block["factor"] for block in blocks], dtype=float),
        names=shortened([block["name"] for block in blocks]),
        tail=tuple(record.tail),
        source="random" if record.params["loss"] == "random" else "loss",
        name=record.name,
        seeds=len(record.seeds),
        examples=record.params["batch"],
        record=record,
    )


def simulated(record: Any, net: Any) -> Journey:
    """The journey of a ProfileRecord, measured with the parameters `net`."""
    depth = net.depth
    return Journey(
        **_measured(record, range(depth)),
        layers=np.full(depth, net.layers_per_block, dtype=np.int64),
        kinds=("identity",) * depth,
        factors=np.ones(depth),
        names=("",) * depth,
        tail=(FOLLOWING[net.activation],) if net.order == "post" and net.activation != "linear" else (),
        source=net.cotangent,
        name="",
        seeds=net.seeds,
        examples=net.batch,
        record=record,
        net=net,
    )


def _measured(record: Any, with_weights: Sequence[int]) -> Mapping[str, Floats]:
    with np.errstate(all="ignore"):
        told = np.log10(record.weight_gradient)
        weights = np.full(2, np.nan)
        if with_weights:
            weights = (told[..., with_weights[0]] - told[..., with_weights[-1]]).mean(axis=1)
    return {
        "log10": record.mean_log10_relative(),
        "weights": np.asarray(weights),
        "share": record.skip_share.mean(axis=0),
        "ratio": record.branch_ratio.mean(axis=0),
    }


def shortened(names: Sequence[str]) -> tuple[str, ...]:
    """Names of modules without what they all begin with, but for the last of it: h.0.attn of transformer.h.0.attn.

    What lies behind a module, "behind h.0", becomes "h.0 ›".
    """
    parts = [name.removeprefix(BEHIND).split(".") for name in names]
    common = 0
    while all(len(part) > common + 1 and part[common] == parts[0][common] for part in parts):
        common += 1
    short = [".".join(part[max(0, common - 1) :]) for part in parts]
    return tuple(f"{one} ›" if name.startswith(BEHIND) else one for one, name in zip(short, names, strict=True))
