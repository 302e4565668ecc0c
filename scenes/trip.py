"""What the chapters of the road share: the records of [highway], and what may truly be said of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.figures.valley.convoy import Load
from scenes.figures.valley.valley import Valley
from scenes.kit.claims import roads
from scenes.kit.claims.chapters import Side
from scenes.kit.claims.roads import Roads
from scenes.kit.drawing.numbers import Agreed
from scenes.kit.drawing.split import Split
from scenes.kit.reading.agreement import digits_of, digits_of_logs, logs_of
from scenes.kit.reading.networks import journeys
from scenes.kit.reading.sample import sampled
from scenes.kit.telling.filmed import Filmed
from scenes.kit.telling.network import agreed, layers
from sim.experiments.activations import Activations
from sim.records.record import RESIDUAL
from sim.sections.network import Network

Floats = NDArray[np.float64]
MOST = {True: 14, False: 6}  # states whose cargo is shown at once, in wide formats and in others


class Trip(Filmed):
    """A journey along the road of one network: that of [highway], or one of one's own.

    ``net`` are the parameters, None for a network of one's own: then there is no cargo, and no other weights.
    """

    lacks = ""
    net: Any = None
    cargo: Any = None  # record of `activations`; None without one
    idle: Any = None  # the same with branches that add next to nothing
    strong: Any = None  # the profile of the same network with larger weights

    def setup(self) -> None:
        highway = self.parameters("highway")
        (self.journey,) = journeys(self, [highway.only(Network)])[:1]
        self.net = highway if self.journey.net is not None else None
        self.depth = self.journey.depth
        _, self.shown = sampled(self.depth, MOST[self.stage.wide])
        if self.net is not None:
            quiet = self.net.only(Activations, branch_scale=self.net.quiet)
            self.cargo, self.idle = self.records("activations", [self.net.only(Activations), quiet])
            self.seed = roads.carrier(self.cargo)
            (self.strong,) = self.records("profile", [self.net.only(Network, gain=self.net.strong)])
        self.facts = Roads(self.journey.record, self.strong, self.cargo, self.idle)

    def enter(self, world: Any, title: str | None = None) -> None:
        """Stand in the valley; the blocks of a network of one's own have their names in its code on their halls."""
        for valley in (world.upper, world.lower) if isinstance(world, Split) else (world,):
            if self.net is None:
                valley.halls.board(self.journey.names)
        super().enter(world, title)

    # what is drawn

    def log10(self, skip: int) -> Floats:
        """log10 of the signal at every state."""
        return np.asarray(self.journey.log10[skip])

    def strong_log10(self, skip: int) -> Floats:
        return np.asarray(self.strong.mean_log10_relative()[skip])

    def load(self, skip: int, idle: bool = False) -> Load | None:
        """The first digit at all states, each image on a scale of its own from black to white, which is said."""
        record = self.idle if idle else self.cargo
        if record is None:
            return None
        maps = record.maps[skip, self.seed][:, 0]
        scales = [self.scale_of(contrast) for contrast in roads.contrasts(maps)]
        last = self.narration.text("last", scale=scales[-1]) if scales[-1] else ""
        return Load(stretched(maps), record.cosine[skip, self.seed, :, 0], scales, last)

    def scale_of(self, contrast: float) -> str:
        """By how much an image of that contrast was stretched, so as to be seen; nothing, if it hardly was."""
        with np.errstate(all="ignore"):
            return self.narration.clause("shown_as", contrast, times=self.numbers.signal(-float(np.log10(contrast))))

    def names(self) -> list[list[str]]:
        """What stands on the bays of a hall: a layer's number, and what it does."""
        text = self.narration.text
        if self.net is None:
            return [[text("layer", number=1)]]
        steps = layers(self.net, self.narration)[0]
        return [[text("layer", number=i + 1), *step] for i, step in enumerate(steps)]

    def agreeing(self, record: Any) -> Agreed:
        """How the signals of a profile are written: to the digits that its seeds agree on."""
        return agreed(self.numbers, record)

    @property
    def agreed(self) -> Agreed:
        """The same of the network's own."""
        return self.agreeing(self.journey.record)

    def name_halls(self, *valleys: Valley) -> None:
        """Blocks of a network of one's own have names in the code, which stand on their halls."""
        for valley in valleys:
            if self.net is None:
                valley.halls.board(self.journey.names)

    def words(self) -> dict[str, str]:
        return {
            key: self.narration.text(key) for key in ("likeness", "left", "plain", "residual", "x", "input", "loss")
        }

    def drawn(self) -> dict[str, Any]:
        """The digit that sets out, and how the weights of the network were drawn."""
        if self.net is None:
            return {}
        biases = self.narration.clause("biases", self.journey.record)
        return {"digit": self.digit, "scale": self.numbers.signal(math.log10(self.net.gain_value)), "biases": biases}

    @property
    def digit(self) -> str:
        return str(self.net.shown[0]) if self.net is not None else ""

    # what is said

    def end(self, skip: int) -> float:
        """log10 of what arrives at the input."""
        return float(self.journey.log10[skip, 0])

    def arriving(self, skip: int) -> str:
        """What arrives at the input, for every 1 that set out, as a number."""
        return self.agreed.signal(self.end(skip))

    def likeness(self, skip: int, idle: bool = False) -> float:
        record = self.idle if idle else self.cargo
        return float(record.cosine[skip, self.seed, -1, 0])

    def others(self, skip: int, idle: bool = False) -> float:
        """How like the other digits the cargo is at the end."""
        record = self.idle if idle else self.cargo
        return float(record.others[skip, self.seed, -1, 0])

    def read(self, skip: int) -> float:
        """The share of digits that a linear probe reads at the end; 0 where there is no number."""
        return float(np.nan_to_num(self.cargo.probe[skip].mean(axis=0)[-1]))

    def arrived(self, skip: int, idle: bool = False) -> dict[str, Any]:
        """What sentences about the cargo need."""
        if self.net is None:
            return {}
        decimal, numbers = self.numbers.decimal, self.numbers
        return {
            "digit": self.digit,
            "depth": self.depth,
            "value": decimal(self.likeness(skip, idle)) if math.isfinite(self.likeness(skip, idle)) else "?",
            "other": decimal(self.others(skip, idle)) if math.isfinite(self.others(skip, idle)) else "?",
            "read": self.percents(self.read(skip), digits_of(np.nan_to_num(self.cargo.probe[skip, :, -1]))),
            "scale": numbers.significant(self.net.quiet, 1),
        }

    def told(self, skip: int) -> dict[str, Any]:
        """What sentences about the signal need."""
        return self._told_of(self.journey.record, skip)

    def told_strong(self, skip: int) -> dict[str, Any]:
        times = self.net.replace(gain=self.net.strong).gain_value / self.net.gain_value
        return self._told_of(self.strong, skip) | {"times": self.numbers.signal(math.log10(times))}

    def _told_of(self, record: Any, skip: int) -> dict[str, Any]:
        log10, numbers = float(record.mean_log10_relative()[skip, 0]), self.agreeing(record)
        with np.errstate(all="ignore"):
            each = logs_of(record)[skip, :, 0] / self.depth
            value, gain = numbers.signal(log10), numbers.signal(log10 / self.depth, int(digits_of_logs(each)))
        many, few = numbers.one_in(log10)
        source = self.narration.text(f"source.{self.journey.source}")
        count = value if 0 < log10 < 3 else numbers.count(abs(log10))
        fields = {"value": value, "count": count, "many": many, "few": few, "source": source}
        fields["out"] = numbers.count(numbers.parts(log10)[0], 1) if math.isfinite(log10) else "?"
        dtype = record.params.get("dtype", "float64")
        unheard = self.narration.clause("unheard", Side(record, skip), dtype=dtype, **fields)
        return fields | {"gain": gain, "depth": self.depth, "unheard": unheard}

    @property
    def strong_matters(self) -> bool:
        """Whether larger weights make another network: batch norm takes their scale away."""
        return self.strong is not None and not roads.unmoved_by_scale(self.facts)

    @property
    def outer(self) -> bool:
        """Whether an activation follows the sum, which the shortcut's copy passes, too."""
        return self.journey.copy == "after"

    def share(self) -> Floats:
        """What the shortcut of each block hands back of the gradient, 0 to 1; 1 where nothing is known of it, and 0
        where there is none."""
        return np.clip(np.nan_to_num(self.journey.share, nan=1.0), 0, 1) * self.journey.bridged

    def copied(self) -> float:
        """The mean share of the gradient that shortcuts hand back; NaN where that is not known."""
        return float(np.mean(self.journey.share[self.journey.bridged])) if self.journey.bridged.any() else math.nan

    def copied_digits(self) -> int:
        """How many digits of that share seeds agree on."""
        return digits_of(np.nan_to_num(self.journey.record.skip_share[:, self.journey.bridged]).mean(axis=1))

    def branch(self) -> str:
        """What a block adds: F(x), 0,5 F(x), −F(x)."""
        beta = self.net.branch_scale_value
        scale = "" if abs(beta) == 1 else self.numbers.significant(abs(beta)) + " "
        return f"{'−' if beta < 0 else ''}{scale}F(x)"

    def added(self) -> str:
        """The same behind its sign: + F(x), − 0,5 F(x)."""
        branch = self.branch()
        return f"− {branch[1:]}" if branch.startswith("−") else f"+ {branch}"

    def total(self) -> str:
        """What leaves a block: x + F(x), and what may follow the sum."""
        total = f"x {self.added()}"
        if not self.outer:
            return total
        return self.narration.text("total_post", activation=layers(self.net, self.narration)[1], total=total)

    def summands(self, block: int) -> tuple[Floats, Floats, Floats]:
        """x, βF(x) and what leaves a block, on one scale of grey; a branch with negative values is centred on grey."""
        x, H = self.cargo.maps[RESIDUAL, self.seed, block - 1 : block + 1, 0]
        F = self.cargo.branch_maps[self.seed, block - 1, 0]
        low, high = min(x.min(), H.min()), max(x.max(), H.max())
        span = high - low if np.isfinite(high - low) and high > low else 1.0
        return (x - low) / span, F / span + (0.5 if F.min() < 0 else 0.0), (H - low) / span

    def percents(self, share: float, digits: int = 2) -> str:
        """A share in percent; nothing, where there is no number."""
        return self.numbers.percents(share, digits) if math.isfinite(share) else ""

    def said(self, skip: int) -> str:
        """What arrives, in a few words."""
        return self.narration.clause("said", Side(self.journey.record, skip), **self.told(skip))


def stretched(maps: Floats) -> Floats:
    """Maps (n, 8, 8), each from its least value (0) to its greatest (1); a uniform one is black."""
    low, high = maps.min(axis=(1, 2), keepdims=True), maps.max(axis=(1, 2), keepdims=True)
    with np.errstate(all="ignore"):
        return np.where(high > low, (maps - low) / (high - low), 0.0 * maps)
