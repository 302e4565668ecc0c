"""J_Fᵀ g by hand: a branch evaluated once, ready to send any number of gradients back through itself.

Autograd would serve one gradient at a time and take fresh memory for every block, and the first touch of fresh memory
costs more than the arithmetic of a narrow network. Here each block keeps only what its derivative needs, in buffers
that the next group of networks takes over.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Protocol, cast

import torch
from torch import Tensor
from torch.nn import functional

from sim.nets.blocks import ACTIVATIONS, BatchNorm, Block, Linear

aten = torch.ops.aten


# φ from one tensor into another, and φ' times g. The slope is told by φ's output, but gelu's by its input.
FORWARD: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "tanh": lambda x, out: torch.tanh(x, out=out),
    "relu": lambda x, out: torch.clamp_min(x, 0, out=out),
    "sigmoid": lambda x, out: torch.sigmoid(x, out=out),
    "gelu": lambda x, out: aten.gelu.out(x, out=out),
}


BACKWARD: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "tanh": lambda g, y, out: aten.tanh_backward.grad_input(g, y, grad_input=out),
    "relu": lambda g, y, out: aten.threshold_backward.grad_input(g, y, 0, grad_input=out),
    "sigmoid": lambda g, y, out: aten.sigmoid_backward.grad_input(g, y, grad_input=out),
    # In float32 another library takes over, which does not broadcast.
    "gelu": lambda g, x, out: aten.gelu_backward.grad_input(g, x.expand(g.shape).contiguous(), grad_input=out),
}


class Buffers:
    """Memory by name: asked for again, it is the same memory, with whatever is in it."""

    def __init__(self) -> None:
        self._held: dict[Hashable, Tensor] = {}

    def take(self, name: Hashable, shape: Sequence[int], dtype: torch.dtype) -> Tensor:
        size = torch.Size(shape).numel()
        held = self._held.get(name)
        if held is None or held.numel() < size or held.dtype != dtype:
            held = self._held[name] = torch.empty(size, dtype=dtype)
        return held[:size].view(shape)


class Watch(Protocol):
    """Who is told what enters the layers of a branch and what comes back to where it left them."""

    def enters(self, index: int, place: int, layer: Linear, x: Tensor) -> None: ...
    def comes_back(self, index: int, place: int, g: Tensor, branch_scale: float) -> None: ...


class Pullback:
    """One block at one point.

    States are [seed, n, batch, ...] as in blocks.py, n networks that share their weights: n = 2 for plain and residual,
    n = 1 for the residual one. Gradients have the same shape, or any number of networks where n = 1: so many gradients
    are sent back through one network.

    buffers: what the block keeps lies there under `index`. What is passing lies there too, so a tensor that a method
    returns is overwritten by later calls with the same buffers: a state by the next block's, a gradient by the next
    but one. Call in torch.no_grad(). watch: told of every layer, in branch() and in pull().
    """

    def __init__(self, block: Block, buffers: Buffers, index: int, watch: Watch | None = None) -> None:
        self.block = block
        self._activation = next(name for name, phi in ACTIVATIONS.items() if phi is block.activation)
        self._buffers = buffers
        self._index = index
        self._watch = watch
        self._over = (-4, -2, -1) if block.images else (-2,)
        self._kept: list[tuple[Tensor, ...]] = []  # per step of the branch, what its derivative needs
        self._joined: tuple[Tensor, ...] = ()  # what that of the activation after the sum needs
        self._passed: tuple[Tensor, ...] = ()  # what that of a shortcut that is not the identity needs

    def branch(self, x: Tensor) -> Tensor:
        """F(x). Not to be written to."""
        layers, norms = iter(self.block.layers), iter(self.block.norms)
        last = len(self.block.steps) - 1
        self._kept, free = [], False  # free: no derivative needs x, and it is not the caller's
        for place, step in enumerate(self.block.steps):
            kept: tuple[Tensor, ...] = ()
            if step == "W":
                layer = cast(Linear, next(layers))
                if self._watch:
                    self._watch.enters(self._index, place, layer, x)
                passes = place == last or self.block.norms  # else the activation is put in the output's place
                x = _apply(layer, x, self._pass(x, "F", layer) if passes else self._keep(x, place, layer))
                free = not passes
            elif step == "a" and self._activation != "linear":
                x, kept = self._activate(x, place, free)
                free = False
            elif step == "N" and self.block.norms:
                x, kept = self._normalise(cast(BatchNorm, next(norms)), x, place)
                free = False
            self._kept.append(kept)
        return x

    def join(self, x: Tensor, F: Tensor) -> Tensor:
        """H of a residual state, and of a plain one beside it if n = 2."""
        post = self.block.order == "post" and self._activation != "linear"
        H = self._keep(x, "sum") if post else self._pass(x, "H")
        handed = x[:, -1:]
        if self.block.shortcut is not None:
            self._passed = self.block.shortcut.keep(handed)
            handed = self.block.shortcut(handed)
        torch.add(handed[:, 0], F[:, -1], alpha=self.block.branch_scale, out=H[:, -1])
        H[:, :-1] = F[:, :-1]
        if post:
            H, self._joined = self._activate(H, "joined", free=True)
        return H

    def unjoin(self, g: Tensor) -> Tensor:
        """The gradient at x + βF from that at H: another one for order `post`, which has its activation between."""
        return BACKWARD[self._activation](g, self._joined[0], self._other(g)) if self._joined else g

    def pull(self, g: Tensor) -> Tensor:
        """J_Fᵀ g: the gradient at x of what has the gradient g at F(x). May be written to; g is left as it is."""
        layers, norms = reversed(self.block.layers), reversed(self.block.norms)
        given = g
        for place, (step, kept) in reversed([*enumerate(zip(self.block.steps, self._kept, strict=True))]):
            if step == "W":
                layer = cast(Linear, next(layers))
                if self._watch:
                    self._watch.comes_back(self._index, place, g, self.block.branch_scale)
                g = _apply_transposed(layer, g, self._other(g, given, layer))
            elif step == "a" and kept:
                g = BACKWARD[self._activation](g, kept[0], g if g is not given else self._other(g))
            elif step == "N" and kept:
                g = self._pull_norm(cast(BatchNorm, next(norms)), g, self._other(g, given), *kept)
        return g

    def push(self, v: Tensor) -> Tensor:
        """J_F v: how F(x) moves when x moves by v. May be written to; v is left as it is.

        The derivatives of activation and norm are symmetric, and so are their own transposes.
        """
        layers, norms = iter(self.block.layers), iter(self.block.norms)
        given = v
        for step, kept in zip(self.block.steps, self._kept, strict=True):
            if step == "W":
                layer = cast(Linear, next(layers))
                v = _apply(layer, v, self._other(v, given, layer, side=1), move=True)
            elif step == "a" and kept:
                v = BACKWARD[self._activation](v, kept[0], self._other(v, given))
            elif step == "N" and kept:
                v = self._pull_norm(cast(BatchNorm, next(norms)), v, self._other(v, given), *kept)
        return v

    def back(self, g: Tensor) -> Tensor:
        """The gradient at x from that at H, of a residual network, and of a plain one beside it if n = 2."""
        return self.fork(self.unjoin(g))

    def hand_back(self, g: Tensor) -> Tensor:
        """What the shortcut hands back at x of gradients at x + βF, of the residual network: g itself, as a rule.

        Of any number of gradients where n = 1. Not to be written to.
        """
        return g if self.block.shortcut is None else self.block.shortcut.pull(g, self._passed)

    def hand_on(self, v: Tensor) -> Tensor:
        """How what the shortcut hands on moves when x moves by v. Not to be written to."""
        return v if self.block.shortcut is None else self.block.shortcut.push(v, self._passed)

    def fork(self, g: Tensor, handed: Tensor | None = None) -> Tensor:
        """The same from that at x + βF: what the shortcut hands back and what comes back through the branch, summed.

        handed: hand_back(g[:, -1:]), if it is known. g is left as it is.
        """
        handed = self.hand_back(g[:, -1:]) if handed is None else handed
        out = self.pull(g)
        if out is g:  # F is the identity
            out = self._other(g).copy_(g)
        torch.add(handed[:, 0], out[:, -1], alpha=self.block.branch_scale, out=out[:, -1])
        return out

    def _activate(self, x: Tensor, place: Hashable, free: bool) -> tuple[Tensor, tuple[Tensor, ...]]:
        gelu = self._activation == "gelu"
        y = FORWARD[self._activation](x, x if free and not gelu else self._keep(x, (place, "y")))
        if not gelu:
            return y, (y,)
        return y, (x if free else self._keep(x, (place, "x")).copy_(x),)  # a state passes, and is overwritten

    def _normalise(self, norm: BatchNorm, x: Tensor, place: int) -> tuple[Tensor, tuple[Tensor, ...]]:
        variance, mean = torch.var_mean(x, self._over, correction=0, keepdim=True)
        slope = torch.rsqrt(variance + norm.EPSILON)
        normal = torch.sub(x, mean, out=self._keep(x, (place, "normal"))).mul_(slope)
        if not norm.trainable:
            return normal, (normal, slope)
        scaled = torch.mul(normal, self._by_width(norm.scale), out=self._keep(x, (place, "scaled")))
        return scaled.add_(self._by_width(norm.shift)), (normal, slope)

    def _pull_norm(self, norm: BatchNorm, g: Tensor, out: Tensor, normal: Tensor, slope: Tensor) -> Tensor:
        """Ioffe & Szegedy 2015, section 3: the gradient loses its mean and its part along the normalised values."""
        along = torch.mul(g, normal, out=out).mean(self._over, keepdim=True)
        torch.mul(normal, -along, out=out).add_(g).sub_(g.mean(self._over, keepdim=True)).mul_(slope)
        return out.mul_(self._by_width(norm.scale)) if norm.trainable else out

    def _by_width(self, affine: Tensor) -> Tensor:
        """[seed, width] made ready to meet a state."""
        return affine[:, None, None, :, None, None] if self.block.images else affine[:, None, None, :]

    def _keep(self, x: Tensor, place: Hashable, layer: Linear | None = None) -> Tensor:
        """A buffer of this block, for its input's shape or what a layer makes of it."""
        return self._pass(x, (self._index, place), layer)

    def _pass(self, x: Tensor, name: Hashable, layer: Linear | None = None, side: int = 1) -> Tensor:
        """A buffer for what is passing. side: 1 for a layer's output from its input, 2 the other way round."""
        shape = list(x.shape)
        if layer is not None:
            shape[-3 if self.block.images else -1] = layer.weight.shape[side]
        return self._buffers.take(name, shape, x.dtype)

    def _other(self, g: Tensor, given: Tensor | None = None, layer: Linear | None = None, side: int = 2) -> Tensor:
        """A buffer for a gradient on its way back, other than g's and `given`'s."""
        taken = {g.data_ptr(), g.data_ptr() if given is None else given.data_ptr()}
        ways = (self._pass(g, ("back", way), layer, side) for way in range(3))
        return next(out for out in ways if out.data_ptr() not in taken)


def _apply(layer: Linear, x: Tensor, out: Tensor, move: bool = False) -> Tensor:
    """W x + b, or W x for a move of x."""
    weight, bias = layer.weight, None if move else layer.bias
    if weight.ndim == 3:
        rows, into = x.flatten(1, -2), out.flatten(1, -2)
        if bias is None:
            torch.bmm(rows, weight.mT, out=into)
        else:
            torch.baddbmm(bias[:, None], rows, weight.mT, out=into)
        return out
    for seed, (images, into) in enumerate(zip(x.flatten(1, -4), out.flatten(1, -4), strict=True)):
        into.copy_(functional.conv2d(images, weight[seed], None if bias is None else bias[seed], padding=1))
    return out


def _apply_transposed(layer: Linear, g: Tensor, out: Tensor) -> Tensor:
    """Wᵀ g."""
    if layer.weight.ndim == 3:
        torch.bmm(g.flatten(1, -2), layer.weight, out=out.flatten(1, -2))
        return out
    for images, weight, into in zip(g.flatten(1, -4), layer.weight, out.flatten(1, -4), strict=True):
        into.copy_(functional.conv_transpose2d(images, weight, padding=1))
    return out
