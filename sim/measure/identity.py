"""Experiment `identity`: a plain and a residual block, or a stack of them, learn H(x) = x on real digits.

The lecture note's own task: F = [Conv 3×3, BN, ReLU] twice, from the image's one channel to `width` and back (block
"mlp": from 64 pixels to `width` units and back). Adam on the mean squared error, minibatches drawn anew at each step.
All seeds and learning rates of a side are trained side by side; plain and residual start from the same weights and see
the same minibatches.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sim.experiments.identity import Identity, IdentityRecord
from sim.learning.ensemble import fold, rows, trainable_block, unfold
from sim.learning.optimisers import Adam
from sim.learning.outcome import best, diverged_at, erase
from sim.nets import data
from sim.nets.blocks import DTYPES, Block
from sim.records.provenance import provenance
from sim.work.threads import Stop, one_thread, together

Floats = NDArray[np.float64]
COPIED = 0.01  # relative squared error from which a block is said to copy

CONTEXT = (
    64  # examples in the batch in which snapshots are taken: the digits shown, and others for the batch statistics
)
KERNEL = 9  # weights of a layer that are kept at every step: those of a 3×3 kernel


@dataclass
class Runs:
    """What the runs of one side did; the first axis is [lr, seed]."""

    error: Floats
    ratio: Floats
    dead: Floats
    branches: Floats
    outputs: Floats
    kernels: Floats
    diverged: NDArray[np.int64]


def identity(params: Identity) -> IdentityRecord:
    """Train plain and residual blocks towards H(x) = x."""
    seeds = np.arange(params.seeds, dtype=np.int64) + params.seed
    found = together([lambda stop: _side(params, False, stop), lambda stop: _side(params, True, stop)])
    sides = [side for side, _, _ in found]
    final = np.stack([side.error[:, :, -1] for side in sides])
    chosen = [best(side.error[:, :, -1]) for side in sides]

    def pick(name: str) -> Floats:
        return np.stack([getattr(side, name)[lr] for side, lr in zip(sides, chosen, strict=True)])

    images, labels = data.digits()
    return IdentityRecord(
        relative_error=pick("error"),
        branch_ratio=pick("ratio"),
        dead_share=pick("dead"),
        input_image=images[_shown(params)].reshape(-1, data.SIDE, data.SIDE),
        branch_image=pick("branches"),
        output_image=pick("outputs"),
        kernel=pick("kernels"),
        snapshot_steps=np.array(params.snapshots, dtype=np.int64),
        digit_labels=labels[_shown(params)],
        learning_rates=np.array(params.learning_rates),
        lr_final_error=final,
        lr_diverged_at=np.stack([side.diverged for side in sides]),
        best_lr=np.array([params.learning_rates[lr] for lr in chosen]),
        longer_error=np.stack([longer for _, longer, _ in found]),
        wider_error=np.stack([wider for _, _, wider in found]),
        diverged_at=np.stack([side.diverged[lr] for side, lr in zip(sides, chosen, strict=True)]),
        seeds=seeds,
        **provenance("identity", params, hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()),
    )


def _side(params: Identity, skip: bool, stop: Stop) -> tuple[Runs, Floats, Floats]:
    """The runs of one side, and the least error of each of its networks that train longer, or are wider: [seed]."""
    runs = _train(params, skip, stop)
    reached = _least(runs)
    if np.median(reached) <= COPIED:
        return runs, reached, reached
    few = {"snapshots": (0,), "digits": params.digits[:1], "longer": 1, "wider": 1}
    longer = wider = reached
    if params.longer > 1:
        longer = _least(_train(params.model_copy(update=few | {"steps": params.steps * params.longer}), skip, stop))
    if params.wider > 1:
        wider = _least(_train(params.model_copy(update=few | {"width": params.width * params.wider}), skip, stop))
    return runs, longer, wider


def _least(runs: Runs) -> Floats:
    """The least error of each network, ∞ where there is none, at the rate that gets the median of them lowest."""
    least = np.where(np.isnan(runs.error), np.inf, runs.error).min(axis=2)
    return np.asarray(least[best(least)])


def _shown(params: Identity) -> list[int]:
    """The first image there is of each digit."""
    labels = data.digits()[1]
    return [int(np.flatnonzero(labels == digit)[0]) for digit in params.digits]


def _context(params: Identity) -> list[int]:
    """The batch in which snapshots are taken: the images shown, and others."""
    shown = _shown(params)
    others = [index for index in range(CONTEXT + len(shown)) if index not in shown]
    return (shown + others)[:CONTEXT]


def draw_block(params: Identity, seeds: list[int], block: int, skip: bool) -> Block:
    """Block number `block` (from 0) of the networks of `seeds`: weights N(0, g²/fan_in), no biases."""
    narrow, wide = (1, params.width) if params.block == "conv" else (data.PIXELS, params.width)
    kernel = (3, 3) if params.block == "conv" else ()
    shapes = [(wide, narrow, *kernel), (narrow, wide, *kernel)]
    weights = [
        np.stack([data.stream(seed, "weights", block, layer).standard_normal(shape) for seed in seeds])
        * (params.gain_value / np.sqrt(np.prod(shape[1:])))
        for layer, shape in enumerate(shapes)
    ]
    return trainable_block(
        weights, DTYPES[params.dtype], order=params.order, norm=params.norm, activation="relu", skip=skip
    )


class Watch:
    """The activation of a block, which also notes how many of its channels or units are zero for a whole batch."""

    def __init__(self, networks: int) -> None:
        self.networks = networks
        self.dead: list[Tensor] = []

    def __call__(self, x: Tensor) -> Tensor:
        x = torch.relu(x)
        seen = x.detach().amax((0, 2, 3)) if x.ndim == 4 else x.detach().amax(1)
        self.dead.append(seen.view(self.networks, -1) == 0)
        return x

    def share(self) -> Tensor:
        """[network], since it was last asked."""
        share = torch.cat(self.dead, 1).double().mean(1)
        self.dead = []
        return share


def _train(params: Identity, skip: bool, stop: Stop) -> Runs:
    """All runs of one side, with `lr` the slower of the axes [lr, seed]."""
    seeds = [params.seed + k for k in range(params.seeds)]
    count = len(params.learning_rates)
    networks = count * params.seeds
    dtype = DTYPES[params.dtype]
    rates = torch.tensor(params.learning_rates, dtype=dtype).repeat_interleave(params.seeds)
    images = torch.from_numpy(data.digits()[0]).to(dtype)
    images = images.view(-1, 1, data.SIDE, data.SIDE) if params.block == "conv" else images
    shown, context = len(params.digits), _context(params)
    draws = [data.stream(seed, "minibatches") for seed in seeds]

    states = params.steps + 1
    error, kernels = np.empty((networks, states)), np.empty((networks, 2, KERNEL, states))
    ratio, dead = np.empty((networks, params.depth, states)), np.empty((networks, params.depth, states))
    pictures: list[tuple[Tensor, Tensor]] = []
    with one_thread():
        blocks = [draw_block(params, seeds * count, block, skip) for block in range(params.depth)]
        watches = [Watch(networks) for _ in blocks]
        for block, watch in zip(blocks, watches, strict=True):
            block.activation = watch
        weights = [value for block in blocks for value in block.parameters()]
        adam = Adam(rows([value.detach() for value in weights], networks), rates)
        for step in range(states):
            stop.check()
            kernels[..., step] = _kernels(blocks[-1], networks)
            if step in params.snapshots:
                pictures.append(_look(blocks, images[context].expand(networks, *images[context].shape), shown))
                for watch in watches:
                    watch.share()
            chosen = torch.stack(
                [images[torch.from_numpy(draw.permutation(len(images))[: params.batch])] for draw in draws]
            )
            x = fold(chosen.repeat(count, *[1] * (chosen.ndim - 1)))
            h = x
            for index, block in enumerate(blocks):
                F = block.branch(h)
                with np.errstate(all="ignore"):
                    ratio[:, index, step] = _square(F, networks).numpy() ** 0.5 / _square(h, networks).numpy() ** 0.5
                h = block.join(h, F, skip)
                dead[:, index, step] = watches[index].share().numpy()
            miss = unfold(h - x, networks).flatten(1).square()
            error[:, step] = miss.detach().double().sum(1).numpy() / _square(x, networks).numpy()
            if step < params.steps:
                adam.step(rows([g.contiguous() for g in torch.autograd.grad(miss.mean(1).sum(), weights)], networks))
    diverged = diverged_at(error)
    every, taken = np.arange(states), np.array(params.snapshots)
    branches, outputs = (torch.stack([picture[k] for picture in pictures], -1).double().numpy() for k in (0, 1))
    for values in (error, ratio, dead, kernels):
        erase(values, every, diverged)
    for values in (branches, outputs):
        erase(values, taken, diverged)
    # [network, block, digit, 8, 8, snapshot] → [network, snapshot, block, digit, 8, 8]
    branches, outputs = (np.ascontiguousarray(np.moveaxis(values, -1, 1)) for values in (branches, outputs))

    def runs(values: NDArray[Any]) -> NDArray[Any]:
        return values.reshape(count, params.seeds, *values.shape[1:])

    return Runs(runs(error), runs(ratio), runs(dead), runs(branches), runs(outputs), runs(kernels), runs(diverged))


@torch.no_grad()
def _kernels(block: Block, networks: int) -> NDArray[Any]:
    """The first weights of each layer of a block: [network, layer, KERNEL]."""
    values = [value.reshape(networks, -1)[:, :KERNEL] for layer in block.layers for value in layer.parameters()]
    return torch.stack(values, 1).numpy()


@torch.no_grad()
def _look(blocks: list[Block], x: Tensor, shown: int) -> tuple[Tensor, Tensor]:
    """F and H of every block for the first `shown` examples: [network, block, digit, 8, 8] each."""
    h, pairs = fold(x), []
    for block in blocks:
        F = block.branch(h)
        h = block.join(h, F, block.skip)
        pairs.append([unfold(y, len(x))[:, :shown].reshape(len(x), shown, data.SIDE, data.SIDE) for y in (F, h)])
    return torch.stack([F for F, _ in pairs], 1), torch.stack([H for _, H in pairs], 1)


def _square(x: Tensor, networks: int) -> Tensor:
    """‖x‖² over examples and units: [network] float64."""
    return torch.linalg.vector_norm(unfold(x.detach(), networks).flatten(1), dim=1, dtype=torch.float64).square()
