"""Experiment `activations`: what becomes of a digit on its way through a plain and a residual network."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from sim.experiments.activations import Activations, ActivationsRecord
from sim.nets import data
from sim.nets.blocks import DTYPES
from sim.nets.drawn import draw_block
from sim.probes.linear import read_by_depth
from sim.probes.pullback import Buffers, Pullback
from sim.records.provenance import provenance
from sim.records.record import Status
from sim.work import threads


def activations(params: Activations) -> ActivationsRecord:
    """Follow the first image of each of `params.shown`, in a batch with others, as batch norm needs."""
    images, labels = data.digits()
    places = [int(np.flatnonzero(labels == digit)[0]) for digit in params.shown]
    seeds = [params.seed + k for k in range(params.seeds)]

    def run(seed: int) -> tuple[_Followed, np.ndarray]:
        return _seed(params, seed, places), read_by_depth(params, seed)

    both = threads.side_by_side(run, seeds, len(seeds))
    found = [one for one, _ in both]
    return ActivationsRecord(
        maps=np.stack([one.maps for one in found], axis=1),
        branch_maps=np.stack([one.branch_maps for one in found]),
        cosine=np.stack([one.cosine for one in found], axis=1),
        others=np.stack([one.others for one in found], axis=1),
        probe=np.stack([probe for _, probe in both], axis=1),
        status=np.stack([one.status for one in found], axis=1),
        images=images[places].reshape(-1, data.SIDE, data.SIDE),
        labels=labels[places],
        seeds=np.array(seeds, dtype=np.int64),
        **provenance("activations", params, [one.digest for one in found]),
    )


class _Followed(NamedTuple):
    """The fields of a record for one seed, and the digest of its batch."""

    maps: np.ndarray
    branch_maps: np.ndarray
    cosine: np.ndarray
    others: np.ndarray
    status: np.ndarray
    digest: str


@torch.no_grad()
def _seed(params: Activations, seed: int, places: list[int]) -> _Followed:
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
    starts = _direction(torch.from_numpy(batch.hidden).double().flatten(1))
    unlike = torch.from_numpy(batch.labels != batch.labels[:shown, None]).double()  # [digit, example]
    every_cosine = (_direction(flat) @ starts.nan_to_num().mT).clamp(-1, 1)  # [skip, state, digit, example]
    others = (every_cosine * unlike).sum(-1) / unlike.sum(-1)
    status = np.full(cosine.shape, Status.OK, dtype=np.int64)
    start_is_zero = (flat[:, :1] == 0).all(-1).expand(cosine.shape)
    status[((flat == 0).all(-1) | start_is_zero).numpy()] = Status.ZERO
    status[flat.isinf().any(-1).numpy()] = Status.OVERFLOW
    status[flat.isnan().any(-1).numpy()] = Status.NAN
    lost = torch.from_numpy(status != Status.OK)
    cosine[lost], others[lost] = torch.nan, torch.nan
    return _Followed(maps.numpy(), branch_maps[0].numpy(), cosine.numpy(), others.numpy(), status, batch.digest)


def _images(params: Activations, seed: int, states: Tensor) -> Tensor:
    """States as images: [..., 8, 8] from [..., width] or [..., width, 8, 8]."""
    if params.block == "conv" or params.width != data.PIXELS:
        states = states.flatten(3) @ torch.from_numpy(data.draw_reader(params, seed)).mT
    return states.unflatten(-1, (data.SIDE, data.SIDE))


def _direction(x: Tensor) -> Tensor:
    """Unit vectors, the largest entry taken out before squaring."""
    x = x / x.abs().amax(-1, keepdim=True)
    return x / torch.linalg.vector_norm(x, dim=-1, keepdim=True)
