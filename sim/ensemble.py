"""Networks trained side by side: one tensor holds several, and none feels the others.

    states of MLPs           [network, batch, width]
    states of convolutions   [batch, network·channel, row, column], channels last in memory

The second is what a grouped convolution takes; `fold` and `unfold` go between it and [network, batch, channel, 8, 8].
Every parameter is laid out with the network as its slowest axis. A loss that diverges in one network leaves the bits of
the others alone: no operation here mixes groups.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from sim.blocks import BatchNorm, Block

DTYPES = {"float64": torch.float64, "float32": torch.float32}
BLOW_UP = 1e3  # a loss this many times the network's first has diverged; batch norm would let it grow, finite, for ever


class GroupedConvolution(nn.Module):
    """A 3×3 convolution with zero padding, each network with its own weights: [network, out, in, 3, 3]."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.networks = len(weight)
        self.weight = nn.Parameter(weight.flatten(0, 1).clone())

    def forward(self, x: Tensor) -> Tensor:
        return functional.conv2d(x, self.weight, padding=1, groups=self.networks)


class SidedNorm(nn.Module):
    """Batch normalisation by the batch at hand, as blocks.BatchNorm, in torch's own kernel: 3 times as fast to train.

    x: [batch, network·channel, row, column] or [network, batch, width].
    """

    def __init__(self, like: Tensor, networks: int, channels: int) -> None:
        super().__init__()
        self.networks = networks
        self.scale = nn.Parameter(like.new_ones(channels))
        self.shift = nn.Parameter(like.new_zeros(channels))

    def forward(self, x: Tensor, images: bool) -> Tensor:
        x = x if images else x.transpose(0, 1).flatten(1)
        x = functional.batch_norm(x, None, None, self.scale, self.shift, training=True, eps=BatchNorm.EPSILON)
        return x if images else x.unflatten(1, (self.networks, -1)).transpose(0, 1)


def trainable_block(
    weights: Sequence[NDArray[np.float64]], dtype: torch.dtype, *, order: str, norm: str, activation: str, skip: bool
) -> Block:
    """A Block of several networks that learns. weights: per layer [network, out, in] or [network, out, in, 3, 3]."""
    tensors = [torch.from_numpy(weight).to(dtype) for weight in weights]
    block = Block(tensors, order=order, norm=norm, activation=activation, skip=skip, trainable=True)
    # The same steps, but for many networks at once.
    channels = [sum(value.numel() for value in old.parameters()) // 2 for old in block.norms]
    block.norms = nn.ModuleList(SidedNorm(tensors[0], len(tensors[0]), count) for count in channels)
    if block.images:
        block.layers = nn.ModuleList(GroupedConvolution(weight) for weight in tensors)
    return block


def fold(x: Tensor) -> Tensor:
    """What blocks take, from [network, batch, width] or [network, batch, channel, 8, 8]."""
    if x.ndim == 3:
        return x
    return x.transpose(0, 1).flatten(1, 2).contiguous(memory_format=torch.channels_last)


def unfold(x: Tensor, networks: int) -> Tensor:
    """The inverse of `fold`."""
    return x if x.ndim == 3 else x.unflatten(1, (networks, -1)).transpose(0, 1)


def rows(values: Sequence[Tensor], networks: int) -> list[Tensor]:
    """Views of parameters, or of their gradients, as [network, -1]."""
    return [value.view(networks, -1) for value in values]


class Sgd:
    """v ← μv + g, p ← p − ηv (Sutskever et al. 2013, as PyTorch writes it); rates: η of each network."""

    def __init__(self, values: list[Tensor], rates: Tensor, momentum: float) -> None:
        self.values = values
        self.rates = rates[:, None]
        self.momentum = momentum
        self.velocity = [torch.zeros_like(value) for value in values]

    @torch.no_grad()
    def step(self, gradients: list[Tensor]) -> None:
        torch._foreach_mul_(self.velocity, self.momentum)
        torch._foreach_add_(self.velocity, gradients)
        for value, velocity in zip(self.values, self.velocity, strict=True):
            value.addcmul_(self.rates, velocity, value=-1)


class Adam:
    """Adam with its usual β = 0.9, 0.999, ε = 1e-8 (Kingma & Ba 2015, alg. 1); rates: η of each network."""

    BETA, GAMMA, EPSILON = 0.9, 0.999, 1e-8

    def __init__(self, values: list[Tensor], rates: Tensor) -> None:
        self.values = values
        self.rates = rates[:, None]
        self.mean = [torch.zeros_like(value) for value in values]
        self.square = [torch.zeros_like(value) for value in values]
        self.time = 0

    @torch.no_grad()
    def step(self, gradients: list[Tensor]) -> None:
        self.time += 1
        seen, seen_square = 1 - self.BETA**self.time, 1 - self.GAMMA**self.time
        for value, gradient, mean, square in zip(self.values, gradients, self.mean, self.square, strict=True):
            mean.mul_(self.BETA).add_(gradient, alpha=1 - self.BETA)
            square.mul_(self.GAMMA).addcmul_(gradient, gradient, value=1 - self.GAMMA)
            size = (square / seen_square).sqrt_().add_(self.EPSILON)
            value.addcmul_(self.rates, mean / size, value=-1 / seen)


def diverged_at(loss: NDArray[np.float64]) -> NDArray[np.int64]:
    """The first step whose loss is not finite or over BLOW_UP times the first; −1: none. loss: [network, step]."""
    with np.errstate(invalid="ignore"):
        bad = ~np.isfinite(loss) | (loss > BLOW_UP * loss[:, :1])
    return np.where(bad.any(axis=1), bad.argmax(axis=1), -1).astype(np.int64)


def erase(values: NDArray[np.float64], steps: NDArray[np.int64], diverged: NDArray[np.int64]) -> None:
    """Write NaN from the step of divergence on. values: [network, ..., step] at `steps`."""
    for row, since in zip(values, diverged, strict=True):
        if since >= 0:
            row[..., steps >= since] = np.nan


def best(*scores: NDArray[np.float64]) -> int:
    """The rule by which a learning rate is chosen, the same for all networks.

    The lowest median over seeds of the first score; among equals, of the next; among those, the lowest rate. A diverged
    run counts as infinitely bad. scores: [rate, seed] each.
    """
    medians = [np.median(np.where(np.isnan(values), np.inf, values), axis=1) for values in scores]
    return int(np.lexsort(medians[::-1])[0])


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Sums in one order, whatever machine or process pool this runs in: the same seed gives the same bytes."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
