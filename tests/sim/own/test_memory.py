"""How much memory is taken is said before it is, and is so."""

from __future__ import annotations

import pytest
import torch
from strangers import Sums
from torch import Tensor, nn

from sim.nets import measure
from sim.own import memory
from sim.own.errors import RefusedError
from sim.own.inputs import batch_of
from sim.own.memory import Counted
from sim.own.prepare import prepare


def tower() -> nn.Module:
    return Sums(lambda x, F: x + F, depth=4, width=6)


def test_what_would_be_kept_is_counted_and_let_go() -> None:
    """tanh keeps its output, the linear layer its input; a sum keeps nothing: 4 outputs and 3 inputs, and h_0."""
    net = prepare(tower, 0, torch.float64)
    (x,) = batch_of("vector:6", 0, 5).args
    with (counted := Counted(net)):
        out = net(x.clone().requires_grad_())
    assert counted.bytes == (4 + 4) * 5 * 6 * 8
    with pytest.raises(memory.WentBackError):
        out.sum().backward()


def test_memory_is_said_once_and_first() -> None:
    said: list[str] = []

    def send(out: Tensor) -> Tensor:
        assert said
        return out.sum()

    measure(tower, "vector:6", seeds=2, loss=send, say=said.append)
    assert said == ["about 1 MiB of memory will be taken"]


def test_more_than_there_is_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"this takes about 1048576\.0 GiB .*smaller --batch"):
        memory.there_is(2**50)


class Inner(nn.Module):
    """A block whose branch is itself a gradient, of an energy (as in an energy-based network)."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        energy = torch.tanh(self.layer(x)).square().sum()
        (slope,) = torch.autograd.grad(energy, x, create_graph=True)
        return x - slope


def test_a_network_that_goes_back_itself_is_measured() -> None:
    record = measure(lambda: nn.Sequential(Inner(), Inner()), "vector:6", examples=3)
    net = prepare(lambda: nn.Sequential(Inner(), Inner()), 0, torch.float64)
    assert len(record.blocks) == 2 and (record.gradient_signal > 0).all()
    assert sum(one.numel() for one in net.parameters()) == sum(block["parameters"] for block in record.blocks)
