"""What may be said of gradients while networks train, and of what optimisers make of them: predicates on records of
`training`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenes.kit.claims.family import Family, either, family
from scenes.kit.claims.signals import BOUNDS, HEARD, verdict
from scenes.kit.claims.trained import LEARNED, WORSE
from scenes.kit.reading.agreement import known_digits
from sim.records.record import PLAIN, RESIDUAL

EPSILON = 1e-8  # Adam's own, with which it keeps from dividing by zero (Kingma & Ba 2015, alg. 1)
LESS = 3.0  # log10: a thousand times less
TEN = 1.0  # log10


class Lasting(NamedTuple):
    """Networks as [training] says, and the same without a norm, trained by SGD and by Adam."""

    normed: Any
    sgd: Any
    adam: Any


def signals(record: Any) -> NDArray[np.float64]:
    """log10 of the signal at every state over that at h_L, in the median: [skip, snapshot, hidden]."""
    return _log10(record.relative_signal())


def told(record: Any) -> NDArray[np.float64]:
    """log10 of what weights are told, in the median: [skip, snapshot, block]."""
    return _log10(record.weight_gradient)


def moved(record: Any) -> NDArray[np.float64]:
    """log10 of how far the optimiser moves them; NaN after the last step: [skip, snapshot, block]."""
    return _log10(record.weight_step)


def errors(record: Any) -> NDArray[np.float64]:
    """Training error after the last step, %, in the median; NaN if a network diverged: [skip]."""
    return np.asarray(np.median(record.train_error[..., -1], axis=1))


def _log10(values: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):
        return np.asarray(np.log10(np.median(values, axis=1)))


def last(record: Any, skip: int) -> str:
    """What became of the signal by the end of training: one of HEARD, or unheard."""
    value = float(signals(record)[skip, -1, 0])
    return verdict(value) if np.isfinite(value) else "unheard"


def throughout(record: Any, skip: int) -> bool:
    """Whether it was so from the first step on, too, at every one that was measured."""
    values = signals(record)[skip, :, 0]
    return bool(np.isfinite(values).all()) and len({verdict(float(value)) for value in values}) == 1


def starved(lasting: Lasting) -> bool:
    """Whether the first block of the plain network is told a thousand times less than that of the residual one, or
    still less, at all steps that were measured."""
    plain, residual = told(lasting.sgd)[..., 0]
    return bool((plain < residual - LESS).all())


def numbered(log10: NDArray[np.float64]) -> bool:
    """Whether all of them are numbers to tell, 0 among them."""
    return bool((log10 < np.inf).all())


def known(lasting: Lasting) -> tuple[tuple[float, int], ...]:
    """How many digits seeds agree on of what is told after the last step: of signals, of what weights are told, and of
    how much farther Adam moves them."""
    with np.errstate(all="ignore"):
        signals = [np.log10(one.relative_signal()[:, :, -1, :1]) for one in (lasting.normed, lasting.sgd)]
        weights = np.log10(lasting.sgd.weight_gradient[:, :, -1, :1])
        steps = [np.log10(one.weight_step[PLAIN, :, : _moves(lasting), 0]) for one in (lasting.sgd, lasting.adam)]
    rows = [*signals[0], *signals[1], *weights]
    if _moves(lasting) and len(steps[0]) == len(steps[1]):
        rows.append(np.median(steps[1] - steps[0], axis=1, keepdims=True))
    return known_digits(rows)


def _moves(lasting: Lasting) -> int:
    """How many of the steps that were measured moved the weights: after the last one nothing does."""
    steps = min(len(record.snapshot_steps) for record in (lasting.sgd, lasting.adam))
    return steps - int(lasting.sgd.snapshot_steps[steps - 1] == lasting.sgd.params["steps"])


def lift(lasting: Lasting) -> float:
    """log10 of how many times as far as SGD Adam moves the first block of the plain network, in the median step."""
    sgd, adam = (moved(record)[PLAIN, : _moves(lasting), 0] for record in (lasting.sgd, lasting.adam))
    return float(np.median(adam - sgd)) if len(sgd) else float("nan")


def lifted(lasting: Lasting) -> str:
    """Whether Adam makes larger steps of the same small gradients: ten times as large, or ten times smaller."""
    found = lift(lasting)
    if not np.isfinite(found):
        return "lost"
    return "lifts" if found >= TEN else "lowers" if found <= -TEN else "alike"


def floored(lasting: Lasting) -> bool:
    """Whether those gradients are smaller than Adam's ε, and its steps ten times shorter than in the residual
    network."""
    plain, residual = moved(lasting.adam)[..., 0]
    known = np.isfinite(plain) & np.isfinite(residual)
    below = told(lasting.adam)[PLAIN, :, 0] < np.log10(EPSILON)
    return bool(known.any() and below.all() and (plain < residual - TEN)[known].all())


def learns(lasting: Lasting) -> str:
    """Which of the networks without norm have learned to read digits by Adam's steps."""
    plain, residual = errors(lasting.adam)
    if not (np.isfinite(plain) and np.isfinite(residual)):
        return "lost"
    which = (plain < LEARNED, residual < LEARNED)
    return {(True, True): "both", (True, False): "plain", (False, True): "residual"}.get(which, "neither")


def apart(lasting: Lasting) -> bool:
    """Whether, with the norm, no signal fades on its way, and the residual network still makes fewer errors."""
    heard = (signals(lasting.normed)[:, -1, 0] > BOUNDS["fades"]).all()
    plain, residual = errors(lasting.normed)
    return bool(heard and residual < plain - WORSE)


def lesson(lasting: Lasting) -> str:
    """stays: the plain signal has vanished from the first step to the last, and Adam teaches the residual network
    alone."""
    gone = last(lasting.sgd, PLAIN) == "vanishes" and throughout(lasting.sgd, PLAIN)
    return "stays" if gone and learns(lasting) == "residual" else "other"


AFTER_TRAINING: Mapping[str, Family] = {
    "plain": {
        **family((*HEARD, "unheard"), lambda lasting: last(lasting.sgd, PLAIN)),
        "throughout": lambda lasting: throughout(lasting.sgd, PLAIN),
    },
    "residual": family((*HEARD, "unheard"), lambda lasting: last(lasting.sgd, RESIDUAL)),
    "weights": {
        **either(lambda lasting: numbered(told(lasting.sgd)[:, -1, 0]), "known", "lost"),
        "starved": starved,
    },
    "adam": {**family(("lifts", "alike", "lowers", "lost"), lifted), "floored": floored},
    "learn": family(("residual", "both", "plain", "neither", "lost"), learns),
    "norm": {
        **either(lambda lasting: numbered(signals(lasting.normed)[:, -1, 0]), "known", "lost"),
        "apart": apart,
    },
    "lesson": family(("stays", "other"), lesson),
}
