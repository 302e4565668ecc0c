"""What of a network is shown: the states h_0 … h_L along the way, and the blocks between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor
from torch.autograd.graph import get_gradient_edge

from sim.own import graph
from sim.own.errors import RefusedError
from sim.own.sums import Sum, Traced, chosen, cut, first_tensor, way
from sim.own.watch import Address


@dataclass(frozen=True)
class State:
    """Where a state is read: at the fork or the join of sum `index` of the way, or (tail) at the result of a call."""

    what: str
    index: int
    address: Address | None = None


@dataclass(frozen=True)
class Plan:
    """along: the sums of the way. cut: the sums without a shortcut in the plain twin. states: h_0 … h_L.

    tail: the operations between the last sum and h_L. found: how many residual sums there are.
    """

    along: list[Sum]
    cut: list[Sum]
    states: list[State]
    tail: list[str]
    found: int


def plan(traced: Traced, patterns: Sequence[str] = ()) -> Plan:
    """What to show of a network. Raises RefusedError if it has no residual sum, or none that patterns fit."""
    if not traced.sums:
        raise RefusedError(nothing(traced))
    sums = chosen(traced.sums, patterns)
    along = way(sums)
    states, tails = _states(along, traced)
    tail = tails.most_common(1)[0][0] if tails else ()
    end, shown = _end(along, traced, tail)
    return Plan(along, cut(sums, along), [*states, end], shown, len(traced.sums))


def _states(along: Sequence[Sum], traced: Traced) -> tuple[list[State], Counter[tuple[str, ...]]]:
    """All states but the last, and how often what stands between a join and the next fork.

    Where that has weights the join is a state of its own: layers that have no overpass in either network.
    """
    states, tails = [], Counter[tuple[str, ...]]()
    for index, one in enumerate(along):
        if index:
            last = along[index - 1].join.node
            nodes = graph.between(one.fork.node, last) - {last}
            if any(map(graph.is_weight, nodes)):
                states.append(State("join", index - 1))
            else:
                tails[tuple(graph.operation(node) for node in sorted(nodes, key=graph.order))] += 1
        address = traced.watch.made.get((one.fork.node, one.fork.output_nr))
        states.append(State("fork", index, address))
    return states, tails


def _end(along: Sequence[Sum], traced: Traced, tail: Sequence[str]) -> tuple[State, list[str]]:
    """h_L: behind the same norm or activation as most other states, if the last sum is followed by it."""
    last = State("join", len(along) - 1)
    at = along[-1].join.node
    top = get_gradient_edge(first_tensor(traced.output)).node
    above = graph.ancestors(top, graph.order(at))
    if at not in above:
        raise RefusedError("the output does not depend on the last of the network's residual sums")
    for name in tail:
        users = [n for n in above if any(m is at for m in graph.parents(n)) and graph.operation(n) == name]
        if len(users) != 1 or (users[0], 0) not in traced.watch.made:
            return last, []
        at = users[0]
    return (State("tail", len(along) - 1, traced.watch.made[at, 0]), list(tail)) if tail else (last, [])


def sections(plan: Plan, traced: Traced) -> list[list[Tensor]]:
    """The parameters of every block, by the states around it."""
    edges = [_node(plan, state) for state in plan.states[:-1]]
    ends = [*edges[1:], plan.along[-1].join.node]
    return [graph.parameters(end, start) for start, end in zip(edges, ends, strict=True)]


def _node(plan: Plan, state: State) -> Any:
    one = plan.along[state.index]
    return one.fork.node if state.what == "fork" else one.join.node


def table(plan: Plan, parts: Sequence[Sequence[Tensor]], shapes: Sequence[Sequence[int]]) -> list[dict[str, Any]]:
    """The blocks as a record keeps them: see NetworkRecord. parts: parameters of each; shapes: of h_{l−1}."""
    rows = []
    for state, leaves, shape in zip(plan.states, parts, shapes, strict=False):
        one = plan.along[state.index]
        own = state.what == "fork"
        rows.append(
            {
                "name": one.name if own else f"behind {one.name}",
                "where": one.where if own else "",
                "code": one.code if own else "",
                "kind": one.kind if own else "none",
                "factor": one.factor if own else 1.0,
                "layers": one.layers if own else 0,
                "parameters": sum(leaf.numel() for leaf in leaves),
                "shape": list(shape[1:]),
            }
        )
    return rows


def nothing(traced: Traced) -> str:
    """Why a network has no shortcuts, and what can be done about it."""
    calls = Counter(traced.watch.trail)
    cats = calls["cat"] + calls["concat"] + calls["concatenate"]
    gates = min(calls["sigmoid"], sum(calls[name] for name in ("mul", "__mul__", "__rmul__", "mul_", "__imul__")))
    how = f", but joins by concatenation ({cats} cat)" if cats else f", but gates ({gates})" if gates else ""
    return (
        f"the network has no residual sum{how}: there is no shortcut to leave out; --list shows what is seen, "
        "--add-shortcuts 'layers.*' adds x + F(x) around the modules of that name"
    )
