"""Gradient descent for many networks side by side: one tensor [network, -1] a parameter, one rate a network."""

from __future__ import annotations

import torch
from torch import Tensor


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

    def moves(self) -> list[Tensor]:
        """What the last step subtracted from the values."""
        return [self.rates * velocity for velocity in self.velocity]


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

    def moves(self) -> list[Tensor]:
        """What the last step subtracted from the values."""
        seen, seen_square = 1 - self.BETA**self.time, 1 - self.GAMMA**self.time
        sizes = [(square / seen_square).sqrt_().add_(self.EPSILON) for square in self.square]
        return [self.rates * mean / size / seen for mean, size in zip(self.mean, sizes, strict=True)]
