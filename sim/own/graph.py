"""Questions to the autograd graph: what depends on what, where two ways part, how many weights lie on them.

Nodes have sequence numbers that rise as the graph is built, so a search back in time stops early. The leaves
(parameters) have none and are not walked to: what is common to two tensors is then what they were computed from.
"""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.autograd.graph import Node

Names = tuple[str, ...]
FAR = 20_000  # nodes between a sum and its fork, at the very most

WEIGHTS = (
    *("Addmm", "Mm", "Mv", "Bmm", "Baddbmm", "Addbmm", "Einsum", "Linear", "Convolution", "Embedding"),
    *("MkldnnRnn", "ThnnFused", "CudnnRnn", "ScaledDotProduct"),
)
CURVED = (
    *("Relu", "LeakyRelu", "Prelu", "Elu", "Selu", "Celu", "Gelu", "Silu", "Mish", "Glu", "Softplus", "Threshold"),
    *("Tanh", "Sigmoid", "LogSigmoid", "Softmax", "LogSoftmax", "Hardtanh", "Hardswish", "Hardsigmoid", "Pow", "Exp"),
    *("ScaledDotProduct", "Clamp"),
)
VIEWS = (
    *("View", "UnsafeView", "Reshape", "Transpose", "Permute", "T", "Expand", "Slice", "Unsqueeze", "Squeeze", "Clone"),
    *("Alias", "ToCopy", "NativeDropout", "ConstantPadNd", "AvgPool2D", "Select"),
)
FACTORS = ("Mul", "Div", "Neg")


def order(node: Node) -> int:
    """When a node was made; −1 for a leaf."""
    return node._sequence_nr() if _inner(node) else -1


def _inner(node: Node) -> bool:
    return hasattr(node, "_sequence_nr") and node._sequence_nr() != 2**64 - 1


def operation(node: Node) -> str:
    """The name of the operation: "Relu" of ReluBackward0."""
    return node.name().rstrip("0123456789").removesuffix("Backward").rstrip("0123456789").removesuffix("Backward")


def is_weight(node: Node) -> bool:
    """Whether an operation is a weight layer: a product known by name, or a Function of one's own with parameters."""
    own = isinstance(node, torch.autograd.function.BackwardCFunction) and next(leaves(node), None) is not None
    return own or operation(node).startswith(WEIGHTS)


def parents(node: Node) -> Iterator[Node]:
    """What a node was computed from, leaves aside."""
    return (other for other, _ in node.next_functions if other is not None and _inner(other))


def leaves(node: Node) -> Iterator[Tensor]:
    """The leaves that a node was computed from: parameters."""
    for other, _ in node.next_functions:
        if other is not None and hasattr(other, "variable"):
            yield other.variable


def ancestors(start: Node, floor: int = -1) -> set[Node]:
    """`start`, and what it was computed from, nothing older than `floor`."""
    found, ahead = {start}, [start]
    while ahead:
        for node in parents(ahead.pop()):
            if node not in found and order(node) >= floor:
                found.add(node)
                ahead.append(node)
    return found


def between(top: Node, bottom: Node) -> set[Node]:
    """The nodes on ways from `top` back to `bottom`, both included; empty if there is no way."""
    cone = ancestors(top, order(bottom))
    if bottom not in cone:
        return set()
    reach = {bottom}
    for node in sorted(cone, key=order):
        if any(other in reach for other in parents(node)):
            reach.add(node)
    return reach


def heaviest(nodes: set[Node]) -> int:
    """The number of weight layers on the heaviest way through some nodes."""
    weights: dict[Node, int] = {}
    for node in sorted(nodes, key=order):
        below = max((weights[other] for other in parents(node) if other in weights), default=0)
        weights[node] = below + is_weight(node)
    return max(weights.values(), default=0)


def parameters(top: Node, bottom: Node) -> list[Tensor]:
    """The leaves that `top` was computed from on its ways back to `bottom`, which is not looked behind; each once.

    What joins these ways from the side counts as well, back to the age of `bottom`: a position's embedding, say, or a
    weight that is normalised before its use.
    """
    nodes = ancestors(top, order(bottom) + 1) - {bottom}
    found = {id(leaf): leaf for node in sorted(nodes, key=order) for leaf in leaves(node)}
    return list(found.values())


class _Meeting:
    """Two searches back in time at once, newest node first; each node carries the colours of those that reached it."""

    def __init__(self, a: Node, b: Node) -> None:
        self.colours: dict[Node, int] = defaultdict(int)
        self.heap: list[tuple[int, int, Node]] = []
        self.count = itertools.count()
        self.push(a, 1)
        self.push(b, 2)

    def push(self, node: Node, colour: int) -> None:
        if node not in self.colours:
            heapq.heappush(self.heap, (-order(node), next(self.count), node))
        self.colours[node] |= colour

    def closed(self) -> bool:
        """Whether no way but that of the node just taken leads on from one of the two sides."""
        open_colours = [self.colours[node] for _, _, node in self.heap]
        return all(c == 1 for c in open_colours) or all(c == 2 for c in open_colours)


def fork(a: Node, b: Node) -> Node | None:
    """The nearest node that all which is common to a and b passes through, on one side at least; None without any."""
    search = _Meeting(a, b)
    while search.heap and len(search.colours) < FAR:
        _, _, node = heapq.heappop(search.heap)
        if search.colours[node] == 3 and search.closed():
            return node
        for other in parents(node):
            search.push(other, search.colours[node])
    return None
