"""What may be said of blocks and networks that were trained: predicates on the records of identity and degradation."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenes.kit.reading.lesson import ENOUGH, reached
from sim.records.record import PLAIN, RESIDUAL

FAR = 0.5  # relative squared error of an output that does not resemble its input
SILENT, SMALL = 0.0, 0.1  # branch ratios: switched off, nearly so
GOALS = (0.1, 0.03, 0.01, 0.003)  # relative squared errors to which blocks race; one race alone may be luck
WORSE = 1.0  # points of training error by which a network fails more than another
LEARNED = 45.0  # % of training errors, half of what guessing gives, from which a network has learned


# a block that learns to give back what it is given


def median(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Over seeds, the first axis, those that diverged being infinitely bad."""
    return np.asarray(np.median(np.where(np.isnan(values), np.inf, values), axis=0))


def learned(record: Any, side: int) -> str:
    """How far a block came: in its median, to 1 % of the input or not, and where it ends."""
    error = median(record.relative_error[side])
    if not np.isfinite(error[-1]):
        return "diverged"
    at, steps = reached(error), len(error) - 1
    if at is None:
        return "never"
    if at == 0:
        return "instantly"
    return "exactly" if error[-1] == 0 else "slowly" if at > steps / 2 else "well"


def start(record: Any) -> str:
    """What the plain block makes of its input before any training."""
    error = float(median(record.relative_error[PLAIN])[0])
    return "lost" if not np.isfinite(error) else "far" if error >= FAR else "near"


def effort(record: Any, side: int) -> str:
    """How large the last block's branch still is beside its input. Where that is exactly 0, too, nothing comes out, as
    of a branch that is switched off; lost is what has overflowed."""
    ratio, error = record.branch_ratio[side, :, -1, -1], record.relative_error[side, :, -1]
    ratio = float(median(np.where(np.isnan(ratio) & np.isfinite(error), SILENT, ratio)))
    return "lost" if not np.isfinite(ratio) else "off" if ratio == SILENT else "small" if ratio < SMALL else "large"


def branch(record: Any) -> str:
    """The same of the residual block's; where an order puts a ReLU at the branch's end and nothing comes out, that has
    closed."""
    word = effort(record, RESIDUAL)
    return "closed" if word == "off" and record.params["order"] == "literal" else word


def stacked(record: Any) -> bool:
    """Whether there are several blocks in a row: then the last one is shown."""
    return int(record.params["depth"]) > 1


def winner(record: Any) -> str:
    """Which of the blocks copies, to 1 %, and when."""
    plain, residual = (reached(median(error)) for error in record.relative_error)
    if residual == 0 and plain != 0:
        return "start" if plain else "start_alone"
    if plain is not None and residual is not None:
        return "both"
    return "neither" if plain is None and residual is None else "residual" if plain is None else "plain"


def wins_race(record: Any) -> bool:
    """Whether the residual block copies to 1 % and the plain one later, or not at all."""
    plain, residual = (reached(median(error)) for error in record.relative_error)
    return residual is not None and (plain is None or residual < plain)


def easier(record: Any) -> bool:
    """Whether the residual block wins that race, and to no goal that it reaches is the plain one faster."""
    plain, residual = (median(error) for error in record.relative_error)
    times = [[_time(error, goal) for error in (plain, residual)] for goal in GOALS]
    return wins_race(record) and all(theirs <= mine for mine, theirs in times)


def _time(error: NDArray[np.float64], goal: float) -> float:
    below = np.flatnonzero(error <= goal)
    return float(below[0]) if len(below) else np.inf


def lesson(record: Any) -> str:
    """What the race to 1 % teaches of the plain block.

    open: the residual block does not win it. first: it does, and not every race. Else the plain block was slower (won);
    had not copied, but does so in a run that is longer (slow), or with wider layers (narrow); or in none (unable); or
    none longer or none wider was run (missed).
    """
    if not wins_race(record):
        return "open"
    if not easier(record):
        return "first"
    if reached(median(record.relative_error[PLAIN])) is not None:
        return "won"
    longer, wider = (float(median(values[PLAIN])) for values in (record.longer_error, record.wider_error))
    if longer <= ENOUGH:
        return "slow"
    if 1 in (record.params["longer"], record.params["wider"]):
        return "missed"
    return "narrow" if wider <= ENOUGH else "unable"


