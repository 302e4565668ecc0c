"""Which sums of a network are residual, told by its autograd graph, and the way along them that is shown.

A residual sum: one side, the shortcut, reaches the fork with no activation and at most one weight layer; the other, the
branch, has more of them (or as many, and an activation besides).
"""

from __future__ import annotations

import fnmatch
import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor, nn
from torch.autograd.graph import GradientEdge, Node, get_gradient_edge

from sim.own import graph
from sim.own.errors import RefusedError
from sim.own.memory import Counted
from sim.own.watch import DIFFERENCES, Address, Watch, place


@dataclass(frozen=True)
class Sum:
    """A residual sum. side: which summand is the shortcut; factor: what it is multiplied by (−1 in F − x, say).
    size: bytes of what it gives. kind: see NetworkRecord; "scaled" has factors alone on its shortcut, and a walk tells
    whether they are one for all entries."""

    key: Address
    name: str
    where: str
    code: str
    kind: str
    side: int
    factor: float
    layers: int
    size: int
    fork: GradientEdge
    join: GradientEdge


@dataclass(frozen=True)
class Candidate:
    """A sum of two tensors of one shape; edges: of its summands."""

    key: Address
    where: str
    code: str
    factors: tuple[float, float]
    size: int
    edges: tuple[GradientEdge, GradientEdge]
    join: GradientEdge


@dataclass(frozen=True)
class Traced:
    """One forward pass: its output, the residual sums in it in the order they were computed, and who made what. kept:
    bytes that a pass which is walked back keeps for that."""

    output: Any
    sums: list[Sum]
    watch: Watch
    kept: int


def trace(net: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], counted: Counted) -> Traced:
    """Run the network once and tell its residual sums. Raises what the network raises, and WentBackError."""
    candidates: list[Candidate] = []

    def on_sum(key: Address, func: Callable[..., Any], both: tuple[Any, ...], rest: dict[str, Any]) -> Any:
        a, b = get_gradient_edge(both[0]), get_gradient_edge(both[1])
        shapes = {both[0].shape, both[1].shape}
        out = func(*both, **rest)
        if len(shapes) == 1 and a.node is not b.node:
            second = float(rest.get("alpha", 1)) * (-1 if func in DIFFERENCES else 1)
            size = out.numel() * out.element_size()
            candidates.append(Candidate(key, *place(), (1.0, second), size, (a, b), get_gradient_edge(out)))
        return out

    watch = Watch(net, on_sum)
    with counted:
        output = watch.run(net, args, kwargs)
    named = {id(parameter): name for name, parameter in net.named_parameters()}
    sums = [found for one in candidates if (found := judged(one, named)) is not None]
    return Traced(output, numbered(sums), watch, counted.bytes)


def judged(one: Candidate, named: dict[int, str]) -> Sum | None:
    """The residual sum that a candidate is; None if it is none. named: parameters by id."""
    tops = one.edges[0].node, one.edges[1].node
    bottom = graph.fork(*tops)
    if bottom is None:
        return None
    inside = [graph.between(top, bottom) - {bottom} for top in tops]
    weights = [sum(map(graph.is_weight, nodes)) for nodes in inside]
    curved = [any(graph.operation(node).startswith(graph.CURVED) for node in nodes) for nodes in inside]
    side = 0 if (weights[0], curved[0]) <= (weights[1], curved[1]) else 1
    light, heavy = weights[side], weights[1 - side]
    if curved[side] or light > 1 or heavy == 0 or not (heavy > light or curved[1 - side]):
        return None
    fork = _edge(one.edges[side], bottom, inside[side])
    if fork is None:
        return None
    name = common([named[id(leaf)] for leaf in graph.parameters(tops[1 - side], bottom) if id(leaf) in named])
    kind = _kind(tops[side] is bottom, light, inside[side])
    layers = graph.heaviest(inside[1 - side])
    told = one.key, name or str(one.key[0]), one.where, one.code
    return Sum(*told, kind, side, one.factors[side], layers, one.size, fork, one.join)


def _kind(same: bool, weights: int, nodes: set[Node]) -> str:
    if same:
        return "identity"
    if weights:
        return "projection"
    found = [graph.operation(node) for node in nodes]
    if all(name in graph.FACTORS for name in found):
        return "scaled"
    return "reshaped" if all(name in graph.FACTORS or name.startswith(graph.VIEWS) for name in found) else "affine"


