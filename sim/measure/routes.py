"""Experiment `routes`: the gradient of a residual network as a sum over routes, by the number of branches taken.

∏ (I + βJ_l)ᵀ is a sum of 2^L products. Grouped by length they obey a recursion that needs L+1 vectors only: going back
through a block, P ← P + shift(βJ_Fᵀ P); a shortcut S that is not the identity makes it J_Sᵀ P + shift(βJ_Fᵀ P).
For order `post` the activation after the sum comes first, on every route.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sim.experiments.routes import Routes, RoutesRecord
from sim.nets import data
from sim.nets.blocks import DTYPES
from sim.nets.drawn import draw_block
from sim.probes.cotangent import cotangent
from sim.probes.pullback import Buffers, Pullback
from sim.probes.vectorised import Vectorised
from sim.records.provenance import provenance
from sim.records.record import Status
from sim.sections import memory
from sim.work import threads

Floats = NDArray[np.float64]
Found = tuple[Floats, Floats, float, Floats, int, str]


def routes(params: Routes) -> RoutesRecord:
    """Take the gradients of `params` apart."""
    seeds = [params.seed + k for k in range(params.seeds)]
    most = max(1, memory.TOGETHER // params.bytes_per_seed)
    found = threads.side_by_side(lambda seed: _seed(params, seed), seeds, most)
    return RoutesRecord(
        signed_share=np.stack([one[0] for one in found]),
        energy=np.stack([one[1] for one in found]),
        total_energy=np.array([one[2] for one in found]),
        count=np.array([float(math.comb(params.depth, k)) for k in range(params.depth + 1)]),
        route_share=np.stack([one[3] for one in found]),
        status=np.array([one[4] for one in found], dtype=np.int64),
        seeds=np.array(seeds, dtype=np.int64),
        **provenance("routes", params, [one[5] for one in found]),
    )


@torch.no_grad()
def _seed(params: Routes, seed: int) -> Found:
    dtype = DTYPES[params.dtype]
    batch = data.draw_batch(params, seed)
    h = torch.from_numpy(batch.hidden)[None, None].to(dtype)
    buffers = Buffers()
    way_back: list[Pullback] = []
    kind = Vectorised if params.block == "conv" else Pullback
    for index in range(params.depth):
        way_back.append(kind(draw_block(params, [seed], index, dtype), buffers, index))
        h = way_back[-1].join(h, way_back[-1].branch(h))
    g = cotangent(params, [seed], [batch.labels], dtype)(h)
    by_length = grouped(way_back, g)
    by_route = each(way_back, g) if params.by_route else None
    del way_back, buffers
    return *_read(by_length, by_route), batch.digest


def grouped(way_back: Sequence[Pullback], g: Tensor) -> Tensor:
    """C_k at h_0, [depth+1, batch, ...], from the gradient at h_L, [1, 1, batch, ...]."""
    depth = len(way_back)
    P = g.new_zeros(1, depth + 1, *g.shape[2:])
    P[:, 0] = g[:, 0]
    for done, pullback in enumerate(reversed(way_back)):
        here = P[:, : done + 1]
        here.copy_(pullback.unjoin(here.contiguous()))
        taken = pullback.pull(here).mul_(pullback.block.branch_scale)
        here.copy_(pullback.hand_back(here))
        P[:, 1 : done + 2].add_(taken)
    return P[0]


def each(way_back: Sequence[Pullback], g: Tensor) -> Tensor:
    """The routes one by one at h_0, [2^depth, batch, ...]; bit l−1 of the index: the branch of block l is taken."""
    R = g
    for pullback in reversed(way_back):
        R = pullback.unjoin(R)
        # Blocks come last to first, so the bit that each adds is lower than those there are.
        R = torch.stack((pullback.hand_back(R), pullback.pull(R) * pullback.block.branch_scale), 2).flatten(1, 2)
    return R[0]


def _read(by_length: Tensor, by_route: Tensor | None) -> tuple[Floats, Floats, float, Floats, int]:
    """Shares, energies, total energy, shares of the routes, and how far they may be trusted."""
    batch = by_length.shape[1]
    C = by_length.flatten(1).double()
    g = C.sum(0)
    R = g.new_zeros(0, g.numel()) if by_route is None else by_route.flatten(1).double()
    largest = float(C.abs().max())
    if not math.isfinite(largest):
        status = Status.NAN if bool(C.isnan().any()) else Status.OVERFLOW
        nothing = np.full(len(C), np.nan)
        return nothing, nothing, math.nan, np.full(len(R), np.nan), status
    # Squares are taken of numbers about 1: neither a vanished nor an exploded gradient leaves float64 on the way.
    unit = float(g.abs().max())
    energies = _squared(C) / batch
    total = float(_squared(g[None])[0] / batch)
    if unit == 0:
        return np.full(len(C), np.nan), energies.numpy(), total, np.full(len(R), np.nan), Status.ZERO
    g = g / unit
    square = g @ g
    share, route_share = ((vectors / unit) @ g / square for vectors in (C, R))
    finite = bool(share.isfinite().all() and route_share.isfinite().all() and energies.isfinite().all())
    if not (finite and math.isfinite(total)):
        return np.full(len(C), np.nan), energies.numpy(), total, np.full(len(R), np.nan), Status.OVERFLOW
    status = Status.OK if total >= torch.finfo(torch.float64).tiny else Status.UNDERFLOW
    return share.numpy(), energies.numpy(), total, route_share.numpy(), status


def _squared(vectors: Tensor) -> Tensor:
    """|v|² of every row."""
    largest = vectors.abs().amax(1)
    scale = torch.where(largest > 0, largest, 1)
    return ((vectors / scale[:, None]) ** 2).sum(1) * scale**2
