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
from torch.nn import functional

from sim import data, memory, threads
from sim.blocks import Block
from sim.provenance import provenance
from sim.pullback import Buffers, Pullback
from sim.records import ProfileRecord, Status, finite_until
from sim.sections import Profile

DTYPES = {"float64": torch.float64, "float32": torch.float32}

# Between these a float64 norm can be summed as squares; outside, squares under- or overflow and are scaled first.
SAFE = (1e-140, 1e140)

Floats = NDArray[np.float64]
Pass = tuple[Floats, Floats, Floats, Floats, NDArray[np.int64]]
Probe = tuple[Floats, Floats, Floats, Floats]


def profile(params: Profile) -> ProfileRecord:
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
    signal, activation = (np.concatenate([p[i] for p in passes], axis=1) for i in (0, 1))
    return ProfileRecord(
        gradient_signal=signal,
        activation_rms=activation,
        branch_ratio=np.concatenate([p[2] for p in passes]),
        skip_share=np.concatenate([p[3] for p in passes]),
        finite_until=finite_until(signal, activation),
        signal_status=np.concatenate([p[4] for p in passes], axis=1),
        seeds=seeds,
        **provenance("profile", params, digests),
    )


def _measure(params: Profile, seeds: list[int], batches: list[data.Batch], buffers: Buffers) -> Pass:
    """gradient_signal, activation_rms, branch_ratio, skip_share and signal_status of a group of seeds."""
    dtype = DTYPES[params.dtype]
    start = torch.from_numpy(np.stack([batch.hidden for batch in batches])).to(dtype)
    start = start[:, None].expand(-1, 2, *start.shape[1:]).contiguous()
    blocks = [draw_block(params, seeds, block, dtype) for block in range(params.depth)]
    send_back = cotangent(params, seeds, [batch.labels for batch in batches], dtype)
    signal, activation, ratio, share = trace(blocks, start, send_back, buffers)
    tiny = torch.finfo(dtype).tiny
    status = np.full(signal.shape, Status.OK, dtype=np.int64)
    status[np.isinf(signal)] = Status.OVERFLOW
    status[np.isnan(signal)] = Status.NAN
    faint = signal < tiny
    if faint.any():
        exact = cotangent(params, seeds, [batch.labels for batch in batches], torch.float64)
        alive = _alive(params, seeds, start, exact)
        status[faint] = np.where(alive[faint], Status.UNDERFLOW, Status.ZERO)
    return signal, activation, ratio, share, status


def draw_block(params: Profile, seeds: list[int], block: int, dtype: torch.dtype) -> Block:
    """Block number `block` (from 0) of the networks of `seeds`."""
    weights, biases = data.draw_weights(params, seeds, block)
    return Block(
        [torch.from_numpy(weight).to(dtype) for weight in weights],
        None if biases is None else [torch.from_numpy(bias).to(dtype) for bias in biases],
        order=params.order,
        norm=params.norm,
        activation=params.activation,
        branch_scale=params.branch_scale_value,
    )


def cotangent(
    params: Profile, seeds: list[int], labels: list[NDArray[np.int64]], dtype: torch.dtype
) -> Callable[[Tensor], Tensor]:
    """∂ℓ/∂h_L as a function of h_L, [seed, n, batch, ...]; the same read-out or unit vectors for all n networks."""
    if params.cotangent == "random":
        vectors = torch.from_numpy(np.stack([data.draw_cotangent(params, seed) for seed in seeds])).to(dtype)
        return lambda h: vectors[:, None].expand(*h.shape[:3], -1).reshape(h.shape)
    readout = torch.from_numpy(np.stack([data.draw_readout(params, seed) for seed in seeds])).to(dtype)
    target = torch.from_numpy(np.stack(labels))[:, None]

    def loss_gradient(h: Tensor) -> Tensor:
        h = h.detach().requires_grad_()
        with torch.enable_grad():
            logits = h.flatten(3) @ readout[:, None].mT
            loss = functional.cross_entropy(logits.flatten(0, 2), target.expand(h.shape[:3]).flatten(), reduction="sum")
            return torch.autograd.grad(loss, h)[0]

    return loss_gradient


@torch.no_grad()
def trace(
    blocks: list[Block], start: Tensor, send_back: Callable[[Tensor], Tensor], buffers: Buffers | None = None
) -> Probe:
    """gradient_signal and activation_rms [2, seed, depth+1], branch_ratio and skip_share [seed, depth] of a stack.

    start: h_0, [seed, 2, batch, ...]. send_back: ∂ℓ/∂h_L from h_L. buffers: memory that an earlier trace has used.
    """
    buffers = buffers or Buffers()
    found = _probe(blocks, start, send_back, frobenius_norm, part_along, buffers)
    if not all(((values > SAFE[0]) & (values < SAFE[1])).all() for values in found[:3]):
        found = _probe(blocks, start, send_back, scaled_norm, scaled_part_along, buffers)
    signal, size, branch = (values / start.shape[2] ** 0.5 for values in found[:3])
    units = start[0, 0, 0].numel()
    with np.errstate(all="ignore"):  # a state may be exactly zero, or no longer finite
        return signal, size / units**0.5, branch / size[1, :, :-1], found[3]


def _probe(
    blocks: list[Block],
    start: Tensor,
    send_back: Callable[[Tensor], Tensor],
    norm: Callable[[Tensor], Tensor],
    along: Callable[[Tensor, Tensor, Tensor], Tensor],
    buffers: Buffers,
) -> Probe:
    """Norms of gradients and states [2, seed, depth+1] and of residual branches, and skip shares [seed, depth].

    norm: [seed, 2] from [seed, 2, batch, ...]. along: [seed] from part and whole, [seed, batch, ...], and |whole|.
    """
    way_back: list[Pullback] = []
    h = start
    states, branches = [norm(h)], []
    for index, block in enumerate(blocks):
        way_back.append(Pullback(block, buffers, index))
        F = way_back[-1].branch(h)
        branches.append(norm(F))
        h = way_back[-1].join(h, F)
        states.append(norm(h))
    g = send_back(h)
    gradients, shares = [norm(g)], []
    for pullback in reversed(way_back):
        copy = pullback.unjoin(g)  # what the shortcut hands back
        g = pullback.fork(copy)
        gradients.append(norm(g))
        shares.append(along(copy[:, -1], g[:, -1], gradients[-1][:, -1]))
    gradients.reverse()
    shares.reverse()
    signal, size, branch = (torch.stack(values).permute(2, 1, 0) for values in (gradients, states, branches))
    return signal.numpy(), size.numpy(), branch[1].numpy(), torch.stack(shares, 1).numpy()


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


@torch.no_grad()
def _alive(
    params: Profile, seeds: list[int], start: Tensor, send_back: Callable[[Tensor], Tensor]
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
