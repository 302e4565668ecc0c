"""Experiment `gains`: what one block does to gradients, singular value by singular value and vector by vector.

The shortcut adds I to the Jacobian of the branch; what that does to lengths is measured, not assumed: the smallest
singular value of I + βJ_F is at least 1 − |β|‖J_F‖, and no more is certain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sim.experiments.gains import Gains, GainsRecord
from sim.nets import data
from sim.nets.blocks import DTYPES, Block
from sim.nets.drawn import draw_block
from sim.probes.cotangent import cotangent
from sim.probes.krylov import extremes
from sim.probes.pullback import Buffers, Pullback
from sim.records.provenance import provenance
from sim.records.record import Status
from sim.sections import memory
from sim.work import threads

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class OneSeed:
    """One seed's numbers; fields and axes as in GainsRecord, without the seed. zero: where the gradient above is."""

    singular_branch: Floats
    singular_total: Floats
    random_gain: Floats
    loss_gain: Floats
    zero: NDArray[np.bool_]
    data_digest: str


def gains(params: Gains) -> GainsRecord:
    """Measure the blocks of `params`."""
    seeds = [params.seed + k for k in range(params.seeds)]
    most = max(1, memory.TOGETHER // memory.bytes_per_seed(params))
    found = threads.side_by_side(lambda seed: _seed(params, seed), seeds, most)
    branch = np.stack([one.singular_branch for one in found])
    total = np.stack([one.singular_total for one in found])
    random = np.stack([one.random_gain for one in found], axis=1)
    loss = np.stack([one.loss_gain for one in found], axis=1)
    values = np.concatenate((random, loss), axis=-1)
    values[1] *= np.where(np.isfinite(branch).all((2, 3)) & np.isfinite(total).all((2, 3)), 1, np.nan)[..., None]
    zero = np.stack([one.zero for one in found], axis=1)
    status = np.full(zero.shape, Status.OK, dtype=np.int64)
    status[np.isinf(values).any(-1)] = Status.OVERFLOW
    status[np.isnan(values).any(-1)] = Status.NAN
    status[zero & (status != Status.OK)] = Status.ZERO
    w = np.linspace(-2, 2, 161)
    return GainsRecord(
        singular_branch=branch,
        singular_total=total,
        method="exact" if params.exact else "estimate",
        bound=1 - abs(params.branch_scale_value) * branch[..., 0],
        singular_below=_below(total, (2, 3)),
        random_gain=random,
        loss_gain=loss,
        random_below=_below(random, (2, 3)),
        loss_below=_below(loss, (2, 3)),
        status=status,
        scalar_w=w,
        scalar_gain=scalar(w),
        seeds=np.array(seeds, dtype=np.int64),
        **provenance("gains", params, [one.data_digest for one in found]),
    )


@torch.no_grad()
def scalar(w: Floats) -> Floats:
    """|dH/dx| of the blocks x + wx of one unit."""
    block = Block([torch.from_numpy(w)[:, None, None]], activation="linear", order="open")
    pullback = Pullback(block, Buffers(), 0)
    one = torch.ones(len(w), 1, 1, 1, dtype=torch.float64)
    pullback.join(one, pullback.branch(one))
    return np.array(pullback.back(one).abs().flatten().numpy())


def _below(values: Floats, over: tuple[int, ...]) -> Floats:
    """Share of values below 1; NaN where one of them is."""
    return np.where(np.isnan(values).any(over), np.nan, (values < 1).mean(over))


@torch.no_grad()
def _seed(params: Gains, seed: int) -> OneSeed:
    dtype = DTYPES[params.dtype]
    batch = data.draw_batch(params, seed)
    pair = torch.from_numpy(batch.hidden)[None, None].to(dtype).repeat(1, 2, *[1] * batch.hidden.ndim)
    directions = torch.from_numpy(data.draw_cotangent(params, seed)).to(dtype).view(pair[:, :1].shape)
    one, two = Buffers(), Buffers()
    way_back, found = [], []
    for index in range(params.depth):
        block = draw_block(params, [seed], index, dtype)
        found.append(_block(params, seed, Pullback(block, one, 0), pair[:, 1:].clone(), directions))
        way_back.append(Pullback(block, two, index))
        pair = way_back[-1].join(pair, way_back[-1].branch(pair))
    g = cotangent(params, [seed], [batch.labels], dtype)(pair)
    loss, zero = [], []
    for pullback in reversed(way_back):
        above = _norms(g)
        g = pullback.back(g)
        loss.append(_norms(g) / above)
        zero.append((above == 0).any(1).numpy())
    return OneSeed(
        singular_branch=np.stack([branch for branch, _, _ in found]),
        singular_total=np.stack([total for _, total, _ in found]),
        random_gain=np.stack([random for _, _, random in found], axis=1),
        loss_gain=torch.stack(loss[::-1], 1).numpy(),
        zero=np.stack(zero[::-1], axis=1),
        data_digest=batch.digest,
    )


def _block(
    params: Gains, seed: int, pullback: Pullback, h: Tensor, directions: Tensor
) -> tuple[Floats, Floats, Floats]:
    """Singular values of J_F and A, [example, rank], and the gains of random directions, [skip, batch], at state h."""
    F = pullback.branch(h)
    pullback.join(h, F)
    after = pullback.unjoin(directions)
    bare = pullback.pull(after).clone()  # the next call overwrites it
    random = torch.cat((bare, pullback.back(directions)), 1)
    gain = (_norms(random) / _norms(directions)).numpy()
    beta = params.branch_scale_value
    if params.exact:
        J = jacobians(pullback, h[:, :, : params.examples])
        return _singular(J), _singular(torch.eye(J.shape[-1], dtype=J.dtype) + beta * J), gain
    start = torch.from_numpy(data.stream(seed, "cotangent", 1).standard_normal(h.shape)).to(h.dtype)
    pairs = (
        extremes(pullback.push, pullback.pull, start, params.steps),
        extremes(lambda v: v + beta * pullback.push(v), lambda g: g + beta * pullback.pull(g), start, params.steps),
    )
    return pairs[0], pairs[1], gain


def jacobians(pullback: Pullback, h: Tensor) -> Tensor:
    """J_F of every example, [example, out, in], of a network without batch norm; h: [1, 1, example, width]."""
    pullback.branch(h)
    width, examples = h.shape[-1], h.shape[2]
    every = torch.eye(width, dtype=h.dtype)[None, :, None].expand(1, width, examples, width).contiguous()
    return pullback.pull(every)[0].transpose(0, 1)


def _singular(J: Tensor) -> Floats:
    """Singular values, falling; NaN of a matrix that is not finite."""
    J = J.double()
    finite = J.isfinite().all(2).all(1)
    values = torch.linalg.svdvals(torch.where(finite[:, None, None], J, 0))
    return torch.where(finite[:, None], values, torch.nan).numpy()


def _norms(g: Tensor) -> Tensor:
    """Per-example norms: [n, batch] from [1, n, batch, ...], the largest entry taken out before squaring."""
    x = g[0].flatten(2).double()
    largest = torch.linalg.vector_norm(x, torch.inf, dim=2)
    scale = torch.where((largest > 0) & largest.isfinite(), largest, 1)
    return torch.linalg.vector_norm(x / scale[..., None], dim=2) * scale