def resolved(one: Sum, factor: float | None) -> Sum:
    """A sum whose shortcut was walked back: one factor for all entries is the identity, times it; else it is a map."""
    if one.kind != "scaled":
        return one
    return replace(one, kind="affine") if factor is None else replace(one, kind="identity", factor=one.factor * factor)


def _edge(top: GradientEdge, bottom: Node, inside: set[Node]) -> GradientEdge | None:
    """Which output of the fork the shortcut comes from; None if it is not one alone."""
    if top.node is bottom:
        return top
    numbers = {number for node in inside for other, number in node.next_functions if other is bottom}
    return top._replace(node=bottom, output_nr=numbers.pop(), ownership_token=None) if len(numbers) == 1 else None


def refork(shortcut: GradientEdge, branch: GradientEdge) -> GradientEdge:
    """The fork of a sum in another pass of the same network."""
    bottom = graph.fork(shortcut.node, branch.node)
    inside = graph.between(shortcut.node, bottom) - {bottom} if bottom is not None else set()
    edge = _edge(shortcut, bottom, inside) if bottom is not None else None
    if edge is None:
        raise RefusedError("without its shortcuts the network takes another way: a fork of its is gone")
    return edge


def common(names: Sequence[str]) -> str:
    """The module that holds all of some parameters: what their names begin with."""
    levels = zip(*(name.split(".")[:-1] for name in names), strict=False)
    return ".".join(level[0] for level in itertools.takewhile(lambda level: len(set(level)) == 1, levels))


def numbered(sums: list[Sum]) -> list[Sum]:
    """The same, with names that differ: where one module has several sums, they are counted."""
    many, seen, out = Counter(one.name for one in sums), Counter[str](), []
    for one in sums:
        seen[one.name] += 1
        own = one.name or "network"
        out.append(replace(one, name=f"{own} #{seen[one.name]}" if many[one.name] > 1 else own))
    return out


def chosen(sums: list[Sum], patterns: Sequence[str]) -> list[Sum]:
    """Those whose block, or the module they are computed in, goes by a name that a pattern fits; all without patterns.

    Raises RefusedError if no name fits.
    """
    if not patterns:
        return sums
    kept = [one for one in sums if any(_fits(one, pattern) for pattern in patterns)]
    if sums and not kept:
        there = ", ".join(one.name for one in sums[:8]) + (", …" if len(sums) > 8 else "")
        raise RefusedError(f"no block goes by {' or '.join(patterns)}; there are: {there}; --list shows all")
    return kept


def _fits(one: Sum, pattern: str) -> bool:
    names = (one.name, one.name.split(" #")[0], str(one.key[0]))
    return any(fnmatch.fnmatchcase(name, pattern) for name in names)


def way(sums: Sequence[Sum]) -> list[Sum]:
    """The longest chain in which every fork depends on the join before; of equals, that with most layers."""
    line = sorted(sums, key=lambda one: graph.order(one.join.node))
    best = [(1, one.layers) for one in line]
    back: list[int | None] = [None] * len(line)
    for i, one in enumerate(line):
        cone = graph.ancestors(one.fork.node) if i else set()
        for j in range(i):
            longer = best[j][0] + 1, best[j][1] + one.layers
            if line[j].join.node in cone and longer > best[i]:
                best[i], back[i] = longer, j
    at = max(range(len(line)), key=lambda i: best[i]) if line else None
    found = []
    while at is not None:
        found.append(line[at])
        at = back[at]
    return found[::-1]


def cut(sums: Sequence[Sum], along: Sequence[Sum]) -> list[Sum]:
    """The sums that the plain twin does without: all but those inside a branch of the way, which are F's own."""
    inside: set[Address] = set()
    for one in along:
        nodes = graph.between(one.join.node, one.fork.node) - {one.join.node, one.fork.node}
        inside |= {other.key for other in sums if other.join.node in nodes}
    return [one for one in sums if one.key not in inside]


def first_tensor(output: Any) -> Tensor:
    """What a gradient is sent back from: the output, its logits, its last hidden state, or the first tensor in it.

    Raises RefusedError if no gradient can come back from any.
    """
    named = [getattr(output, name, None) for name in ("logits", "last_hidden_state")]
    listed = list(output.values()) if isinstance(output, dict) else output
    others = list(listed) if isinstance(listed, list | tuple) else []
    for value in (output, *named, *others):
        if isinstance(value, Tensor) and value.is_floating_point() and value.requires_grad:
            return value
    raise RefusedError("the output does not depend on the input: no gradient can come back from it")
