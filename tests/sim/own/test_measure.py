"""`measure` against what else tells the same: the simulator, plain twins by hand, finite differences."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from strangers import PHI, ResNet, Small, Sums, stranger
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from sim.measure.profile import profile
from sim.nets import data, measure
from sim.own.file import load, save
from sim.own.inputs import batch_of, sender
from sim.own.prepare import prepare
from sim.own.record import NetworkRecord
from sim.records.codec import digest, from_json, to_json
from sim.records.record import PLAIN, RESIDUAL, RecordError, Status
from sim.sections.network import Network

FORMS = itertools.product(("mlp", "conv"), ("literal", "open", "post", "pre"), ("none", "batch"), (1, 2), (0.0, 0.3))
SETTINGS = [  # 64, each kind of activation with each kind of block
    {"block": block, "order": order, "norm": norm, "activation": phi, "layers_per_block": layers, "bias_std": bias_std}
    for (block, order, norm, layers, bias_std), phi in zip(FORMS, itertools.cycle(PHI), strict=False)
]


def close(found: Any, expected: Any, rtol: float = 1e-12) -> None:
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=0)


@pytest.mark.parametrize("keys", SETTINGS, ids=lambda keys: "-".join(map(str, keys.values())))
def test_the_simulator_s_networks_rewritten_by_a_stranger(make: Callable[..., Network], keys: dict) -> None:
    p = make(**keys, depth=3, width=4, batch=6, seeds=1, gain="he", cotangent="random")
    hidden = torch.from_numpy(data.draw_batch(p, p.seed).hidden)
    back = torch.from_numpy(data.draw_cotangent(p, p.seed)).view(hidden.shape)
    found = measure(lambda: stranger(p), hidden, loss=lambda out: (out * back).sum())
    expected = profile(p)
    close(found.gradient_signal, expected.gradient_signal)
    close(found.activation_rms, expected.activation_rms)
    close(found.branch_ratio, expected.branch_ratio)
    np.testing.assert_allclose(found.skip_share, expected.skip_share, rtol=1e-12, atol=1e-12)
    assert [block["layers"] for block in found.blocks] == [p.layers_per_block] * p.depth
    assert {block["kind"] for block in found.blocks} == {"identity"}


def in_place(x: Tensor, F: Tensor) -> Tensor:
    F = 1 * F  # tanh needs its output on the way back
    F += x
    return F


def added(x: Tensor, F: Tensor) -> Tensor:
    F = 1 * F
    F.add_(x)  # what it returns is not looked at
    return F


SAME = {
    "F + x": lambda x, F: F + x,
    "F += x": in_place,
    "F.add_(x)": added,
    "x.clone().add_(F)": lambda x, F: x.clone().add_(F),
    "other=": lambda x, F: torch.add(x, other=F),
    "sum": lambda x, F: sum([x, F]),
    "x - (-F)": lambda x, F: x - (-F),
    "views": lambda x, F: (x.view(-1, 2, 3) + F.view(-1, 2, 3)).view(-1, 6),
    "a transposed sum": lambda x, F: (x.t() + F.t()).t(),
}


@pytest.mark.parametrize("how", SAME)
def test_a_sum_is_a_sum_however_it_is_written(how: str) -> None:
    one = measure(lambda: Sums(lambda x, F: x + F), "vector:6", examples=5)
    other = measure(lambda: Sums(SAME[how]), "vector:6", examples=5)
    for field in ("gradient_signal", "activation_rms", "skip_share", "weight_gradient", "branch_ratio"):
        close(getattr(other, field), getattr(one, field))


TWINS: dict[str, tuple[Callable, Callable]] = {
    "x - F": (lambda x, F: x - F, lambda x, F: -F),
    "F - x": (lambda x, F: F - x, lambda x, F: F),
    "alpha": (lambda x, F: torch.add(x, F, alpha=0.3), lambda x, F: 0.3 * F),
    "alpha of x": (lambda x, F: torch.add(F, x, alpha=0.3), lambda x, F: F),
}


@pytest.mark.parametrize("how", TWINS)
def test_the_plain_twin_keeps_signs_and_factors(how: str) -> None:
    joined, alone = TWINS[how]
    record = measure(lambda: Sums(joined), "vector:6", examples=5)
    for skip, join in ((PLAIN, alone), (RESIDUAL, joined)):
        close(record.gradient_signal[skip, 0, 0], gradient_at_input(Sums(join), "vector:6", 5))


def gradient_at_input(net: nn.Module, spec: str, examples: int) -> float:
    """The signal at the input, by a backward pass as anybody would write it."""
    net = prepare(lambda: type(net)(*arguments(net)), 0, torch.float64)
    batch = batch_of(spec, 0, examples)
    x = batch.args[0].clone().requires_grad_()
    out = net(x)
    out.backward(sender("random", batch, 0)(out))
    assert x.grad is not None
    return float(x.grad.norm()) / examples**0.5


def arguments(net: nn.Module) -> tuple[Any, ...]:
    return (net.join,) if isinstance(net, Sums) else ()


def test_the_plain_twin_of_a_small_resnet_by_hand() -> None:
    record = measure(ResNet, "digits:3x16x16", examples=4)
    assert [block["kind"] for block in record.blocks] == ["identity", "identity", *["projection", "identity"] * 2]
    assert [block["name"] for block in record.blocks] == [f"blocks.{index}" for index in range(6)]
    assert record.tail == ["Relu"] and record.sums == {"found": 6, "kept": 0}
    for skip in (PLAIN, RESIDUAL):
        net = prepare(ResNet, 0, torch.float64)
        for block in net.modules():
            if isinstance(block, Small):
                block.skip = skip == RESIDUAL
        net.states = []
        batch = batch_of("digits:3x16x16", 0, 4)
        out = net(batch.args[0])
        out.backward(sender("random", batch, 0)(out))
        close(record.gradient_signal[skip, 0], [float(h.grad.norm()) / 2 for h in net.states])
        close(record.activation_rms[skip, 0], [float(h.detach().square().mean().sqrt()) for h in net.states])
        weights = [
            sum(float(w.grad.square().sum()) for w in block.parameters() if w.grad is not None) ** 0.5
            for block in net.blocks
        ]
        close(record.weight_gradient[skip, 0], weights)


def test_finite_differences() -> None:
    """∂ℓ/∂h_0, entry by entry, of both networks, from nothing but their outputs."""
    record = measure(lambda: Sums(lambda x, F: x + F, 3, 3), "vector:3", examples=2)
    batch, step = batch_of("vector:3", 0, 2), 1e-5
    for skip, join in ((PLAIN, lambda x, F: F), (RESIDUAL, lambda x, F: x + F)):
        net = prepare(lambda join=join: Sums(join, 3, 3), 0, torch.float64)
        x, send, squares = batch.args[0], sender("random", batch, 0), 0.0
        for index in range(x.numel()):
            move = torch.zeros(6, dtype=torch.float64)
            move[index] = step
            ahead, behind = net(x + move.view(2, 3)), net(x - move.view(2, 3))
            squares += float(((ahead - behind) * send(ahead)).sum().detach() / (2 * step)) ** 2
        close(record.gradient_signal[skip, 0, 0], (squares / 2) ** 0.5, rtol=1e-6)


class Reused(nn.Module):
    """One layer in all blocks, checkpointed or not."""

    def __init__(self, mode: str = "") -> None:
        super().__init__()
        self.layer, self.mode = nn.Linear(5, 5), mode

    def forward(self, x: Tensor) -> Tensor:
        for _ in range(4):
            x = checkpoint(self.block, x, use_reentrant=self.mode == "reentrant") if self.mode else self.block(x)
        return x

    def block(self, x: Tensor) -> Tensor:
        return x + torch.tanh(self.layer(x))


@pytest.mark.parametrize("mode", ["reentrant", "saved"])
def test_checkpointed_is_unchecked_digit_for_digit(mode: str) -> None:
    one, other = (measure(lambda m=m: Reused(m), "vector:5", examples=3) for m in ("", mode))
    assert one.gradient_signal.tobytes() == other.gradient_signal.tobytes()
    assert one.weight_gradient.tobytes() == other.weight_gradient.tobytes()
    assert len(one.blocks) == 4  # one layer, four blocks


def test_a_transformer_s_way_goes_along_its_residual_stream() -> None:
    def build() -> nn.Module:
        layers = [nn.TransformerEncoderLayer(8, 2, 16, norm_first=True, batch_first=True) for _ in range(3)]
        return nn.Sequential(nn.Embedding(20, 8), *layers, nn.LayerNorm(8), nn.Linear(8, 20))

    record = measure(build, "tokens:20:5", examples=3, seeds=2, loss="cross-entropy", name="a small one")
    assert [block["name"] for block in record.blocks] == [f"{n} #{i}" for n in (1, 2, 3) for i in (1, 2)]
    assert record.gradient_signal.shape == (2, 2, 7) and record.name == "a small one"
    assert record.blocks[0]["shape"] == [5, 8]
    assert (record.signal_status == Status.OK).all()


class Patient(nn.Module):
    """Blocks until enough has been seen, which the data decide; or until a layer's own rule says so."""

    def __init__(self, enough: float) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(6, 6) for _ in range(4))
        self.enough = enough

    def forward(self, x: Tensor) -> Tensor:
        seen, first = 0.0, float(x.detach().norm())
        for layer in self.layers:
            x, seen = x + torch.tanh(layer(x)), seen + first
            if seen > self.enough * first:
                break
        return x


