"""What may be said of trained networks without some of their blocks, or with them in another order: predicates on
records of lesion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit.claims.family import Family, family
from scenes.kit.claims.trained import LEARNED, WORSE, median
from sim.records.record import PLAIN, RESIDUAL

STANDS_OUT = 2.0  # times the median block's error, from which the worst block is an exception

Floats = NDArray[np.float64]


def usual(record: Any, skip: int) -> float:
    """Training error with all blocks, %: the median over seeds; ∞ if most diverged."""
    return float(median(record.baseline_error[skip]))


def single(record: Any, skip: int) -> Floats:
    """The same without one block, by block."""
    return median(record.lesion_error[skip, :, : record.blocks[skip]])


def several(record: Any, skip: int) -> Floats:
    """The same without 1, 2, … blocks: the median over seeds of the median over draws."""
    return _of_draws(record.removed_error[skip, :, : record.blocks[skip]])


def shuffled(record: Any, skip: int) -> Floats:
    """The same with so many pairs of neighbours having changed places, for each number of `swaps`."""
    return _of_draws(record.shuffled_error[skip])


def _of_draws(errors: Floats) -> Floats:
    return median(np.median(np.where(np.isnan(errors), np.inf, errors), axis=-1))


def worst(record: Any, skip: int) -> int:
    """The block, from 0, without which most goes wrong."""
    return int(np.argmax(single(record, skip)))


def lost(record: Any) -> bool:
    """Whether there are no numbers: most networks of one kind diverged."""
    return not all(np.isfinite(usual(record, skip)) for skip in (PLAIN, RESIDUAL))


def trained(record: Any) -> str:
    """Whether both networks learned to read before anything was taken from them."""
    if lost(record):
        return "lost"
    return "learned" if max(usual(record, PLAIN), usual(record, RESIDUAL)) < LEARNED else "unlearned"


def without_one(record: Any, skip: int) -> str:
    """What becomes of a network without one of its blocks.

    breaks: whichever is missing, it has not learned. limps: it is worse without some, and without half of them, at
    least, it can still read. suffers: it is worse without some. holds: without none.
    """
    if not np.isfinite(usual(record, skip)):
        return "lost"
    if usual(record, skip) >= LEARNED:
        return "unlearned"
    errors = single(record, skip)
    if errors.min() >= LEARNED:
        return "breaks"
    if errors.max() <= usual(record, skip) + WORSE:
        return "holds"
    return "limps" if np.median(errors) < LEARNED else "suffers"


def exception(record: Any) -> str:
    """Whether one block of the residual network stands out: the first, another, or none."""
    if not np.isfinite(usual(record, RESIDUAL)):
        return "lost"
    errors = single(record, RESIDUAL)
    if errors.max() <= max(STANDS_OUT * float(np.median(errors)), usual(record, RESIDUAL) + WORSE):
        return "none"
    return "first" if worst(record, RESIDUAL) == 0 else "other"


def falling_apart(record: Any) -> str:
    """How the residual network gets worse as more and more is taken out: step by step (gradual), or most of it at one
    step (sudden); not at all (none). single: there is but one block."""
    if not np.isfinite(usual(record, RESIDUAL)):
        return "lost"
    errors = several(record, RESIDUAL)
    if len(errors) < 2:
        return "single"
    steps = np.diff(np.array([usual(record, RESIDUAL), *errors]))
    if errors.max() <= usual(record, RESIDUAL) + WORSE:
        return "none"
    return "gradual" if steps.max() < (errors.max() - usual(record, RESIDUAL)) / 2 else "sudden"


def in_disorder(record: Any) -> str:
    """Whether the fewest swaps already tell the two networks apart: the plain one cannot read any more, and the other
    can."""
    if lost(record):
        return "lost"
    few = [float(shuffled(record, skip)[0]) for skip in (PLAIN, RESIDUAL)]
    return "apart" if few[RESIDUAL] < LEARNED <= few[PLAIN] else "alike"


def order_matters(record: Any) -> bool:
    """Whether the residual network gets worse, too, when its blocks are shuffled."""
    errors = shuffled(record, RESIDUAL)
    return bool(len(errors) > 1 and np.isfinite(errors).all() and errors[-1] > errors[0] + WORSE)


TAKE_ONE_OUT: Mapping[str, Family] = {
    "trained": family(("lost", "learned", "unlearned"), trained),
    "plain": family(
        ("lost", "unlearned", "breaks", "limps", "suffers", "holds"), lambda record: without_one(record, PLAIN)
    ),
    "residual": family(
        ("lost", "unlearned", "breaks", "limps", "suffers", "holds"), lambda record: without_one(record, RESIDUAL)
    ),
    "first": family(("lost", "first", "other", "none"), exception),
    "several": family(("lost", "single", "gradual", "sudden", "none"), falling_apart),
    "order": {**family(("lost", "apart", "alike"), in_disorder), "matters": order_matters},
}
