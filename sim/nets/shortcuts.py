"""Shortcuts that are not the identity: H = S(x) + βF(x), S as He et al. 2016 (section 3, figure 2) tried it.

    Scaled      λx, one number for all
    Projection  Wx, a matrix or a 1×1 convolution, at every pixel the same
    Gate        (1 − g(x)) ⊙ x with g(x) = σ(Wx + b), "shortcut-only gating": the branch is left as it is

States are [seed, ..., batch, width] or [seed, ..., batch, channel, row, column], as in blocks.py; weights [seed, out,
in]. `keep` gives what the derivative at x needs, in memory of its own; with it `pull` is J_Sᵀ g and `push` J_S v, for
any number of gradients beside one state.
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

Kept = tuple[Tensor, ...]


class Shortcut(Protocol):
    """What carries x past the branch."""

    def __call__(self, x: Tensor) -> Tensor: ...
    def keep(self, x: Tensor) -> Kept: ...
    def pull(self, g: Tensor, kept: Kept) -> Tensor: ...
    def push(self, v: Tensor, kept: Kept) -> Tensor: ...


class Scaled:
    """λx."""

    def __init__(self, scale: float) -> None:
        self.scale = scale

    def __call__(self, x: Tensor) -> Tensor:
        return x * self.scale

    def keep(self, x: Tensor) -> Kept:
        return ()

    def pull(self, g: Tensor, kept: Kept) -> Tensor:
        return g * self.scale

    push = pull


class Projection:
    """Wx. weight: [seed, out, in]; images: whether states are images."""

    def __init__(self, weight: Tensor, images: bool) -> None:
        self.weight = weight
        self.images = images

    def __call__(self, x: Tensor) -> Tensor:
        return mixed(self.weight, x, self.images)

    def keep(self, x: Tensor) -> Kept:
        return ()

    def pull(self, g: Tensor, kept: Kept) -> Tensor:
        return mixed(self.weight.mT, g, self.images)

    def push(self, v: Tensor, kept: Kept) -> Tensor:
        return mixed(self.weight, v, self.images)


class Gate:
    """(1 − σ(Wx + b)) ⊙ x. weight: [seed, out, in]; bias: b, of all units; images: whether states are images."""

    def __init__(self, weight: Tensor, bias: float, images: bool) -> None:
        self.weight = weight
        self.bias = bias
        self.images = images

    def __call__(self, x: Tensor) -> Tensor:
        return self._open(x) * x

    def keep(self, x: Tensor) -> Kept:
        """How far the gate is open, and how x ⊙ (1 − g) moves with Wx."""
        through = self._open(x)
        return through, -x * through * (1 - through)

    def pull(self, g: Tensor, kept: Kept) -> Tensor:
        through, slope = kept
        return through * g + mixed(self.weight.mT, slope * g, self.images)

    def push(self, v: Tensor, kept: Kept) -> Tensor:
        through, slope = kept
        return through * v + slope * mixed(self.weight, v, self.images)

    def _open(self, x: Tensor) -> Tensor:
        """1 − g(x), without the digits that a difference from 1 would lose."""
        return torch.sigmoid(-(mixed(self.weight, x, self.images) + self.bias))


def mixed(weight: Tensor, x: Tensor, images: bool) -> Tensor:
    """W x along units, or along the channels of every pixel."""
    if images:
        shape = x.shape
        return (weight.view(shape[0], *[1] * (x.ndim - 4), *weight.shape[1:]) @ x.flatten(-2)).view(shape)
    return (x.flatten(1, -2) @ weight.mT).view(x.shape)
