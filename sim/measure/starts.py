"""Experiment `starts`: the gradient at the input over depth and weight scale, and training from points of that map.

Block l of a network is the same whatever its depth, so one pass forward serves all depths: at each stop the loss sends
its gradient back from there. β = 1/√depth is the exception, and goes forward anew for every stop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sim.experiments.starts import KINDS, Kind, Starts, StartsRecord
from sim.learning.classifier import Examples, Fit, checks, fit
from sim.nets import data
from sim.nets.blocks import DTYPES, Block
from sim.nets.drawn import draw_block
from sim.probes.cotangent import cotangent
from sim.probes.pullback import Buffers, Pullback
from sim.probes.signal import scaled_norm
from sim.records.provenance import provenance
from sim.sections import memory
from sim.sections.network import GAINS, Network
from sim.work import threads
from sim.work.threads import Stop

Floats = NDArray[np.float64]


def starts(params: Starts) -> StartsRecord:
    """Draw the map, and train from its points."""
    net = params.network
    seeds = [net.seed + k for k in range(net.seeds)]
    batches = [data.draw_batch(net, seed) for seed in seeds]
    most = memory.TOGETHER // (net.seeds * memory.bytes_per_seed(net.replace(depth=params.depths[-1], norm="batch")))
    rows = threads.side_by_side(
        lambda gain: _row(params, net.replace(gain=gain), seeds, batches), params.gains, max(1, most)
    )
    places = [(kind, depth, gain) for depth, gain in params.points for kind in KINDS]
    # One after the other: networks so small keep the interpreter busy more than the cores, and threads would only wait
    # for each other.
    fits = [_train(params, *place) for place in places]
    table = [fits[index :: len(KINDS)] for index in range(len(KINDS))]  # [kind][point]
    runs = params.training.seeds
    steps = checks(params.runner(KINDS[0], 1, 1.0))
    return StartsRecord(
        signal=np.stack(rows, axis=1),
        depths=np.array(params.depths, dtype=np.int64),
        gains=np.array([_number(gain) for gain in params.gains]),
        seeds=np.array(seeds, dtype=np.int64),
        point_depths=np.array([depth for depth, _ in params.points], dtype=np.int64),
        point_gains=np.array([_number(gain) for _, gain in params.points]),
        train_error=_field(table, lambda found: found.run.error, (runs, len(steps))),
        check_steps=steps,
        learning_rates=np.array(params.training.learning_rates),
        best_lr=_field(table, lambda found: found.rate, ()),
        diverged_at=_field(table, lambda found: found.run.diverged, (runs,)).astype(np.int64),
        **provenance("starts", params, [batch.digest for batch in batches]),
    )


def _number(gain: float | str) -> float:
    return GAINS[gain] if isinstance(gain, str) else gain


def _field(table: list[list[Fit]], get: Callable[[Fit], Any], shape: tuple[int, ...]) -> Floats:
    """Something of every training, [kind, point, *shape]; of no points, too."""
    points = len(table[0])
    out = np.empty((len(table), points, *shape))
    for kind, row in enumerate(table):
        for point, found in enumerate(row):
            out[kind, point] = get(found)
    return out


def _train(params: Starts, kind: Kind, depth: int, gain: float | str) -> Fit:
    runner = params.runner(kind, depth, gain)
    return fit(runner, Examples(runner), runner.layers, kind.skip, Stop())


@torch.no_grad()
def _row(params: Starts, net: Network, seeds: list[int], batches: list[data.Batch]) -> Floats:
    """`signal` at one weight scale: [kind, depth, seed]."""
    dtype, deepest = DTYPES[net.dtype], params.depths[-1]
    start = torch.from_numpy(np.stack([batch.hidden for batch in batches])).to(dtype)
    start = start[:, None].expand(-1, 2, *start.shape[1:]).contiguous()
    send_back = cotangent(net, seeds, [batch.labels for batch in batches], dtype)
    found = {}
    for norm in ("none", "batch"):
        blocks = [draw_block(net.replace(norm=norm), seeds, index, dtype) for index in range(deepest)]
        found[norm, False] = _back_from_each(blocks, start, send_back, params.depths)
        if norm == "none":
            scaled = []
            for depth in params.depths:
                for block in blocks:
                    block.branch_scale = depth**-0.5
                scaled.append(_back_from_each(blocks[:depth], start[:, 1:], send_back, [depth]))  # the residual one
            found[norm, True] = np.concatenate(scaled)
    return np.stack([found[kind.norm, kind.scaled][..., -int(kind.skip)] for kind in KINDS])


def _back_from_each(
    blocks: Sequence[Block], start: Tensor, send_back: Callable[[Tensor], Tensor], depths: Sequence[int]
) -> Floats:
    """log10 of the signal at h_0 over that at h_L, were the network cut off at each depth: [depth, seed, skip]."""
    buffers, way_back, h = Buffers(), [], start
    found = []
    for index, block in enumerate(blocks):
        way_back.append(Pullback(block, buffers, index))
        h = way_back[-1].join(h, way_back[-1].branch(h))
        if index + 1 in depths:
            g = send_back(h)
            last = scaled_norm(g)
            for pullback in reversed(way_back):
                g = pullback.back(g)
            found.append((scaled_norm(g).log10() - last.log10()).numpy())
    return np.array(found)
