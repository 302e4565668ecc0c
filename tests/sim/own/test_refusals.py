"""What cannot be measured is refused in one message that says why; what fails in a user's code, by their line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from sim.nets import measure
from sim.own.errors import RefusedError
from sim.own.measure import look
from sim.own.target import blamed, found


class Own(nn.Module):
    """Four layers, and a forward of one's own."""

    def __init__(self, forward: Callable[[list[nn.Module], Tensor], Tensor]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(6, 6) for _ in range(4))
        self.own = forward

    def forward(self, x: Tensor) -> Tensor:
        return self.own(list(self.layers), x)


def block(layer: nn.Module, x: Tensor) -> Tensor:
    return x + torch.tanh(layer(x))


def dense(layers: list[nn.Module], x: Tensor) -> Tensor:
    return torch.cat([torch.cat([x, torch.relu(layers[0](x))], 1), layers[1](x)], 1)


def gated(layers: list[nn.Module], x: Tensor) -> Tensor:
    gate = torch.sigmoid(layers[0](x))
    return gate * torch.tanh(layers[1](x)) + (1 - gate) * x


def leaving_early(layers: list[nn.Module], x: Tensor) -> Tensor:
    for layer in layers:
        x = block(layer, x)
        if x.norm() > 6:
            break
    return x


def choosing(layers: list[nn.Module], x: Tensor) -> Tensor:
    x = block(layers[0], x)
    return torch.sin(x) if x.norm() > 6 else torch.cos(x)


def ignoring(layers: list[nn.Module], x: Tensor) -> Tensor:
    block(layers[0], x)
    return layers[1].weight.sum() * torch.ones(len(x), 2, dtype=x.dtype)


def single(layers: list[nn.Module], x: Tensor) -> Tensor:
    return block(layers[0], x) @ torch.ones(6, 6)


