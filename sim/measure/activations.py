"""Experiment `activations`: what becomes of a digit on its way through a plain and a residual network."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from sim.experiments.activations import Activations, ActivationsRecord
from sim.nets import data
from sim.nets.blocks import DTYPES
from sim.nets.drawn import draw_block
from sim.probes.pullback import Buffers, Pullback
from sim.records.provenance import provenance
from sim.records.record import Status


def activations(params: Activations) -> ActivationsRecord:
    """Follow the first image of each of `params.shown`, in a batch with others, as batch norm needs."""
    images, labels = data.digits()
    places = [int(np.flatnonzero(labels == digit)[0]) for digit in params.shown]
    seeds = [params.seed + k for k in range(params.seeds)]
    found = [_seed(params, seed, places) for seed in seeds]
    status = np.stack([one[3] for one in found], axis=1)
    return ActivationsRecord(
        maps=np.stack([one[0] for one in found], axis=1),
        branch_maps=np.stack([one[1] for one in found]),
        cosine=np.stack([one[2] for one in found], axis=1),
        status=status,
        images=images[places].reshape(-1, data.SIDE, data.SIDE),
        labels=labels[places],
        seeds=np.array(seeds, dtype=np.int64),
        **provenance("activations", params, [one[4] for one in found]),
    )


@torch.no_grad()
def _seed(
    params: Activations, seed: int, places: list[int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, str]:
    """Maps [skip, depth+1, digit, 8, 8], branch maps [depth, digit, 8, 8], cosines and statuses [skip, depth+1, digit],
    and the batch's digest."""
    dtype, shown = DTYPES[params.dtype], len(places)
    batch = data.draw_batch(params, seed, first=places)
    h = torch.from_numpy(batch.hidden)[None, None].to(dtype).repeat(1, 2, *[1] * batch.hidden.ndim)
    first = h[0, :, :shown].clone()
    states, branches = [first], []
    buffers = Buffers()
    for index in range(params.depth):
        pullback = Pullback(draw_block(params, [seed], index, dtype), buffers, 0)
        F = pullback.branch(h)
        branches.append(F[0, 1, :shown] * params.branch_scale_value)
        h = pullback.join(h, F)
        states.append(h[0, :, :shown].clone())
    every, each = torch.stack(states, 1).double(), torch.stack(branches)[None].double()
    maps, branch_maps = _images(params, seed, every), _images(params, seed, each)
    flat = every.flatten(3)
    cosine = (_direction(flat) * _direction(flat[:, :1])).sum(-1).clamp(-1, 1)
    status = np.full(cosine.shape, Status.OK, dtype=np.int64)
    start_is_zero = (flat[:, :1] == 0).all(-1).expand(cosine.shape)
    status[((flat == 0).all(-1) | start_is_zero).numpy()] = Status.ZERO
    status[flat.isinf().any(-1).numpy()] = Status.OVERFLOW
    status[flat.isnan().any(-1).numpy()] = Status.NAN
    cosine[torch.from_numpy(status != Status.OK)] = torch.nan
    return maps.numpy(), branch_maps[0].numpy(), cosine.numpy(), status, batch.digest


def _images(params: Activations, seed: int, states: Tensor) -> Tensor:
    """States as images: [..., 8, 8] from [..., width] or [..., width, 8, 8]."""
    if params.block == "conv" or params.width != data.PIXELS:
        states = states.flatten(3) @ torch.from_numpy(data.draw_reader(params, seed)).mT
    return states.unflatten(-1, (data.SIDE, data.SIDE))


def _direction(x: Tensor) -> Tensor:
    """Unit vectors, the largest entry taken out before squaring."""
    x = x / x.abs().amax(-1, keepdim=True)
    return x / torch.linalg.vector_norm(x, dim=-1, keepdim=True)
