"""The simulator's own networks, written as one would who has never heard of it; and small networks of all kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from sim.nets import data
from sim.nets.blocks import BRANCHES
from sim.sections.network import Network

PHI: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "relu": functional.relu,
    "gelu": functional.gelu,
    "sigmoid": torch.sigmoid,
    "linear": lambda x: x,
}


class Block(nn.Module):
    """One block of a stranger's: torch's own layers, and the sum."""

    def __init__(self, p: Network) -> None:
        super().__init__()
        self.p, layers, n = p, [], p.width
        for step in BRANCHES[p.order, p.layers_per_block]:
            if step == "W":
                bias = p.bias_std > 0
                layers.append(nn.Conv2d(n, n, 3, padding=1, bias=bias) if p.block == "conv" else nn.Linear(n, n, bias))
            elif step == "N" and p.norm == "batch":
                layers.append(nn.BatchNorm2d(n) if p.block == "conv" else nn.BatchNorm1d(n))
            elif step == "a":
                layers.append(Phi(p.activation))
        self.branch = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        out = x + self.branch(x)
        return PHI[self.p.activation](out) if self.p.order == "post" else out


class Phi(nn.Module):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def forward(self, x: Tensor) -> Tensor:
        return PHI[self.name](x)


def stranger(p: Network) -> nn.Module:
    """The network of a profile's first seed, weight by weight."""
    blocks = [Block(p) for _ in range(p.depth)]
    for number, block in enumerate(blocks):
        weights, biases = data.draw_weights(p, [p.seed], number)
        layers = [layer for layer in block.branch if isinstance(layer, nn.Conv2d | nn.Linear)]
        for index, layer in enumerate(layers):
            layer.weight = nn.Parameter(torch.from_numpy(weights[index][0]))
            if biases is not None:
                layer.bias = nn.Parameter(torch.from_numpy(biases[index][0]))
    return nn.Sequential(*blocks)


class Sums(nn.Module):
    """A stack of tanh layers whose sums are computed by a function of state and branch."""

    def __init__(self, join: Callable[[Tensor, Tensor], Any], depth: int = 4, width: int = 6) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.join = join

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = self.join(x, torch.tanh(layer(x)))
        return x


class Small(nn.Module):
    """A block of a small ResNet for CIFAR (He et al. 2015, section 4.2), with its shortcut or, by hand, without."""

    def __init__(self, n: int, out: int, skip: bool = True) -> None:
        super().__init__()
        stride = out // n
        self.conv1, self.bn1 = nn.Conv2d(n, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out)
        self.conv2, self.bn2 = nn.Conv2d(out, out, 3, 1, 1, bias=False), nn.BatchNorm2d(out)
        self.down = nn.Sequential(nn.Conv2d(n, out, 1, stride, bias=False), nn.BatchNorm2d(out)) if n != out else None
        self.relu, self.skip = nn.ReLU(inplace=True), skip

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        if self.skip:
            y += x if self.down is None else self.down(x)
        return self.relu(y)


class ResNet(nn.Module):
    """Three stages of blocks between a stem and a read-out. `states` keeps h_0 … h_L if it is a list."""

    def __init__(self, per_stage: int = 2, width: int = 4, skip: bool = True) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, width, 3, 1, 1), nn.BatchNorm2d(width), nn.ReLU())
        sizes = [width * 2**stage for stage in range(3) for _ in range(per_stage)]
        self.blocks = nn.ModuleList(Small(n, out, skip) for n, out in zip([width, *sizes], sizes, strict=False))
        self.head = nn.Linear(sizes[-1], 10)
        self.states: list[Tensor] | None = None

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for block in self.blocks:
            self.keep(x)
            x = block(x)
        self.keep(x)
        return self.head(x.mean((2, 3)))

    def keep(self, x: Tensor) -> None:
        if self.states is not None:
            x.retain_grad()
            self.states.append(x)
