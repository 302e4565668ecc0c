"""The blocks: one class for every kind and order, and many networks computed side by side.

Tensors carry the networks they belong to in their leading axes:

    state of an MLP          [seed, ..., batch, width]
    state of a convolution   [seed, ..., batch, channel, row, column]
    weights                  [seed, out, in]  or  [seed, out, in, 3, 3]

`...` is empty for one network per seed and is [skip] (0 plain, 1 residual) for a pair that shares its weights. Networks
never mix: batch statistics are taken over batch (and pixels) alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from sim.nets.shortcuts import Shortcut

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "linear": lambda x: x,
    "gelu": functional.gelu,
}


# What F does, by order and number of layers: W a layer, N the norm, a the activation; first letter first.
#   literal  the lecture note's drawing          open  for laws; Fixup-like
#   post     He et al. 2015, fig. 2              pre   He et al. 2016, fig. 1(b)
BRANCHES = {
    ("literal", 1): "WNa",
    ("literal", 2): "WNaWNa",
    ("open", 1): "WN",
    ("open", 2): "WNaWN",
    ("post", 1): "WN",
    ("post", 2): "WNaWN",
    ("pre", 1): "NaW",
    ("pre", 2): "NaWNaW",
}


class Linear(nn.Module):
    """W x + b, each seed with its own W: a matrix, or a 3×3 convolution with zero padding.

    weight: [seed, out, in] or [seed, out, in, 3, 3]; bias: [seed, out] or None.
    """

    def __init__(self, weight: Tensor, bias: Tensor | None = None, *, trainable: bool = False) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight, requires_grad=trainable)
        self.bias = None if bias is None else nn.Parameter(bias, requires_grad=trainable)

    def forward(self, x: Tensor) -> Tensor:
        if self.weight.ndim == 3:
            return self._matrix(x)
        return self._convolution(x)

    def _matrix(self, x: Tensor) -> Tensor:
        # Plain and residual are rows of one product per seed: the weights are read once for both.
        rows = x.flatten(1, -2)
        weight = self.weight.mT
        out = torch.bmm(rows, weight) if self.bias is None else torch.baddbmm(self.bias[:, None], rows, weight)
        return out.view(*x.shape[:-1], weight.shape[-1])

    def _convolution(self, x: Tensor) -> Tensor:
        # A loop over seeds: in float64 a grouped convolution is no faster and needs its channels moved.
        images = x.flatten(1, -4)
        biases: list[Tensor | None] = [None] * len(images) if self.bias is None else list(self.bias)
        out = torch.stack(
            [
                functional.conv2d(image, weight, bias, padding=1)
                for image, weight, bias in zip(images, self.weight, biases, strict=True)
            ]
        )
        return out.view(*x.shape[:-3], *out.shape[-3:])


class BatchNorm(nn.Module):
    """Batch normalisation with the statistics of the batch at hand (Ioffe & Szegedy 2015, alg. 1); no running buffers.

    The affine part starts as the identity: scale, shift: [seed, width].
    """

    EPSILON = 1e-5

    def __init__(self, scale: Tensor, shift: Tensor, *, trainable: bool = False) -> None:
        super().__init__()
        self.scale = nn.Parameter(scale, requires_grad=trainable)
        self.shift = nn.Parameter(shift, requires_grad=trainable)
        self.trainable = trainable

    def forward(self, x: Tensor, images: bool) -> Tensor:
        over = (-4, -2, -1) if images else (-2,)
        variance, mean = torch.var_mean(x, over, correction=0, keepdim=True)
        normal = (x - mean) * torch.rsqrt(variance + self.EPSILON)
        if not self.trainable:  # still the identity, and two passes over memory less
            return normal
        width = [1, x.shape[-3], 1, 1] if images else [1, x.shape[-1]]
        shape = [x.shape[0], *[1] * (x.ndim - 1 - len(width)), *width]
        return normal * self.scale.view(shape) + self.shift.view(shape)


class Block(nn.Module):
    """One block, with or without its skip; the same weights serve both.

    With skip H = x + βF(x), and order `post` then applies the activation φ. Without, H = F(x), for `post` φ(F(x));
    β belongs to the skip and is not applied without it. A shortcut other than the identity, S, makes it S(x) + βF(x).

    branch(x) is F(x), join(x, F, skip) makes H of it, forward(x) is H for this block's own `skip`, and pair(x) is H for
    a plain and a residual state in one pass.
    """

    def __init__(
        self,
        weights: Sequence[Tensor],
        biases: Sequence[Tensor] | None = None,
        *,
        order: str = "literal",
        norm: str = "none",
        activation: str = "tanh",
        branch_scale: float = 1.0,
        skip: bool = True,
        shortcut: Shortcut | None = None,
        trainable: bool = False,
    ) -> None:
        super().__init__()
        self.shortcut = shortcut
        self.steps = BRANCHES[order, len(weights)]
        self.order = order
        self.skip = skip
        self.branch_scale = branch_scale
        self.images = weights[0].ndim == 5
        self.activation = ACTIVATIONS[activation]
        offsets: Sequence[Tensor | None] = biases or [None] * len(weights)
        self.layers = nn.ModuleList(
            Linear(weight, bias, trainable=trainable) for weight, bias in zip(weights, offsets, strict=True)
        )
        # In `pre` a norm stands before its layer and has the layer's inputs as width, else its outputs.
        sides = [weight.shape[2 if order == "pre" else 1] for weight in weights] if norm == "batch" else []
        seeds = len(weights[0])
        self.norms = nn.ModuleList(
            BatchNorm(weights[0].new_ones(seeds, side), weights[0].new_zeros(seeds, side), trainable=trainable)
            for side in sides
        )

    def branch(self, x: Tensor) -> Tensor:
        """F(x); x: a state, see the module's docstring."""
        layers, norms = iter(self.layers), iter(self.norms)
        for step in self.steps:
            if step == "W":
                x = next(layers)(x)
            elif step == "a":
                x = self.activation(x)
            elif self.norms:
                x = next(norms)(x, self.images)
        return x

    def join(self, x: Tensor, F: Tensor, skip: bool) -> Tensor:
        """H from the block's input and its branch, both of one shape."""
        if skip:
            x = x if self.shortcut is None else self.shortcut(x)
            F = x + F if self.branch_scale == 1 else torch.add(x, F, alpha=self.branch_scale)
        return self.activation(F) if self.order == "post" else F

    def join_pair(self, x: Tensor, F: Tensor) -> Tensor:
        """H of a plain and a residual state; x, F: [seed, 2, batch, ...].

        The two halves are taken apart, not masked: 0·x would turn an overflow of one network into NaN.
        """
        plain, residual = F.unbind(1)
        return torch.stack((self.join(x[:, 0], plain, False), self.join(x[:, 1], residual, True)), 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.join(x, self.branch(x), self.skip)

    def pair(self, x: Tensor) -> Tensor:
        """H of a plain (index 0) and a residual (index 1) state at once; x: [seed, 2, batch, ...]."""
        return self.join_pair(x, self.branch(x))


class Stack(nn.Module):
    """Blocks one after the other. `blocks` may be edited: deleted from, or an entry replaced by nn.Identity()."""

    def __init__(self, blocks: Sequence[nn.Module]) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(blocks)

    def forward(self, h: Tensor) -> list[Tensor]:
        """The hidden states h_0 … h_L."""
        hidden = [h]
        for block in self.blocks:
            hidden.append(block(hidden[-1]))
        return hidden


DTYPES = {"float64": torch.float64, "float32": torch.float32}
