"""Networks that learn to read digits, several side by side, and the search for the rate at which each learns best.

A fixed stem makes h_0 of the image (data.draw_batch), blocks follow, and a linear read-out of each channel's average
(of the units themselves, for an MLP) that learns with them (He et al. 2015, section 3.3). SGD with momentum on the mean
cross-entropy; an epoch is a permutation of all images, cut into whole minibatches. Everything is evaluated with the
statistics of the batch at hand: batch norm with running averages would be another network after so few steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from sim.learning.ensemble import fold, rows, trainable_block, unfold
from sim.learning.optimisers import Adam, Sgd
from sim.learning.outcome import best, diverged_at, erase
from sim.nets import data
from sim.nets.blocks import DTYPES, Stack
from sim.sections.learner import Classifier
from sim.sections.network import DIGITS
from sim.work.threads import Stop, one_thread

Floats = NDArray[np.float64]


class Examples:
    """All digits as every seed's networks see them, in the order in which the seed drew them.

    states: [seed, example, ...] h_0; labels: [seed, example]. Made once for all networks of an experiment.
    """

    def __init__(self, params: Classifier) -> None:
        self.seeds = [params.seed + k for k in range(params.seeds)]
        drawn = [data.draw_batch(params.network(), seed) for seed in self.seeds]
        dtype = DTYPES[params.dtype]
        self.states = torch.stack([torch.from_numpy(batch.hidden).to(dtype) for batch in drawn])
        self.labels = torch.stack([torch.from_numpy(batch.labels) for batch in drawn])
        self.digests = [batch.digest for batch in drawn]
        self.batch = params.batch
        self.eval_examples = params.eval_examples

    def take(self, networks: Sequence[int], which: Sequence[NDArray[np.int64]]) -> tuple[Tensor, Tensor]:
        """States, folded, and labels [network, batch]. networks: each one's index of a seed; which: by that index."""
        index = [torch.from_numpy(which[seed]) for seed in networks]
        states = torch.stack([self.states[seed, i] for seed, i in zip(networks, index, strict=True)])
        labels = torch.stack([self.labels[seed, i] for seed, i in zip(networks, index, strict=True)])
        return fold(states), labels

    def minibatch(self, networks: Sequence[int], step: int) -> tuple[Tensor, Tensor]:
        """The same for all networks of one seed."""
        epoch, place = divmod(step, DIGITS // self.batch)
        cut = slice(place * self.batch, (place + 1) * self.batch)
        which = [_shuffled(seed, epoch)[cut] for seed in self.seeds]
        return self.take(networks, which)

    def error(self, net: Learners, networks: Sequence[int]) -> Floats:
        """Training error in percent on the seed's first `eval_examples`, by whole batches: [network]."""
        with torch.no_grad():
            return np.mean([100 * missed_share(net(states)[1], labels) for states, labels in self.tested(networks)], 0)

    def tested(self, networks: Sequence[int]) -> Iterator[tuple[Tensor, Tensor]]:
        """The whole batches among each seed's first `eval_examples`, on which errors are measured."""
        for k in range(self.eval_examples // self.batch):
            which = [np.arange(k * self.batch, (k + 1) * self.batch)] * len(self.seeds)
            yield self.take(networks, which)


class Learners(nn.Module):
    """Classifiers of one architecture, one for each entry of `seeds`; skip: plain or residual."""

    def __init__(self, params: Classifier, seeds: Sequence[int], layers: int, skip: bool) -> None:
        super().__init__()
        drawn, dtype = params.network(), DTYPES[params.dtype]
        self.networks = len(seeds)
        blocks = layers // params.layers_per_block
        self.stack = Stack(
            [
                trainable_block(
                    data.draw_weights(drawn, seeds, block)[0], dtype,
                    order=params.order, norm=params.norm, activation=params.activation, skip=skip,
                    branch_scale=params.branch_scale_value(blocks),
                )
                for block in range(blocks)
            ]
        )  # fmt: skip
        # A convolution's read-out is written pixel by pixel; here it reads each channel's average.
        readout = np.stack([data.draw_readout(drawn, seed) for seed in seeds])
        readout = readout.reshape(len(seeds), data.CLASSES, params.width, -1).sum(axis=-1)
        self.readout = nn.Parameter(torch.from_numpy(readout).to(dtype))

    def forward(self, h: Tensor) -> tuple[list[Tensor], Tensor]:
        """Hidden states h_0 … h_L, and logits [network, batch, 10]."""
        hidden = self.stack(h)
        return hidden, self.read(hidden[-1])

    def read(self, h: Tensor) -> Tensor:
        units = unfold(h.mean((2, 3), keepdim=True), self.networks).flatten(2) if h.ndim == 4 else h
        return units @ self.readout.mT

    def values(self) -> list[Tensor]:
        """All that is learned, as views [network, -1]."""
        return rows([value.detach() for value in self.parameters()], self.networks)

    def by_block(self, values: Sequence[Tensor]) -> Floats:
        """RMS over the weights of each block's layers, of something there is for every parameter: [network, block]."""
        squares = np.zeros((self.networks, len(self.stack.blocks)))
        counts = np.zeros(len(self.stack.blocks))
        for (name, _), value in zip(self.named_parameters(), values, strict=True):
            parts = name.split(".")  # stack.blocks.3.layers.0.weight
            if parts[0] == "stack" and parts[-1] == "weight":
                squares[:, int(parts[2])] += value.detach().reshape(self.networks, -1).double().square().sum(1).numpy()
                counts[int(parts[2])] += value.numel() / self.networks
        return np.sqrt(squares / counts)

    def load(self, values: Sequence[Tensor]) -> Learners:
        """Copy what `values` of such networks gave into these."""
        for mine, other in zip(self.values(), values, strict=True):
            mine.copy_(other)
        return self


@lru_cache(maxsize=64)
def _shuffled(seed: int, epoch: int) -> NDArray[np.int64]:
    """All digits in the order of an epoch; not to be written to."""
    return data.stream(seed, "minibatches", epoch).permutation(DIGITS)


def missed_share(logits: Tensor, labels: Tensor) -> Floats:
    """Share of examples not recognised: [network]. A logit that is no number recognises nothing."""
    logits = logits.detach()
    right = (logits.argmax(-1) == labels) & logits.isfinite().all(-1)
    return 1 - right.double().mean(1).numpy()


def loss_of(logits: Tensor, labels: Tensor, reduction: str) -> Tensor:
    """Cross-entropy per network: [network]. reduction over the batch: "mean" | "sum"."""
    each = functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none").view(labels.shape)
    return each.mean(1) if reduction == "mean" else each.sum(1)


@dataclass
class Run:
    """What some networks did as they learned; the first axis is [network].

    loss, batch_error: [network, step+1], of the minibatch of each step before its update; error: [network, check], in
    percent like batch_error; diverged: [network]. Of the steps asked for: told and moved, [network, kept, block], the
    RMS over a block's weights of the minibatch's gradient and of the update that it led to (NaN after the last step);
    kept: the values, and those after the last step.
    """

    loss: Floats
    batch_error: Floats
    error: Floats
    diverged: NDArray[np.int64]
    told: Floats
    moved: Floats
    kept: list[list[Tensor]]

    def of(self, which: Sequence[int]) -> Run:
        """Some of the networks."""
        index = list(which)
        return Run(
            self.loss[index], self.batch_error[index], self.error[index], self.diverged[index], self.told[index],
            self.moved[index], [[value[index] for value in values] for values in self.kept],
        )  # fmt: skip

    def beside(self, other: Run) -> Run:
        """These networks and those."""
        arrays = [
            np.concatenate([getattr(self, name), getattr(other, name)])
            for name in ("loss", "batch_error", "error", "diverged", "told", "moved")
        ]
        kept = [
            [torch.cat(pair) for pair in zip(mine, theirs, strict=True)]
            for mine, theirs in zip(self.kept, other.kept, strict=True)
        ]
        return Run(arrays[0], arrays[1], arrays[2], arrays[3].astype(np.int64), arrays[4], arrays[5], kept)


@dataclass
class Fit:
    """Networks of all seeds at their best rate, and what the search found: [rate, search seed]."""

    run: Run
    rate: float
    search_error: Floats
    search_diverged: NDArray[np.int64]


def checks(params: Classifier) -> NDArray[np.int64]:
    """The steps at which the training error is measured: every `eval_every`, and the last."""
    return np.unique([*range(0, params.steps, params.eval_every), params.steps]).astype(np.int64)


def train(
    net: Learners, examples: Examples, seeds: Sequence[int], rates: Sequence[float], params: Classifier, stop: Stop,
    keep: Sequence[int] = (), first: int = 0,
) -> Run:  # fmt: skip
    """Train networks side by side. seeds: of each network, its index among the examples' seeds; rates: of each; first:
    the minibatch to begin with."""
    measured, kept = checks(params), []
    loss, batch_error = (np.full((len(seeds), params.steps + 1), np.nan) for _ in range(2))
    error = np.full((len(seeds), len(measured)), np.nan)
    told, moved = (np.full((len(seeds), len(keep), len(net.stack.blocks)), np.nan) for _ in range(2))
    weights = list(net.parameters())
    optimiser = _optimiser(net, torch.tensor(rates, dtype=weights[0].dtype), params)
    for step in range(params.steps + 1):
        stop.check()
        if step in keep:
            kept.append([value.clone() for value in net.values()])
        if step in measured:
            error[:, np.searchsorted(measured, step)] = examples.error(net, seeds)
        states, labels = examples.minibatch(seeds, first + step)
        logits = net(states)[1]
        each = loss_of(logits, labels, "mean")
        loss[:, step] = each.detach().double().numpy()
        batch_error[:, step] = 100 * missed_share(logits, labels)
        if step < params.steps or step in keep:
            gradients = torch.autograd.grad(each.sum(), weights)
            if step in keep:
                told[:, keep.index(step)] = net.by_block(gradients)
        if step < params.steps:
            optimiser.step(rows([gradient.contiguous() for gradient in gradients], net.networks))
            if step in keep:
                moved[:, keep.index(step)] = net.by_block(optimiser.moves())
    kept.append([value.clone() for value in net.values()])
    diverged = diverged_at(loss)
    erase(loss, np.arange(params.steps + 1), diverged)
    erase(batch_error, np.arange(params.steps + 1), diverged)
    erase(error, measured, diverged)
    for values in (told, moved):
        erase(values.swapaxes(1, 2), np.array(keep), diverged)
    return Run(loss, batch_error, error, diverged, told, moved, kept)


def _optimiser(net: Learners, rates: Tensor, params: Classifier) -> Sgd | Adam:
    if params.stepper() == "adam":
        return Adam(net.values(), rates)
    return Sgd(net.values(), rates, params.momentum)


def fit(params: Classifier, examples: Examples, layers: int, skip: bool, stop: Stop, keep: Sequence[int] = ()) -> Fit:
    """Train the networks of all seeds at the rate that is best for their depth and side.

    Every rate is tried to the end on the first `search_seeds` seeds. The one with the lowest median training error
    after the last step wins; among equals, that with the lowest median loss over the last tenth of the steps. Its
    runs are kept, and the other seeds are trained at that rate.
    """
    tried, count = list(range(params.search_seeds)), len(params.learning_rates)

    def run(indices: list[int], rates: list[float]) -> Run:
        net = Learners(params, [params.seed + index for index in indices], layers, skip)
        return train(net, examples, indices, rates, params, stop, keep)

    with one_thread():
        search = run(tried * count, [rate for rate in params.learning_rates for _ in tried])
        error = search.error[:, -1].reshape(count, -1)
        late = search.loss[:, -(1 + params.steps // 10) :].mean(axis=1).reshape(count, -1)
        chosen = best(error, late)
        found = search.of([chosen * len(tried) + index for index in tried])
        others = list(range(params.search_seeds, params.seeds))
        if others:
            found = found.beside(run(others, [params.learning_rates[chosen]] * len(others)))
    return Fit(found, params.learning_rates[chosen], error, search.diverged.reshape(count, -1))
