"""The largest and the smallest singular value of an operator that is known by what it does to vectors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def extremes(
    push: Callable[[Tensor], Tensor], pull: Callable[[Tensor], Tensor], start: Tensor, steps: int
) -> NDArray[np.float64]:
    """[largest, smallest] singular value of A from A v (push) and Aᵀ u (pull).

    Golub & Kahan (1965), lower bidiagonalisation of A from a random `start`, each vector made orthogonal to all before
    it. The values of the small matrix lie within those of A: the largest comes out too small and the smallest too large
    until `steps` reaches the dimension, where both are exact. NaN if a product is not finite.
    """
    shape, count = start.shape, min(steps, start.numel())
    right = [_unit(start.flatten().double())[0]]
    left: list[Tensor] = []
    small = torch.zeros(count, count, dtype=torch.float64)
    for step in range(count):
        p = push(right[-1].to(start.dtype).view(shape)).flatten().double()
        if not p.isfinite().all():
            return np.full(2, np.nan)[None]
        scale = float(p.norm())
        if step:
            p = p - small[step - 1, step] * left[-1]
        p, small[step, step] = _unit(_without(p, left))
        left.append(p)
        if step == count - 1 or small[step, step] <= 1e-14 * scale:
            break
        q = pull(p.to(start.dtype).view(shape)).flatten().double()
        if not q.isfinite().all():
            return np.full(2, np.nan)[None]
        q, small[step, step + 1] = _unit(_without(q - small[step, step] * right[-1], right))
        right.append(q)
        if small[step, step + 1] <= 1e-14 * small[: step + 1].norm():
            break
    values = torch.linalg.svdvals(small[: len(left), : len(left)])
    return np.array([[float(values[0]), float(values[-1])]])


def _without(vector: Tensor, basis: list[Tensor]) -> Tensor:
    """What is left of a vector beside a basis; twice, as once leaves rounding errors."""
    for _ in range(2 if basis else 0):
        rows = torch.stack(basis)
        vector = vector - rows.T @ (rows @ vector)
    return vector


def _unit(vector: Tensor) -> tuple[Tensor, Tensor]:
    length = vector.norm()
    return (vector / length if length > 0 else vector), length
