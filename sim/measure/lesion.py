"""Experiment `lesion`: take one block out of a trained network and see what is left (Veit et al. 2016, section 4.1).

The block's output is replaced by its input, in plain and residual networks alike; nothing is trained anew.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray
from torch import nn

from sim.experiments.lesion import Lesion, LesionRecord
from sim.learning.classifier import Examples, Fit, Learners, fit
from sim.records.provenance import provenance
from sim.work.threads import one_thread, together

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
    errors = np.full((2, params.seeds, max(blocks)), np.nan)
    for skip, found in enumerate(fits):
        errors[skip, :, : blocks[skip]] = _errors(params, examples, found, sides[skip], bool(skip))
    return LesionRecord(
        lesion_error=errors,
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


def _errors(params: Lesion, examples: Examples, found: Fit, layers: int, skip: bool) -> Floats:
    """Training error without each block: [seed, block]. NaN for networks that diverged."""
    net = Learners(params, examples.seeds, layers, skip).load(found.run.kept[-1])
    errors = []
    with one_thread():
        for index, block in enumerate(list(net.stack.blocks)):
            net.stack.blocks[index] = nn.Identity()
            errors.append(examples.error(net, list(range(params.seeds))))
            net.stack.blocks[index] = block
    return np.where(found.run.diverged[:, None] < 0, np.stack(errors, axis=1), np.nan)
