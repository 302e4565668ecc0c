"""What may be said of a gradient as a sum, of routes and of summands of a block: predicates on routes and gains."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenes.kit.claims.signals import AVERAGES, activated, scale_of
from scenes.kit.reading.agreement import digits_of
from sim.records.record import RESIDUAL, Status

NEARLY_ALL = 0.9
NOTHING, LITTLE, MUCH = 5e-4, 0.05, 0.25  # shares of the route without tolls
CANCELLED = 0.1  # of the gradient, taken away by routes of some lengths: a mean length says nothing then
FEW, MOST = 0.1, 0.6  # shares below 1 that are called few, and most


# routes


def shares(record: Any) -> NDArray[np.float64]:
    """Signed shares of the gradient by length of route, of the seeds that have numbers: [seed, k]."""
    whole = np.isfinite(record.signed_share).all(axis=1)
    return np.asarray(record.signed_share[whole])


def lengths(record: Any) -> NDArray[np.float64]:
    """Tolls paid on average by the signal, of the same seeds: [seed]."""
    return np.asarray(shares(record) @ np.arange(len(record.count)))


def mean_lengths(record: Any) -> tuple[float, float]:
    """Tolls paid on average, by signal (NaN if none arrives) and by number of routes."""
    by_count = np.arange(len(record.count)) @ (record.count / record.count.sum())
    by_signal = lengths(record)
    return float(by_signal.mean()) if len(by_signal) else float("nan"), float(by_count)


def lean(record: Any) -> str:
    """Whether the signal's routes are shorter than routes are on average; or why that cannot be said."""
    if not len(shares(record)):
        return "zero" if (record.status == Status.ZERO).all() else "overflow"
    if -np.minimum(shares(record).mean(axis=0), 0).sum() > CANCELLED:
        return "cancel"
    by_signal, by_count = mean_lengths(record)
    low, high = AVERAGES
    return "short" if by_signal < low * by_count else "long" if by_signal > high * by_count else "alike"


def highway(record: Any) -> str:
    """What the one route without a toll brings."""
    share = float(shares(record)[:, 0].mean())
    if abs(share) < NOTHING:
        return "none"
    return "negative" if share < 0 else "little" if share < LITTLE else "some" if share <= MUCH else "much"


def ruled_by_short(record: Any) -> bool:
    """Whether nearly all routes are long and nearly all of the signal is on short ones.

    The border between short and long is midway between the two means.
    """
    long = np.arange(len(record.count)) > sum(mean_lengths(record)) / 2
    routes = float(record.count[long].sum() / record.count.sum())
    signal = float(shares(record).mean(axis=0)[~long].sum())
    return min(routes, signal) >= NEARLY_ALL and signal <= 2 - NEARLY_ALL


def lesson(record: Any) -> str:
    """What is to be learned of the routes: the bold sentence only where it is true."""
    word = lean(record)
    if word in ("zero", "overflow"):
        return "lost"
    return "lean" if word == "short" and not ruled_by_short(record) else word


# one block: its branch, and its branch with the shortcut


def share_below(values: ArrayLike, limit: float = 1.0) -> float:
    """The share of finite values that lie below a limit by more than rounding; NaN of none."""
    flat = np.ravel(np.asarray(values, dtype=float))
    flat = flat[np.isfinite(flat)]
    return float((flat < limit - 1e-9).mean()) if len(flat) else float("nan")


def digits_below(values: Iterable[ArrayLike]) -> int:
    """How many digits of that share seeds agree on; ``values`` are those of each seed."""
    each = np.array([share_below(one) for one in values])
    return digits_of(each[np.isfinite(each)])


def amount(share: float) -> str:
    """A share below 1 as a word."""
    return (
        "none" if share == 0 else "all" if share == 1 else "few" if share < FEW else "many" if share < MOST else "most"
    )


def middle(record: Any) -> int:
    """The block that stands for all where one is drawn, from 0."""
    return (int(record.status.shape[2]) - 1) // 2


def branch_values(record: Any) -> NDArray[np.float64]:
    """Singular values of what the middle block's branch adds, βJ_F: [seed, example, rank]."""
    return np.asarray(abs(scale_of(record)) * record.singular_branch[:, middle(record)])


def total_values(record: Any) -> NDArray[np.float64]:
    """Those of the branch with its shortcut, I + βJ_F."""
    return np.asarray(record.singular_total[:, middle(record)])


def worst(record: Any) -> tuple[float, float]:
    """The most and the least that the middle block, with its shortcut, stretches a direction: of the example in which
    the least is smallest."""
    values = total_values(record).reshape(-1, record.singular_total.shape[-1])
    if not np.isfinite(values).all() or not values.size:
        return float("nan"), float("nan")
    one = values[values[:, -1].argmin()]
    return float(one[0]), float(one[-1])


def ellipse(record: Any) -> str:
    """What becomes of the circle of directions between these two: some are stretched and some shrunk, or none."""
    most, least = worst(record)
    grows, shrinks = most > 1 + 1e-9, least < 1 - 1e-9
    return "both" if grows and shrinks else "grows" if grows else "shrinks" if shrinks else "same"


def norms(record: Any) -> NDArray[np.float64]:
    """‖βJ_F‖ in every case with a number, of all blocks and examples: what the branch can take of a unit at most."""
    return np.asarray(1 - record.bound[np.isfinite(record.bound)])


def exact(record: Any) -> bool:
    """Whether all singular values were computed, and not extremes estimated."""
    return bool(record.method == "exact")


def below(record: Any) -> str:
    """How many directions the middle block shrinks, with the shortcut; of estimated extremes none is counted."""
    return amount(share_below(total_values(record))) if exact(record) else "estimate"


def random_below(record: Any) -> str:
    """How many gradients in random directions come back smaller, with the shortcut. Block 1 overflows nowhere."""
    return amount(share_below(record.random_gain[RESIDUAL]))


def bound(record: Any) -> str:
    """Whether the shortcut outweighs the branch for certain: in every case, in some, in none."""
    below = norms(record) < 1
    return "holds" if below.all() else "some" if below.any() else "void"


def habit(record: Any) -> str:
    """What is left of «at least 1» as a rule: an activation after the sum; what is usual, or holds of every other
    gradient at random at least (often), or of fewer (rare)."""
    if activated(record):
        return "post"
    share = share_below(record.random_gain[RESIDUAL])
    return "usual" if share < FEW else "often" if share <= 0.5 else "rare"
