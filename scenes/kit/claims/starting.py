"""What may be said of where networks can be started, and of who learns from there: predicates on records of starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit.claims.family import Family, either, family
from scenes.kit.claims.trained import LEARNED, median
from sim.experiments.starts import KINDS

LEVEL = 1.0  # log10: what arrives does so within a factor of ten
PLAIN, RESIDUAL, SCALED, PLAIN_NORM, RESIDUAL_NORM = range(len(KINDS))


def level(record: Any) -> NDArray[np.bool_]:
    """Whether the signal arrives within a factor of ten: [kind, gain, depth]."""
    return np.asarray(np.abs(record.median_signal()) <= LEVEL)


def counted(record: Any, kind: int) -> int:
    """In how many networks of a kind's map it does."""
    return int(level(record)[kind].sum())


def narrows(record: Any) -> bool:
    """Whether it does so, in the deepest plain networks, at half as many weight scales as in the shallowest, or
    fewer."""
    band = level(record)[PLAIN].sum(axis=0)
    return bool(band[0] > 0 and 2 * band[-1] <= band[0])


def wider(record: Any) -> str:
    """Whether shortcuts alone make it arrive in more networks, or in fewer."""
    plain, residual = counted(record, PLAIN), counted(record, RESIDUAL)
    return "wider" if residual > plain else "narrower" if residual < plain else "alike"


def lit(record: Any) -> bool:
    """Whether the residual signal, where it does not arrive, has grown: there is such a place, and none is dark."""
    signal = record.median_signal()[RESIDUAL]
    away = ~level(record)[RESIDUAL]
    return bool(away.any() and (signal[away] > LEVEL).all())


def everywhere(record: Any) -> bool:
    """Whether the signal arrives on all of the map of residual networks with β = 1/√depth."""
    return bool(level(record)[SCALED].all())


def unscaled(record: Any) -> bool:
    """Whether, with batch norm, all weight scales together change the signal by less than a factor of ten, and depth
    takes it further than that."""
    normed = record.median_signal()[[PLAIN_NORM, RESIDUAL_NORM]]
    if not np.isfinite(normed).all():
        return False
    return bool(np.ptp(normed, axis=1).max() <= LEVEL and not (np.abs(normed) <= LEVEL).all())


def learned(record: Any) -> NDArray[np.bool_]:
    """Whether networks have learned to read digits, in the median: [kind, point]."""
    return np.asarray(median(np.moveaxis(record.final_error(), -1, 0)) < LEARNED)


def rescued(record: Any) -> bool:
    """Whether residual networks learn from every point, and plain ones not from all."""
    found = learned(record)
    return bool(found.shape[1] and found[RESIDUAL].all() and not found[PLAIN].all())


def lesson(record: Any) -> str:
    """What the points teach: that a plain network learns from some places and a residual one from all (forgives), or
    no plain one learns (alone); or neither of it."""
    if not rescued(record):
        return "other"
    return "forgives" if learned(record)[PLAIN].any() else "alone"


GOOD_START: Mapping[str, Family] = {
    "plain": {"narrows": narrows},
    "residual": {**family(("wider", "alike", "narrower"), wider), "lit": lit},
    "scaled": either(everywhere, "all", "some"),
    "norm": {"unscaled": unscaled},
    "learn": {"rescued": rescued},
    "lesson": family(("forgives", "alone", "other"), lesson),
}
