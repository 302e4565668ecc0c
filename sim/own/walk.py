"""A network run once, as it is or as its plain twin, and the gradient's way back along its states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.autograd.graph import GradientEdge, get_gradient_edge

from sim.own.errors import RefusedError
from sim.own.plan import Plan
from sim.own.sums import Sum, first_tensor, refork
from sim.own.watch import ADD_IN_PLACE, IN_PLACE, Address, Watch
from sim.records.record import Status

SAFE = (1e-140, 1e140)  # between these squares neither under- nor overflow
Floats = NDArray[np.float64]
Send = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Walk:
    """What one pass has shown. signal, size: ‖∂ℓ/∂h_l‖ and ‖h_l‖ over batch and units, units: entries of h_l
    [depth+1]; status [depth+1]; ratio, share, weight [depth]: see NetworkRecord. shapes: of h_l. factors: by what
    shortcuts that are "scaled" multiply all that passes, by index of the sum; none where entries differ.
    """

    signal: Floats
    size: Floats
    units: Floats
    status: NDArray[np.int64]
    ratio: Floats
    share: Floats
    weight: Floats
    factors: dict[int, float]
    shapes: list[tuple[int, ...]]
    trail: list[str]


@dataclass
class _Seen:
    """What passes by the sums of the way: edges of shortcut, branch and join, their norms and shapes, by index."""

    shortcut: dict[int, GradientEdge] = field(default_factory=dict)
    branch: dict[int, GradientEdge] = field(default_factory=dict)
    join: dict[int, GradientEdge] = field(default_factory=dict)
    norms: dict[Any, tuple[float, tuple[int, ...]]] = field(default_factory=dict)
    ratio: dict[int, float] = field(default_factory=dict)
    tail: dict[Address, GradientEdge] = field(default_factory=dict)
    reached: set[Address] = field(default_factory=set)


def norm(x: Tensor | None) -> float:
    """‖x‖ over all entries, which neither under- nor overflows in float64; 0 of None."""
    if x is None or not x.numel():
        return 0.0
    x = x.detach()
    length = float(torch.linalg.vector_norm(x, dtype=torch.float64))
    if SAFE[0] < length < SAFE[1]:
        return length
    x = x.double()
    largest = float(torch.linalg.vector_norm(x, torch.inf))
    if not 0 < largest < float("inf"):
        return largest
    return float(torch.linalg.vector_norm(x / largest)) * largest


def walk(
    net: nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    plan: Plan,
    parts: Sequence[Sequence[Tensor]],
    send: Send,
    plain: bool,
) -> Walk:
    """Run the network, and send ∂ℓ/∂output back. parts: the parameters of each block.

    Raises RefusedError if without its shortcuts the network does not do the same.
    """
    seen = _Seen()
    watch = Watch(net, lambda key, func, both, rest: _sum(seen, plan, plain, key, func, both, rest))
    for state in plan.states:
        if state.address is not None:
            watch.wanted[state.address] = _reader(seen, state.address)
    output = first_tensor(watch.run(net, args, kwargs))
    lost = [one for one in plan.cut if one.key not in seen.reached]
    if lost:
        raise RefusedError(f"without its shortcuts the network takes another way: it does not reach {lost[0].where}")
    edges, norms = _states(seen, plan)
    leaves = [leaf for part in parts for leaf in part]
    joins = [seen.join[index] for index in range(len(plan.along))]
    asked: list[Any] = [*edges, *joins, *leaves]
    found = torch.autograd.grad([output], asked, [send(output)], retain_graph=True, allow_unused=True)
    at_state, at_join = found[: len(edges)], found[len(edges) : len(edges) + len(joins)]
    weights = iter(found[len(edges) + len(joins) :])
    signal = np.array([norm(gradient) for gradient in at_state])
    return Walk(
        signal=signal,
        size=np.array([size for size, _ in norms]),
        units=np.array([float(np.prod(shape)) for _, shape in norms]),
        status=_status(signal, edges, at_state, torch.finfo(output.dtype).tiny),
        ratio=_placed(plan, seen.ratio),
        share=_placed(plan, {} if plain else _shares(seen, plan, edges, at_state, at_join)),
        weight=np.array([np.hypot.reduce([norm(next(weights)) for _ in part] or [0.0]) for part in parts]),
        factors={} if plain else _factors(seen, plan, edges, at_state),
        shapes=[shape for _, shape in norms],
        trail=watch.trail,
    )


def _reader(seen: _Seen, address: Address) -> Callable[[Tensor], None]:
    def read(value: Tensor) -> None:
        seen.tail[address] = get_gradient_edge(value)
        seen.norms[address] = norm(value), tuple(value.shape)

    return read


def _sum(
    seen: _Seen,
    plan: Plan,
    plain: bool,
    key: Address,
    func: Callable[..., Any],
    both: tuple[Any, ...],
    rest: dict[str, Any],
) -> Any:
    """Do a sum, in the plain twin without its shortcut, and note what passes."""
    one = next((one for one in plan.cut if one.key == key), None)
    if one is None:
        return func(*both, **rest)
    seen.reached.add(key)
    index = next((index for index, other in enumerate(plan.along) if other.key == key), None)
    with torch._C.DisableTorchFunction():
        shortcut, branch = both[one.side], both[1 - one.side]
        if index is not None:
            size = norm(shortcut)
            seen.shortcut[index], seen.branch[index] = get_gradient_edge(shortcut), get_gradient_edge(branch)
            seen.norms["fork", index] = size, tuple(shortcut.shape)
            seen.ratio[index] = norm(branch) / size if size else np.nan
    out = _without(one, func, both, rest) if plain else func(*both, **rest)
    if index is not None:
        with torch._C.DisableTorchFunction():
            seen.join[index] = get_gradient_edge(out)
            seen.norms["join", index] = norm(out), tuple(out.shape)
    return out


def _without(one: Sum, func: Callable[..., Any], both: tuple[Any, ...], rest: dict[str, Any]) -> Tensor:
    """The very same sum, with zeros where the shortcut's tensor stood."""
    shortcut, branch = both[one.side], both[1 - one.side]
    zeros = torch.zeros_like(shortcut, requires_grad=False)
    if func in IN_PLACE and one.side == 0:
        out = (torch.add if func in ADD_IN_PLACE else torch.sub)(zeros, branch, **rest)
        return shortcut.copy_(out)  # the caller may keep the tensor, not what is returned
    both = (zeros, branch) if one.side == 0 else (branch, zeros)
    out = func(*both, **rest)
    assert isinstance(out, Tensor)
    return out


