"""Networks trained side by side: one tensor holds several, and none feels the others.

    states of MLPs           [network, batch, width]
    states of convolutions   [batch, network·channel, row, column], channels last in memory

The second is what a grouped convolution takes; `fold` and `unfold` go between it and [network, batch, channel, 8, 8].
Every parameter is laid out with the network as its slowest axis. A loss that diverges in one network leaves the bits of
the others alone: no operation here mixes groups.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from sim.nets.blocks import BatchNorm, Block


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
    weights: Sequence[NDArray[np.float64]],
    dtype: torch.dtype,
    *,
    order: str,
    norm: str,
    activation: str,
    skip: bool,
    branch_scale: float = 1.0,
) -> Block:
    """A Block of several networks that learns. weights: per layer [network, out, in] or [network, out, in, 3, 3]."""
    tensors = [torch.from_numpy(weight).to(dtype) for weight in weights]
    block = Block(
        tensors, order=order, norm=norm, activation=activation, branch_scale=branch_scale, skip=skip, trainable=True
    )
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
