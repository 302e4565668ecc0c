"""Experiment `profile`: the gradient signal at every block, plain and residual, in one forward and one backward pass.

Signal at l: RMS over examples of the per-example ‖∂ℓ_i/∂h_l‖₂, the loss ℓ summed over the batch. States and gradients
are read as they pass; none is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sim.experiments.profile import ProfileRecord, finite_until
from sim.nets import data
from sim.nets.blocks import DTYPES
from sim.nets.drawn import draw_block
from sim.probes.cotangent import cotangent
from sim.probes.pullback import Buffers, Pullback
from sim.probes.signal import Traced, trace
from sim.records.provenance import provenance
from sim.records.record import Status
from sim.sections import memory
from sim.sections.network import Network
from sim.work import threads

Floats = NDArray[np.float64]
Pass = tuple[Traced, NDArray[np.int64]]


def profile(params: Network) -> ProfileRecord:
    """Measure the networks of `params` at initialisation."""
    seeds = np.arange(params.seeds, dtype=np.int64) + params.seed
    size = memory.seeds_per_group(params)
    groups = [[int(seed) for seed in seeds[i : i + size]] for i in range(0, len(seeds), size)]
    memories = threading.local()  # a thread's groups use the same memory one after the other

    def run(group: list[int]) -> tuple[Pass, list[str]]:
        batches = [data.draw_batch(params, seed) for seed in group]
        memories.buffers = getattr(memories, "buffers", None) or Buffers()
        return _measure(params, group, batches, memories.buffers), [batch.digest for batch in batches]

    found = threads.side_by_side(run, groups, memory.groups_at_once(params))
    passes, digests = [one for one, _ in found], [digest for _, group in found for digest in group]
    traced = [one for one, _ in passes]
    signal = np.concatenate([one.signal for one in traced], axis=1)
    activation = np.concatenate([one.activation for one in traced], axis=1)
    return ProfileRecord(
        gradient_signal=signal,
        activation_rms=activation,
        weight_gradient=np.concatenate([one.weight_gradient for one in traced], axis=1),
        branch_ratio=np.concatenate([one.branch_ratio for one in traced]),
        skip_share=np.concatenate([one.skip_share for one in traced]),
        finite_until=finite_until(signal, activation),
        signal_status=np.concatenate([status for _, status in passes], axis=1),
        seeds=seeds,
        **provenance("profile", params, digests),
    )


def _measure(params: Network, seeds: list[int], batches: list[data.Batch], buffers: Buffers) -> Pass:
    """What is traced, and signal_status, of a group of seeds."""
    dtype = DTYPES[params.dtype]
    start = torch.from_numpy(np.stack([batch.hidden for batch in batches])).to(dtype)
    start = start[:, None].expand(-1, 2, *start.shape[1:]).contiguous()
    blocks = [draw_block(params, seeds, block, dtype) for block in range(params.depth)]
    send_back = cotangent(params, seeds, [batch.labels for batch in batches], dtype)
    traced = trace(blocks, start, send_back, buffers)
    signal, tiny = traced.signal, torch.finfo(dtype).tiny
    status = np.full(signal.shape, Status.OK, dtype=np.int64)
    status[np.isinf(signal)] = Status.OVERFLOW
    status[np.isnan(signal)] = Status.NAN
    faint = signal < tiny
    if faint.any():
        exact = cotangent(params, seeds, [batch.labels for batch in batches], torch.float64)
        alive = _alive(params, seeds, start, exact)
        status[faint] = np.where(alive[faint] | (signal[faint] > 0), Status.UNDERFLOW, Status.ZERO)
    return traced, status


@torch.no_grad()
def _alive(
    params: Network, seeds: list[int], start: Tensor, send_back: Callable[[Tensor], Tensor]
) -> NDArray[np.bool_]:
    """Where the gradient is not zero, told in a range that no depth exhausts: bool [2, seed, depth+1].

    The pass is run again in float64, and at every hidden state the gradient is brought back to about 1 by a power of
    two, which changes no digit. What is zero then is zero.
    """
    alive = torch.zeros(params.depth + 1, len(seeds), 2, dtype=torch.bool)
    buffers, way_back, h = Buffers(), [], start.double()
    for index in range(params.depth):
        way_back.append(Pullback(draw_block(params, seeds, index, torch.float64), buffers, index))
        h = way_back[-1].join(h, way_back[-1].branch(h))
    g = send_back(h)
    for index in range(params.depth, -1, -1):
        largest = torch.linalg.vector_norm(g.flatten(2), torch.inf, dim=2)
        alive[index] = largest != 0
        exponent = torch.frexp(largest)[1].where((largest > 0) & largest.isfinite(), 0)
        back = torch.ldexp(torch.ones_like(largest), -exponent)
        g = g * back.view(*back.shape, *[1] * (g.ndim - 2))
        if index:
            g = way_back[index - 1].back(g)
    return alive.permute(2, 1, 0).numpy()