def _states(seen: _Seen, plan: Plan) -> tuple[list[GradientEdge], list[tuple[float, tuple[int, ...]]]]:
    """Edges of h_0 … h_L, and their norms and shapes; of a fork that no call has shown, those of its shortcut."""
    edges, norms = [], []
    for state in plan.states:
        if state.what == "tail":
            if state.address not in seen.tail:
                raise RefusedError("without its shortcuts the network takes another way: its last state is gone")
            edges.append(seen.tail[state.address])
            norms.append(seen.norms[state.address])
        elif state.what == "join":
            edges.append(seen.join[state.index])
            norms.append(seen.norms["join", state.index])
        elif plan.along[state.index].kind == "identity":
            edges.append(seen.shortcut[state.index])
            norms.append(seen.norms["fork", state.index])
        else:
            edges.append(refork(seen.shortcut[state.index], seen.branch[state.index]))
            norms.append(seen.norms.get(state.address, seen.norms["fork", state.index]))
    return edges, norms


def _placed(plan: Plan, values: dict[int, float]) -> Floats:
    """What is known of the sums, block by block; NaN for blocks without a sum."""
    at = plan.states[:-1]
    return np.array([values.get(state.index, np.nan) if state.what == "fork" else np.nan for state in at])


def _shares(
    seen: _Seen,
    plan: Plan,
    edges: Sequence[GradientEdge],
    at_state: Sequence[Tensor | None],
    at_join: Sequence[Tensor | None],
) -> dict[int, float]:
    """⟨s, g⟩ / ⟨g, g⟩ for every sum: g at its fork, s what its shortcut has handed back to there."""
    shares = {}
    for place, state in enumerate(plan.states[:-1]):
        whole, joined = at_state[place], at_join[state.index]
        if state.what != "fork" or whole is None or joined is None:
            continue
        one = plan.along[state.index]
        back: Tensor | None = joined * one.factor
        if one.kind != "identity":
            (back,) = torch.autograd.grad(
                [seen.shortcut[state.index]], [edges[place]], [back], retain_graph=True, allow_unused=True
            )
        shares[state.index] = _part(back, whole)
    return shares


def _factors(
    seen: _Seen, plan: Plan, edges: Sequence[GradientEdge], at_state: Sequence[Tensor | None]
) -> dict[int, float]:
    """By what each "scaled" shortcut multiplies all entries alike: told by what it makes of numbers from 1 to 2."""
    found = {}
    for place, state in enumerate(plan.states[:-1]):
        whole = at_state[place]
        if state.what != "fork" or plan.along[state.index].kind != "scaled" or whole is None:
            continue
        probe = torch.linspace(1, 2, whole.numel(), dtype=whole.dtype, device=whole.device).view(whole.shape)
        (back,) = torch.autograd.grad([seen.shortcut[state.index]], [edges[place]], [probe], retain_graph=True)
        each = (back / probe).double()
        middle, digits = float(each.mean()), 12 if whole.dtype == torch.float64 else 6
        if float((each - middle).abs().max()) <= 10.0**-digits * abs(middle):
            found[state.index] = float(f"{middle:.{digits}g}")
    return found


def _part(part: Tensor | None, whole: Tensor) -> float:
    length = norm(whole)
    if part is None or not 0 < length < np.inf:
        return 0.0 if 0 < length < np.inf else np.nan
    share = float(((part.double() / length) * (whole.double() / length)).sum())
    return share if np.isfinite(share) else np.nan


def _status(
    signal: Floats, edges: Sequence[GradientEdge], gradients: Sequence[Tensor | None], tiny: float
) -> NDArray[np.int64]:
    """A `Status` for every signal.

    Whether a faint one is zero is told by a gradient that is brought back to 1 at every state.
    """
    status = np.full(len(signal), Status.OK, dtype=np.int64)
    status[np.isinf(signal)] = Status.OVERFLOW
    status[np.isnan(signal)] = Status.NAN
    faint = signal < tiny
    g = gradients[-1]
    for index in range(len(signal) - 1, -1, -1) if faint.any() else ():
        if index < len(signal) - 1 and g is not None:
            (g,) = torch.autograd.grad([edges[index + 1]], [edges[index]], [g], retain_graph=True, allow_unused=True)
        largest = float(torch.linalg.vector_norm(g, torch.inf)) if g is not None else 0.0
        if faint[index]:
            status[index] = Status.UNDERFLOW if largest != 0 else Status.ZERO
        if g is not None and 0 < largest < np.inf:
            g = g / largest
    return status
