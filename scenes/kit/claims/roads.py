"""What may be said of the road, its cargo and its tolls: predicates on the records of the road's chapters."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenes.kit.claims.signals import explodes, fate
from sim.records.record import PLAIN, RESIDUAL
from sim.sections.network import GAINS

ALIKE, CHANGED = 0.9, 0.5  # cosines from which a cargo is called like the one that set out, and changed
ANY = 0.1  # difference of cosines up to which it is like one digit as much as like another


ARRIVALS = ("gone", "same", "unlike_any", "alike", "changed", "unlike")


class Roads(NamedTuple):
    """The records of the road's chapters: signals of the network and of one of large weights; cargo, and cargo that
    passes tolls that add next to nothing. Of a network of one's own there is the first alone."""

    profile: Any
    strong: Any = None
    cargo: Any = None
    idle: Any = None


def carries(roads: Roads) -> bool:
    """Whether there is cargo."""
    return roads.cargo is not None


def explode_anyway(roads: Roads) -> bool:
    """Whether large weights make both signals explode, with shortcuts, too."""
    if roads.strong is None or unmoved_by_scale(roads):
        return False
    return explodes(roads.strong, PLAIN) and explodes(roads.strong, RESIDUAL)


def opposite(roads: Roads) -> bool:
    """Whether, without shortcuts, the signal that had faded explodes with other weights."""
    return explodes(roads.strong, PLAIN) and fate(roads.profile, PLAIN) in ("vanishes", "fades")


def larger(roads: Roads) -> bool:
    """Whether these weights are as large as the others, or larger."""
    usual, strong = (record.params["gain"] for record in (roads.profile, roads.strong))
    return bool(GAINS.get(strong, strong) >= GAINS.get(usual, usual))


def unmoved_by_scale(roads: Roads) -> bool:
    """Whether weights have no scale, as a batch norm takes it out again: large ones give the same signals."""
    if roads.profile.params["norm"] != "batch":
        return False
    usual, strong = (record.mean_log10_relative()[:, 0] for record in (roads.profile, roads.strong))
    return bool(np.allclose(usual, strong, atol=0.01, equal_nan=True))


def norming(roads: Roads) -> str:
    """Whether layers have a batch norm (or ``without``), and whether the scale of weights then decides nothing."""
    if roads.profile.params["norm"] != "batch":
        return "without"
    return "unscaled" if unmoved_by_scale(roads) else "normed"


# what the road carries


def contrasts(maps: NDArray[np.float64]) -> NDArray[np.float64]:
    """From the least value to the greatest, of maps (n, 8, 8), as a multiple of what it is in the first."""
    with np.errstate(all="ignore"):
        spans = maps.max(axis=(1, 2)) - maps.min(axis=(1, 2))
        return np.asarray(spans / spans[0])


def stretched(contrast: float) -> bool:
    """Whether an image of that contrast is not shown as it is, so that it goes from black to white: it differs by more
    than a factor of two from that of the first. One of a single grey is as it is."""
    return bool(np.isfinite(contrast) and contrast != 0 and not 0.5 <= contrast <= 2)


def typical(values: NDArray[np.float64]) -> int:
    """The place of the median of some values; of the lower one of two in the middle."""
    return int(np.argsort(np.nan_to_num(values, nan=np.inf), kind="stable")[(len(values) - 1) // 2])


def carrier(record: Any) -> int:
    """The network, of those of several seeds, whose cargo is shown."""
    return typical(record.cosine[PLAIN, :, -1, 0])


def likeness(record: Any, skip: int, seed: int) -> tuple[float, float]:
    """Cosines of the cargo at the end with what set out, and with other digits."""
    return float(record.cosine[skip, seed, -1, 0]), float(record.others[skip, seed, -1, 0])


def arrival(own: float, other: float) -> str:
    """How cargo arrives, from its likeness to what set out and to other digits."""
    if not np.isfinite(own):
        return "gone"
    if round(own, 2) == 1 and round(other, 2) != 1:
        return "same"
    if abs(own - other) <= ANY:
        return "unlike_any"
    return "alike" if own >= ALIKE else "changed" if own >= CHANGED else "unlike"


def arrives(record: Any, cargo: Any, skip: int) -> str:
    """How the cargo of the network that is shown arrives: one of ARRIVALS; ``cargo`` is the record that chooses it."""
    return arrival(*likeness(record, skip, carrier(cargo)))


def mostly_read(record: Any, skip: int) -> bool:
    """Whether a probe still reads at least half of the digits at the end."""
    return bool(np.nan_to_num(record.probe[skip, :, -1]).mean() >= 0.5)


def keeps_its_cargo(record: Any, skip: int, seed: int) -> bool:
    """Whether what arrives is like what set out: the premise of tolls that add next to nothing."""
    return likeness(record, skip, seed)[0] >= ALIKE
