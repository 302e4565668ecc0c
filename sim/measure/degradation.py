"""Experiment `degradation`: deeper plain networks learn worse, on the training set itself; residual ones do not.

He et al. 2015, section 1 and fig. 1, on 8×8 digits. Every depth and side is trained at the best of the same learning
rates. And the thought experiment that makes it a riddle: the shallowest network, once trained, deepened by blocks that
do nothing (see `deepening`), errs exactly as before.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sim.experiments.degradation import Degradation, DegradationRecord
from sim.learning.classifier import Examples, Fit, Learners, checks, fit, train
from sim.learning.deepening import deepen
from sim.records.provenance import provenance
from sim.work.threads import Stop, one_thread, together

Floats = NDArray[np.float64]


@dataclass
class Deepened:
    """The shallowest network of one side, deepened to every depth: [depth, seed]."""

    error: Floats
    exact: NDArray[np.int64]


def degradation(params: Degradation) -> DegradationRecord:
    """Train plain and residual networks of all depths."""
    examples = Examples(params)
    # The deepest first, so that the two cores end together.
    order = [(skip, layers) for layers in reversed(params.depths) for skip in (0, 1)]
    jobs: list[Callable[[Stop], Any]] = [
        functools.partial(fit, params, examples, layers, bool(skip)) for skip, layers in order
    ]
    jobs[0] = functools.partial(_fit_longer, params, examples, params.depths[-1])
    found = together(jobs)
    found[0], longer = found[0]
    fits: dict[tuple[int, int], Fit] = dict(zip(order, found, strict=True))
    sides = [[fits[skip, layers] for layers in params.depths] for skip in (0, 1)]
    deepened = [_deepen(params, examples, sides[skip][0], bool(skip)) for skip in (0, 1)]

    def stack(name: str) -> Floats:
        return np.stack([[getattr(fit.run, name) for fit in side] for side in sides])

    return DegradationRecord(
        loss=stack("loss"),
        batch_error=stack("batch_error"),
        train_error=stack("error"),
        check_steps=checks(params),
        depths=np.array(params.depths, dtype=np.int64),
        learning_rates=np.array(params.learning_rates),
        best_lr=np.array([[fit.rate for fit in side] for side in sides]),
        lr_final_error=np.stack([[fit.search_error for fit in side] for side in sides]),
        lr_diverged_at=np.stack([[fit.search_diverged for fit in side] for side in sides]),
        diverged_at=np.stack([[fit.run.diverged for fit in side] for side in sides]),
        longer_error=longer,
        deepened_error=np.stack([side.error for side in deepened]),
        deepened_exact=np.stack([side.exact for side in deepened]),
        seeds=np.arange(params.seeds, dtype=np.int64) + params.seed,
        **provenance("degradation", params, examples.digests),
    )


def _fit_longer(params: Degradation, examples: Examples, layers: int, stop: Stop) -> tuple[Fit, Floats]:
    """Plain networks trained, and the error in percent of those of the search's seeds that then train on."""
    found, seeds = fit(params, examples, layers, False, stop), list(range(params.search_seeds))
    error = found.run.error[seeds, -1]
    more = (params.longer - 1) * params.steps
    alive = [seed for seed in seeds if found.run.diverged[seed] < 0]
    if more and alive:
        net = Learners(params, [examples.seeds[seed] for seed in alive], layers, False)
        net.load([values[alive] for values in found.run.kept[-1]])
        on = params.model_copy(update={"steps": more, "eval_every": more})
        with one_thread():
            run = train(net, examples, alive, [found.rate] * len(alive), on, stop, first=params.steps)
        error[alive] = run.error[:, -1]
    return found, error


def _deepen(params: Degradation, examples: Examples, shallow: Fit, skip: bool) -> Deepened:
    """Errors of the deepened networks, and whether their logits are the shallow network's bit for bit."""
    seeds = list(range(params.seeds))
    net = Learners(params, examples.seeds, params.depths[0], skip).load(shallow.run.kept[-1])
    errors, exact = [], []
    with one_thread(), torch.no_grad():
        states, _ = examples.minibatch(seeds, 0)
        before = net(states)[1]
        for layers in params.depths:
            after = deepen(net, layers // params.layers_per_block, skip)(states)[1]
            exact.append((after == before).flatten(1).all(1).long().numpy())
            errors.append(np.where(shallow.run.diverged < 0, examples.error(net, seeds), np.nan))
    return Deepened(np.stack(errors), np.stack(exact))
