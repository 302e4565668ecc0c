"""Experiment `lesion`: take blocks out of a trained network, or shuffle them, and see what is left (Veit et al. 2016).

A block's output is replaced by its input, in plain and residual networks alike; nothing is trained anew.
"""

from __future__ import annotations

import functools
from itertools import takewhile
from operator import eq

import numpy as np
import torch
from numpy.typing import NDArray

from sim.experiments.lesion import Lesion, LesionRecord
from sim.learning.classifier import Examples, Fit, Learners, fit, missed_share
from sim.nets import data
from sim.records.provenance import provenance
from sim.work.threads import Stop, one_thread, together

Floats = NDArray[np.float64]


def lesion(params: Lesion) -> LesionRecord:
    """Train a plain and a residual network, and delete their blocks one at a time."""
    examples = Examples(params)
    sides = params.all_layers()
    # The residual network is the deeper one as a rule; begun first, both cores end closer together.
    jobs = [functools.partial(fit, params, examples, sides[skip], bool(skip)) for skip in (1, 0)]
    residual, plain = together(jobs)
    fits = (plain, residual)
    blocks = [layers // params.layers_per_block for layers in sides]
    drawn = [_Drawn(params, count, max(blocks)) for count in blocks]
    kept = [plan.singles + plan.removals + plan.shuffles for plan in drawn]
    measured = together(
        [
            functools.partial(_errors, params, examples, fits[skip], sides[skip], bool(skip), kept[skip])
            for skip in (1, 0)
        ]
    )[::-1]
    single, removed, shuffled = (
        np.full((2, params.seeds, *shape), np.nan)
        for shape in ((max(blocks),), (max(blocks), params.draws), (len(params.swaps), params.draws))
    )
    for skip, errors in enumerate(measured):
        count = blocks[skip]
        one, several, order = np.split(errors, [count, count * (1 + params.draws)], axis=1)
        single[skip, :, :count] = one
        removed[skip, :, :count] = several.reshape(params.seeds, count, params.draws)
        shuffled[skip] = order.reshape(shuffled[skip].shape)
    return LesionRecord(
        lesion_error=single,
        removed_error=removed,
        removed=np.stack([plan.removed for plan in drawn]),
        shuffled_error=shuffled,
        order=np.stack([plan.order for plan in drawn]),
        swaps=np.array(params.swaps, dtype=np.int64),
        baseline_error=np.stack([found.run.error[:, -1] for found in fits]),
        blocks=np.array(blocks, dtype=np.int64),
        learning_rates=np.array(params.learning_rates),
        best_lr=np.array([found.rate for found in fits]),
        lr_final_error=np.stack([found.search_error for found in fits]),
        lr_diverged_at=np.stack([found.search_diverged for found in fits]),
        diverged_at=np.stack([found.run.diverged for found in fits]),
        seeds=np.arange(params.seeds, dtype=np.int64) + params.seed,
        **provenance("lesion", params, examples.digests),
    )


class _Drawn:
    """Which of `count` blocks are taken out, and the orders they are put into; the arrays have room for `room`.

    removed: [count, draw, block] and order: [swap, draw, block], as in LesionRecord. singles, removals, shuffles: the
    blocks left, in their order, of every case.
    """

    def __init__(self, params: Lesion, count: int, room: int) -> None:
        self.removed = np.zeros((room, params.draws, room), dtype=np.int64)
        self.order = np.full((len(params.swaps), params.draws, room), -1, dtype=np.int64)
        for draw in range(params.draws):
            gone = data.stream(params.seed, "lesions", count, draw).permutation(count)  # one after the other
            for index in range(count):
                self.removed[index, draw, gone[: index + 1]] = 1
            self.order[:, draw, :count] = _shuffled(params, count, draw)
        every = np.arange(count)
        self.singles = [list(np.delete(every, index)) for index in range(count)]
        self.removals = [list(every[row[:count] == 0]) for rows in self.removed[:count] for row in rows]
        self.shuffles = [list(row[:count]) for rows in self.order for row in rows]


def _shuffled(params: Lesion, count: int, draw: int) -> NDArray[np.int64]:
    """The order of `count` blocks after so many swaps of neighbours: [swap, block]."""
    places = data.stream(params.seed, "lesions", count, draw, 1).integers(max(1, count - 1), size=max(params.swaps))
    order, found = np.arange(count), []
    for step in range(max(params.swaps) + 1):
        if step in params.swaps:
            found.append(order.copy())
        if step < len(places) and count > 1:
            at = places[step]
            order[[at, at + 1]] = order[[at + 1, at]]
    return np.array(found)


def _errors(
    params: Lesion, examples: Examples, found: Fit, layers: int, skip: bool, kept: list[list[int]], stop: Stop
) -> Floats:
    """Training error with the blocks kept, in that order: [seed, case]. NaN for networks that diverged."""
    net = Learners(params, examples.seeds, layers, skip).load(found.run.kept[-1])
    order = sorted(range(len(kept)), key=lambda case: kept[case])  # neighbours begin alike, and go on from there
    batches = []
    with one_thread(), torch.no_grad():
        for states, labels in examples.tested(range(params.seeds)):
            missed, hidden, before = np.zeros((params.seeds, len(kept))), [states], list[int]()
            for case in order:
                stop.check()
                alike = sum(takewhile(bool, map(eq, before, kept[case])))
                del hidden[alike + 1 :]
                for index in kept[case][alike:]:
                    hidden.append(net.stack.blocks[index](hidden[-1]))
                missed[:, case] = 100 * missed_share(net.read(hidden[-1]), labels)
                before = kept[case]
            batches.append(missed)
    return np.where(found.run.diverged[:, None] < 0, np.mean(batches, axis=0), np.nan)
