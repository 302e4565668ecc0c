"""The thought experiment of He et al. 2015, section 1: a trained shallow network made deeper by blocks that do nothing.

The residual block that does nothing has zero weights: F = 0 exactly, batch norm or not, as its shift is 0; a ReLU after
the sum leaves states alone that are not negative. The plain one has the identity for weights (a kernel that is 1 at its
centre and 0 elsewhere), ReLUs that leave states alone that are not negative, and no batch norm, as normalising and
undoing it is the identity only up to rounding. Sums of one number and zeros are exact, so neither loses a bit.

Where activation or order do not allow this (tanh, or negative states), the record says that it is not exact.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sim.learning.classifier import Learners
from sim.learning.ensemble import trainable_block
from sim.nets.blocks import Block


def identity_block(net: Learners, skip: bool) -> nn.Module:
    """A block like those of `net` that does nothing, for all its networks."""
    like = next(block for block in net.stack.blocks if isinstance(block, Block))
    centre = 0.0 if skip else 1.0
    kernels = [_kernel(weight, net.networks, centre) for name, weight in like.named_parameters() if "weight" in name]
    order = like.order if skip else "literal"
    block = trainable_block(
        [kernel.double().numpy() for kernel in kernels], kernels[0].dtype,
        order=order, norm="batch" if skip and like.norms else "none", activation="relu", skip=skip,
    )  # fmt: skip
    block.activation = like.activation
    return block


def _kernel(weight: Tensor, networks: int, centre: float) -> Tensor:
    """Weights [network, out, in] or [network, out, in, 3, 3]: `centre` times the identity."""
    if weight.ndim == 3:  # matrices [network, out, in]; kernels are [network·out, in, 3, 3]
        return centre * torch.eye(weight.shape[-1], dtype=weight.dtype).repeat(networks, 1, 1)
    channels = weight.shape[1]
    kernel = torch.zeros(networks, channels, channels, 3, 3, dtype=weight.dtype)
    kernel[..., 1, 1] = centre * torch.eye(channels, dtype=weight.dtype)
    return kernel


def deepen(net: Learners, blocks: int, skip: bool) -> Learners:
    """Put identity blocks behind those of `net`, in place, up to `blocks` altogether."""
    while len(net.stack.blocks) < blocks:
        net.stack.blocks.append(identity_block(net, skip))
    return net