REFUSED: dict[str, tuple[Callable[[list[nn.Module], Tensor], Tensor], str]] = {
    "concatenation": (dense, r"no residual sum, but joins by concatenation \(2 cat\).*--add-shortcuts"),
    "gates": (gated, "no residual sum, but gates"),
    "nothing": (lambda layers, x: torch.tanh(layers[0](x)), "no residual sum:"),
    "an early exit": (leaving_early, "takes another way"),
    "another branch": (choosing, "takes another way: it calls other functions"),
    "an output that is cut off": (lambda layers, x: block(layers[0], x).detach(), "does not depend on the input"),
    "an output of weights alone": (ignoring, "does not depend on the last of"),
    "float64": (single, "refuses float64.*--dtype float32"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_measured_is_refused(what: str) -> None:
    forward, told = REFUSED[what]
    with pytest.raises(RefusedError, match=told):
        measure(lambda: Own(forward), "vector:6", examples=16)


class Product(torch.autograd.Function):
    """A product of one's own, which the autograd graph knows by no name."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, w: Tensor) -> Tensor:
        ctx.save_for_backward(x, w)
        return x @ w.T

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        x, w = ctx.saved_tensors
        return g @ w, g.T @ x


def test_functions_of_one_s_own_and_named_inputs_pass() -> None:
    def own(layers: list[nn.Module], x: Tensor) -> Any:
        for layer in layers:
            x = x + torch.tanh(Product.apply(x, layer.weight) + layer.bias)
        return {"steps": len(layers), "state": x}

    def same(layers: list[nn.Module], x: Tensor) -> Tensor:
        for layer in layers:
            x = block(layer, x)
        return x

    x = torch.randn(4, 6, generator=torch.Generator().manual_seed(1))
    found, expected = measure(lambda: Own(own), {"x": x}), measure(lambda: Own(same), x)
    np.testing.assert_allclose(found.gradient_signal, expected.gradient_signal, rtol=1e-12)
    np.testing.assert_allclose(found.weight_gradient, expected.weight_gradient, rtol=1e-12)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_torchscript_is_refused() -> None:
    with pytest.raises(RefusedError, match="TorchScript"):
        measure(lambda: nn.Sequential(torch.jit.script(nn.Linear(2, 2))), "vector:2")


def test_wrong_words_are_refused() -> None:
    def good() -> nn.Module:
        return Own(lambda layers, x: block(layers[0], x))

    for keys, told in [
        ({"batch": "vectr:6"}, "is not known; allowed: vector:64"),
        ({"batch": "vector:six"}, "whole numbers from 1"),
        ({"batch": "vector:6", "loss": "huber"}, "allowed: random, cross-entropy, or a function"),
        ({"batch": "vector:6", "loss": lambda out: out}, "one number that depends on the output"),
        ({"batch": "vector:6", "dtype": "float16"}, "allowed: float64, float32"),
        ({"batch": "vector:6", "blocks": ["h.*"]}, r"no block goes by h\.\*; there are: layers\.0"),
        ({"batch": "vector:6", "add_shortcuts": "h.*"}, r"fits no module; there are: layers, layers\.0"),
    ]:
        with pytest.raises(RefusedError, match=told):
            measure(good, **keys)
    with pytest.raises(RefusedError, match="gives a int, not a torch"):
        measure(lambda: 3, "vector:6")  # type: ignore[arg-type,return-value]


def test_a_list_needs_no_residual_sum() -> None:
    assert look(lambda: Own(gated), "vector:6") == []
    (row,) = look(lambda: Own(lambda layers, x: block(layers[2], x)), "vector:6")
    assert (row["name"], row["kind"], row["layers"]) == ("layers.2", "identity", 1)
    assert row["where"].startswith("tests/sim/own/test_refusals.py:") or "test_refusals.py:" in row["where"]
    assert row["code"] == "return x + torch.tanh(layer(x))"


CODE = """import torch
from torch import nn

class Wrong(nn.Module):
    def forward(self, x):
        return x + torch.ones(3, 3, 3, 3, 7)

class Broken(nn.Module):
    def __init__(self):
        super().__init__()
        self.half = 1 / 0

def give(seed, batch):
    raise OSError("no such data")

def lose(output):
    return output.nothing
"""


def test_a_user_s_error_is_told_by_their_own_line(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(CODE)
    mine = f"{tmp_path / 'mine.py'}"
    for target, keys, told in [
        ("Wrong", {}, "forward: RuntimeError: The size of tensor a"),
        ("Broken", {}, "constructor: ZeroDivisionError: division by zero"),
        ("Wrong", {"batch": found(f"{mine}:give")}, "input function: OSError: no such data"),
    ]:
        with pytest.raises(Exception) as caught:
            measure(found(f"{mine}:{target}"), **{"batch": "vector:6", **keys})
        message = blamed(caught.value)
        assert message.startswith(told)
        assert "mine.py:" in message
    with pytest.raises(AttributeError) as lost:
        measure(lambda: Own(lambda layers, x: block(layers[0], x)), "vector:6", loss=found(f"{mine}:lose"))
    assert "mine.py:17: return output.nothing" in blamed(lost.value)


def test_errors_of_import(tmp_path: Path) -> None:
    (tmp_path / "lacking.py").write_text("import nothing_there_at_all\n")
    (tmp_path / "crooked.py").write_text("x = 1\ndef f(:\n")
    (tmp_path / "fine.py").write_text("f = 3\ndef build(): ...\n")
    for name, told in [("lacking", "lacking.py:1: import nothing_there_at_all"), ("crooked", "crooked.py:2: def f(:")]:
        with pytest.raises((ImportError, SyntaxError)) as caught:
            found(f"{tmp_path / name}.py:f")
        assert blamed(caught.value).startswith("import: ")
        assert told in blamed(caught.value)
    for target, told in [
        (f"{tmp_path / 'fine.py'}:g", "there is no g; there are: build"),
        (f"{tmp_path / 'fine.py'}:f", "is a int, not callable"),
        (f"{tmp_path / 'none.py'}:f", "there is no such file"),
        ("build", "must be package.module:callable or file.py:callable"),
    ]:
        with pytest.raises(RefusedError, match=told):
            found(target)