def test_an_exit_that_the_data_decide_is_taken_by_both() -> None:
    left, stayed = (measure(lambda n=n: Patient(n), "vector:6", examples=4) for n in (1.5, 9.0))
    assert (len(left.blocks), len(stayed.blocks)) == (2, 4)
    same = measure(lambda: Sums(lambda x, F: x + F, 4), "vector:6", examples=4)
    close(stayed.gradient_signal, same.gradient_signal)


EACH = torch.linspace(0.5, 1.5, 6, dtype=torch.float64)


@pytest.mark.parametrize(
    ("join", "kind", "factor"),
    [
        (lambda x, F: F - x, "identity", -1.0),
        (lambda x, F: torch.add(F, x, alpha=0.3), "identity", 0.3),
        (lambda x, F: 0.7 * x + F, "identity", 0.7),
        (lambda x, F: torch.add(F, -(x * torch.tensor(2.0)), alpha=0.3), "identity", -0.6),
        (lambda x, F: EACH * x + F, "affine", 1.0),
        (lambda x, F: (0.7 * x).flip(1) + F, "affine", 1.0),
        (lambda x, F: (0.7 * x).view(-1, 2, 3).transpose(0, 0).reshape(-1, 6) + F, "reshaped", 1.0),
    ],
)
def test_what_the_shortcut_is_multiplied_by_is_recorded(join: Callable, kind: str, factor: float) -> None:
    record = measure(lambda: Sums(join, 2), "vector:6", examples=4)
    assert [(block["kind"], block["factor"]) for block in record.blocks] == [(kind, factor)] * 2


