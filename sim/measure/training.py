"""Experiment `training`: the gradient signal at every block, at chosen steps of training.

The definition is that of `profile`: RMS over examples of the per-example ‖∂ℓ_i/∂h_l‖₂, the loss summed over the batch.
The loss is the cross-entropy that is being learnt, through the read-out as it is at that step; the examples are always
the same ones, the seed's first minibatch.
"""

from __future__ import annotations

import functools

import numpy as np
import torch
from numpy.typing import NDArray

from sim.experiments.training import Training, TrainingRecord
from sim.learning.classifier import Examples, Fit, Learners, checks, fit, loss_of
from sim.learning.ensemble import unfold
from sim.records.provenance import provenance
from sim.work.threads import one_thread, together

Floats = NDArray[np.float64]


def training(params: Training) -> TrainingRecord:
    """Train a plain and a residual network and measure their gradient signals on the way."""
    examples = Examples(params)
    jobs = [
        functools.partial(fit, params, examples, params.layers, bool(skip), keep=params.snapshots) for skip in (0, 1)
    ]
    fits = together(jobs)
    return TrainingRecord(
        gradient_signal=np.stack([_signals(params, examples, found, bool(skip)) for skip, found in enumerate(fits)]),
        weight_gradient=np.stack([found.run.told for found in fits]),
        weight_step=np.stack([found.run.moved for found in fits]),
        snapshot_steps=np.array(params.snapshots, dtype=np.int64),
        loss=np.stack([found.run.loss for found in fits]),
        train_error=np.stack([found.run.error for found in fits]),
        check_steps=checks(params),
        learning_rates=np.array(params.learning_rates),
        best_lr=np.array([found.rate for found in fits]),
        lr_final_error=np.stack([found.search_error for found in fits]),
        lr_diverged_at=np.stack([found.search_diverged for found in fits]),
        diverged_at=np.stack([found.run.diverged for found in fits]),
        seeds=np.arange(params.seeds, dtype=np.int64) + params.seed,
        **provenance("training", params, examples.digests),
    )


def _signals(params: Training, examples: Examples, found: Fit, skip: bool) -> Floats:
    """[seed, snapshot, depth+1]; NaN from a network's divergence on."""
    net = Learners(params, examples.seeds, params.layers, skip)
    signals = []
    with one_thread():
        for values in found.run.kept[: len(params.snapshots)]:
            signals.append(signal(net.load(values), examples))
    out = np.stack(signals, axis=1)
    for row, since in zip(out, found.run.diverged, strict=True):
        if since >= 0:
            row[np.array(params.snapshots) >= since] = np.nan
    return out


def signal(net: Learners, examples: Examples) -> Floats:
    """The gradient signal at h_0 … h_L: [seed, depth+1]."""
    states, labels = examples.minibatch(range(net.networks), 0)
    hidden, logits = net(states.requires_grad_())
    gradients = torch.autograd.grad(loss_of(logits, labels, "sum").sum(), hidden)
    norms = [
        torch.linalg.vector_norm(unfold(gradient, net.networks).flatten(1), dim=1, dtype=torch.float64)
        for gradient in gradients
    ]
    return (torch.stack(norms, 1) / labels.shape[1] ** 0.5).numpy()
