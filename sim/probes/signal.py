"""The gradient signal: states and gradients read as they pass through a stack; none is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sim.nets.blocks import Block
from sim.probes.pullback import Buffers, Pullback
from sim.probes.weights import WeightGradients

# Between these a float64 norm can be summed as squares; outside, squares under- or overflow and are scaled first.
SAFE = (1e-140, 1e140)
Floats = NDArray[np.float64]


class Traced(NamedTuple):
    """The fields of a ProfileRecord that are read on the way: see there."""

    signal: Floats  # [2, seed, depth+1]
    activation: Floats  # [2, seed, depth+1]
    weight_gradient: Floats  # [2, seed, depth]
    branch_ratio: Floats  # [seed, depth]
    skip_share: Floats  # [seed, depth]


@torch.no_grad()
def trace(
    blocks: list[Block], start: Tensor, send_back: Callable[[Tensor], Tensor], buffers: Buffers | None = None
) -> Traced:
    """What a stack does to states and gradients, as a profile tells it.

    start: h_0, [seed, 2, batch, ...]. send_back: ∂ℓ/∂h_L from h_L. buffers: memory that an earlier trace has used.
    """
    buffers = buffers or Buffers()
    found = _probe(blocks, start, send_back, False, buffers)
    if not all(((values > SAFE[0]) & (values < SAFE[1])).all() for values in found[:4]):
        found = _probe(blocks, start, send_back, True, buffers)
    signal, size, weights, branch = (values / start.shape[2] ** 0.5 for values in found[:4])
    units = start[0, 0, 0].numel()
    with np.errstate(all="ignore"):  # a state may be exactly zero, or no longer finite
        return Traced(signal, size / units**0.5, weights, branch / size[1, :, :-1], found.skip_share)


def _probe(
    blocks: list[Block],
    start: Tensor,
    send_back: Callable[[Tensor], Tensor],
    scaled: bool,
    buffers: Buffers,
) -> Traced:
    """Norms, over batch and units, of states, gradients and residual branches, and skip shares.

    scaled: whether numbers may be so small or large that their squares are not.
    """
    norm, along = (scaled_norm, scaled_part_along) if scaled else (frobenius_norm, part_along)
    weights = WeightGradients(len(blocks), buffers, scaled)
    way_back: list[Pullback] = []
    h = start
    states, branches = [norm(h)], []
    for index, block in enumerate(blocks):
        way_back.append(Pullback(block, buffers, index, weights))
        F = way_back[-1].branch(h)
        branches.append(norm(F))
        h = way_back[-1].join(h, F)
        states.append(norm(h))
    g = send_back(h)
    gradients, shares = [norm(g)], []
    for pullback in reversed(way_back):
        joined = pullback.unjoin(g)
        handed = pullback.hand_back(joined[:, -1:])
        g = pullback.fork(joined, handed)
        gradients.append(norm(g))
        shares.append(along(handed[:, 0], g[:, -1], gradients[-1][:, -1]))
    gradients.reverse()
    shares.reverse()
    signal, size, branch = (torch.stack(values).permute(2, 1, 0) for values in (gradients, states, branches))
    told = weights.norms().numpy()
    return Traced(signal.numpy(), size.numpy(), told, branch[1].numpy(), torch.stack(shares, 1).numpy())


def frobenius_norm(x: Tensor) -> Tensor:
    """‖x‖ over examples and units: [seed, skip] float64 from [seed, skip, batch, ...].

    Over √batch it is the RMS over examples of their norms. Right where it comes out between the bounds of SAFE.
    """
    return torch.linalg.vector_norm(x.flatten(2), dim=2, dtype=torch.float64)


def scaled_norm(x: Tensor) -> Tensor:
    """The same for any numbers, at three times the price: the largest entry is taken out before squaring."""
    x = x.flatten(2).double()
    largest = torch.linalg.vector_norm(x, torch.inf, dim=2)
    scale = torch.where((largest > 0) & largest.isfinite(), largest, 1)
    return torch.linalg.vector_norm(x / scale[:, :, None], dim=2) * scale


def part_along(part: Tensor, whole: Tensor, length: Tensor) -> Tensor:
    """⟨part, whole⟩ / |whole|² of every seed, the share of a vector that one summand makes up; NaN of nothing."""
    # Seed by seed, so that nothing is copied: the states of one network lie together in memory.
    products = [torch.dot(one.reshape(-1), other.reshape(-1)) for one, other in zip(part, whole, strict=True)]
    share = torch.stack(products).double() / length**2
    return share.where(share.isfinite(), torch.nan)


def scaled_part_along(part: Tensor, whole: Tensor, length: Tensor) -> Tensor:
    """The same for any numbers."""
    unit = torch.where((length > 0) & length.isfinite(), length, torch.nan).view(-1, *[1] * (whole.ndim - 1))
    return part_along(part.double() / unit, whole.double() / unit, torch.ones_like(length))