def test_a_scaled_shortcut_is_what_it_says() -> None:
    """The same signals as a sum with its factor in the sum; in float32, too, where the factor is told to six digits."""
    inside, around = (lambda x, F: torch.add(F, x, alpha=0.7)), (lambda x, F: 0.7 * x + F)
    one, other = (measure(lambda how=how: Sums(how), "vector:6", examples=5) for how in (inside, around))
    close(other.gradient_signal, one.gradient_signal)
    close(other.skip_share, one.skip_share)
    close(0.7 * other.branch_ratio, one.branch_ratio)  # ‖F‖ beside what the shortcut brings: x, or 0.7 x
    faint = measure(lambda: Sums(around), "vector:6", examples=5, dtype="float32")
    assert [block["factor"] for block in faint.blocks] == [0.7] * 4


def test_layers_between_blocks_are_a_toll_without_an_overpass() -> None:
    def build() -> nn.Module:
        return nn.Sequential(Sums(lambda x, F: x + F, 1), nn.Linear(6, 6), Sums(lambda x, F: x + F, 1))

    record = measure(build, "vector:6", examples=3)
    assert [block["kind"] for block in record.blocks] == ["identity", "none", "identity"]
    assert [block["parameters"] for block in record.blocks] == [42, 42, 42]
    assert np.isnan(record.skip_share[0, 1]) and np.isfinite(record.skip_share[0, [0, 2]]).all()


def test_blocks_are_chosen_and_shortcuts_added() -> None:
    record = measure(lambda: Sums(lambda x, F: x + F), "vector:6", blocks=["layers.[12]"])
    assert [block["name"] for block in record.blocks] == ["layers.1", "layers.2"]

    def plain() -> nn.Module:
        return nn.Sequential(*(nn.Sequential(nn.Linear(6, 6), nn.Tanh()) for _ in range(4)))

    added = measure(plain, "vector:6", add_shortcuts="?")
    joined = measure(lambda: Sums(lambda x, F: x + F), "vector:6")
    close(added.gradient_signal, joined.gradient_signal)


def test_a_zero_gradient_is_told_from_one_that_underflows() -> None:
    def scaled(factor: float) -> Callable[[], nn.Module]:
        return lambda: Sums(lambda x, F: x + factor * F, depth=8)

    dead, faint = (measure(scaled(factor), "vector:6", examples=2) for factor in (0.0, 1e-60))
    assert (dead.signal_status[PLAIN, 0, :-1] == Status.ZERO).all()
    assert faint.signal_status[PLAIN, 0, 0] == Status.UNDERFLOW
    assert (faint.signal_status[RESIDUAL] == Status.OK).all()


def test_the_state_of_random_numbers_is_left_as_it_was() -> None:
    torch.manual_seed(7)
    before = torch.get_rng_state()
    first, again = (measure(lambda: Sums(added), "vector:6") for _ in range(2))
    assert torch.equal(before, torch.get_rng_state())
    assert digest(first) == digest(again)


def test_a_record_is_a_file_that_can_be_handed_on(tmp_path: Path) -> None:
    records = [measure(lambda depth=depth: Sums(in_place, depth), "vector:6", seeds=2) for depth in (2, 3)]
    path = tmp_path / "own.npz"
    save(path, records)
    assert [digest(record) for record in load(path)] == [digest(record) for record in records]
    assert digest(from_json(NetworkRecord, to_json(records[0]))) == digest(records[0])
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    arrays["0.gradient_signal"] = arrays["0.gradient_signal"] * 2
    np.savez(path, **arrays)
    with pytest.raises(RecordError, match="changed since it was written"):
        load(path)
    path.write_bytes(b"no record")
    with pytest.raises(RecordError, match=r"own\.npz: damaged"):
        load(path)