# deeper and deeper networks


class Deep(NamedTuple):
    """One of the depths of a record of degradation."""

    record: Any
    place: int


def final(record: Any) -> NDArray[np.float64]:
    """Training error at the end, %, in the median over seeds: [skip, depth]; ∞ if most diverged."""
    error = np.where(np.isnan(record.train_error[..., -1]), np.inf, record.train_error[..., -1])
    return np.asarray(np.median(error, axis=-1))


def depth(deep: Deep) -> str:
    """How a plain network fares beside the shallowest."""
    error = final(deep.record)[PLAIN]
    if not np.isfinite(error[deep.place]):
        return "lost"
    if deep.place == 0:
        return "shallow"
    if not np.isfinite(error[0]):
        return "only"
    return "more" if error[deep.place] > error[0] + WORSE else "alike"


def end(record: Any) -> str:
    """The same of the deepest."""
    return depth(Deep(record, len(record.depths) - 1))


def idle(record: Any) -> bool:
    """Whether blocks whose weights are the identity do nothing, to the last bit: their activation may change what
    passes."""
    return bool(record.deepened_exact[PLAIN].all())


def kept(record: Any) -> str:
    """What such blocks have changed about the shallowest plain network: nothing (exactly), or something (roughly)."""
    if not np.isfinite(final(record)[PLAIN, 0]):
        return "lost"
    return "exactly" if idle(record) else "roughly"


def shown(record: Any) -> bool:
    """Whether the shallowest network, deepened by such blocks, shows that a deep one can do as well."""
    return bool(median(record.deepened_error[PLAIN, -1]) <= final(record)[PLAIN, 0] + WORSE)


def gap(record: Any) -> str:
    """Whether the deepest plain network does as well as the shallowest (closed) or not (open), as such blocks have
    shown to be possible; match and short are the same where they have not."""
    error = final(record)[PLAIN]
    if not np.isfinite(error[0]):
        return "nothing"
    words = {"more": "open"} if shown(record) else {"more": "short", "alike": "match"}
    return ({"lost": "lost"} | words).get(end(record), "closed")


def rescue(record: Any) -> str:
    """How the deepest residual network fares, and the plain one."""
    lost = ~np.isfinite(final(record)[:, -1])
    return "lost" if lost.all() else "alone" if lost[PLAIN] else "gone" if lost[RESIDUAL] else "both"


def learns(record: Any, skip: int, place: int) -> bool:
    """Whether a network has learned to read digits, be it badly."""
    return bool(final(record)[skip, place] < LEARNED)


def slow(record: Any) -> bool:
    """Whether the deepest plain network gets better if it trains longer: its error falls by more than WORSE."""
    return bool(float(median(record.longer_error)) < final_of_search(record) - WORSE)


def final_of_search(record: Any) -> float:
    """The error of the deepest plain network at the end, %, of the seeds that train longer."""
    return float(median(record.train_error[PLAIN, -1, : len(record.longer_error), -1]))


def moral(record: Any) -> str:
    """What the deepest plain network lacks. Not ability, where idle blocks have shown a solution."""
    able, rescued = learns(record, PLAIN, 0), learns(record, RESIDUAL, -1)
    match rescue(record):
        case "lost":
            return "diverged"
        case "alone":
            return "alone" if rescued else "neither"
    if not able and not rescued:
        return "unlearned"
    if end(record) not in ("more", "only"):
        return "open"
    plain, residual = final(record)[:, -1]
    if not residual < plain - WORSE:
        return "neither"
    if kept(record) != "exactly":
        return "better"
    return "slow" if slow(record) else "stuck"
