"""Signals against finite differences of the loss, and against networks written anew from the papers' equations."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from sim.measure.profile import profile
from sim.nets import data
from sim.nets.drawn import draw_block
from sim.probes.cotangent import cotangent
from sim.probes.signal import scaled_norm, trace
from sim.sections.network import Network

Make = Callable[..., Network]
SKIPS = (1.0, "gate", -0.6, "projection")
KINDS = list(itertools.product(("mlp", "conv"), ("literal", "open", "post", "pre"), (1, 2), ("none", "batch")))


def loss(h: Tensor, readout: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy summed over the batch, per network: [seed, skip]."""
    logits = torch.einsum("zkbu,zcu->zkbc", h.flatten(3), readout)
    picked = logits.log_softmax(-1).gather(-1, labels[:, None, :, None].expand(-1, 2, -1, 1))
    return -picked.sum((2, 3))


@pytest.mark.parametrize("block, order, layers, norm", KINDS)
def test_signal_is_the_finite_difference_of_the_loss(
    make: Make, block: str, order: str, layers: int, norm: str
) -> None:
    conv = block == "conv"
    p = make(
        block=block, order=order, layers_per_block=layers, norm=norm, activation="gelu", width=1 if conv else 5,
        depth=2, batch=2 if conv else 4, seeds=1, gain="he", bias_std=0.3, branch_scale=0.7, seed=11,
        skip_scale=SKIPS[(KINDS.index((block, order, layers, norm)) + layers) % 4], gate_bias=0.4,
    )  # fmt: skip
    batch = data.draw_batch(p, p.seed)
    start = torch.from_numpy(batch.hidden)[None, None].repeat(1, 2, *[1] * batch.hidden.ndim)
    blocks = [draw_block(p, [p.seed], index, torch.float64) for index in range(p.depth)]
    signal, *_ = trace(blocks, start, cotangent(p, [p.seed], [batch.labels], torch.float64))
    readout = torch.from_numpy(data.draw_readout(p, p.seed))[None]
    labels = torch.from_numpy(batch.labels)[None]
    h = start.detach()
    with torch.no_grad():
        for index in range(p.depth + 1):
            step, slope = 1e-5, torch.zeros_like(h)
            for place in itertools.product(*map(range, h.shape[2:])):
                at = (slice(None), slice(None), *place)
                ends = []
                for sign in (1, -1):
                    moved = h.clone()
                    moved[at] += sign * step
                    for later in blocks[index:]:
                        moved = later.pair(moved)
                    ends.append(loss(moved, readout, labels))
                slope[at] = (ends[0] - ends[1]) / (2 * step)
            np.testing.assert_allclose(signal[:, 0, index], scaled_norm(slope)[0] / p.batch**0.5, rtol=2e-6, atol=1e-9)
            if index < p.depth:
                h = blocks[index].pair(h)


def shortcut(p: Network, seed: int, index: int, x: Tensor) -> Tensor:
    """What a shortcut of He et al. 2016, figure 2, makes of x."""
    if not isinstance(p.skip_scale, str):
        return p.skip_scale * x
    conv, n = p.block == "conv", p.width
    layer = (
        nn.Conv2d(n, n, 1, bias=p.skip_scale == "gate") if conv else nn.Linear(n, n, p.skip_scale == "gate")
    ).double()
    layer.weight.data = torch.tensor(data.draw_shortcuts(p, [seed], index)[0]).view(layer.weight.shape)
    if p.skip_scale == "projection":
        return layer(x)
    layer.bias.data.fill_(p.gate_bias)
    return (1 - torch.sigmoid(layer(x))) * x


def independent(p: Network, seed: int, skip: bool) -> dict[str, list[float]]:
    """The fields of a profile of one network, by plain torch.nn modules and the papers' equations."""
    conv = p.block == "conv"
    act = {"tanh": nn.Tanh(), "relu": nn.ReLU(), "sigmoid": nn.Sigmoid(), "linear": nn.Identity(), "gelu": nn.GELU()}
    phi = act[p.activation]
    n = p.width

    def layer(weight: np.ndarray, bias: np.ndarray | None) -> nn.Module:
        made = nn.Conv2d(n, n, 3, padding=1, bias=bias is not None) if conv else nn.Linear(n, n, bias=bias is not None)
        made = made.double()
        made.weight.data = torch.tensor(weight)
        if bias is not None:
            made.bias.data = torch.tensor(bias)
        return made

    def norm() -> nn.Module:
        if p.norm == "none":
            return nn.Identity()
        return (nn.BatchNorm2d(n) if conv else nn.BatchNorm1d(n)).double().train()

    batch = data.draw_batch(p, seed)
    h = torch.tensor(batch.hidden, requires_grad=True)
    hidden, ratios, learn = [h], [], []
    for index in range(p.depth):
        weights, biases = data.draw_weights(p, [seed], index)
        ws = [layer(w[0], None if biases is None else biases[k][0]) for k, w in enumerate(weights)]
        learn.append(ws)
        x = h
        if p.order == "literal":
            f = phi(norm()(ws[0](x)))
            f = phi(norm()(ws[1](f))) if len(ws) == 2 else f
        elif p.order in ("open", "post"):
            f = norm()(ws[0](x))
            f = norm()(ws[1](phi(f))) if len(ws) == 2 else f
        else:
            f = ws[0](phi(norm()(x)))
            f = ws[1](phi(norm()(f))) if len(ws) == 2 else f
        ratios.append(float(f.detach().norm() / x.detach().norm()))
        h = shortcut(p, seed, index, x) + p.branch_scale_value * f if skip else f
        if p.order == "post":
            h = phi(h)
        h.retain_grad()
        hidden.append(h)
    if p.cotangent == "loss":
        logits = functional.linear(h.flatten(1), torch.tensor(data.draw_readout(p, seed)))
        losses = functional.cross_entropy(logits, torch.tensor(batch.labels), reduction="none")
    else:
        losses = (h * torch.tensor(data.draw_cotangent(p, seed)).view(h.shape)).flatten(1).sum(1)
    losses.sum().backward(retain_graph=True)
    signals = [float(t.grad.flatten(1).norm(dim=1).square().mean().sqrt()) for t in hidden]
    each = []  # per block, √ of the sum over layers and examples of ‖∂ℓ_i/∂W‖²; without norm, where ℓ_i stands alone
    for ws in learn if p.norm == "none" else ():
        grads = [torch.autograd.grad(one, [w.weight for w in ws], retain_graph=True) for one in losses]
        each.append(float(sum(g.square().sum() for grad in grads for g in grad) / p.batch) ** 0.5)
    return {
        "gradient_signal": signals,
        "activation_rms": [float(t.detach().square().mean().sqrt()) for t in hidden],
        "weight_gradient": each,
        "branch_ratio": ratios,
    }


@pytest.mark.parametrize("block, order, layers, norm", KINDS)
def test_networks_written_anew_give_the_same_signals(
    make: Make, block: str, order: str, layers: int, norm: str
) -> None:
    which = KINDS.index((block, order, layers, norm))
    p = make(
        block=block, order=order, layers_per_block=layers, norm=norm, depth=4, batch=6, seeds=2, seed=5, gain=0.9,
        width=3 if block == "conv" else (9, 64)[which % 2], activation=("relu", "tanh", "sigmoid", "gelu")[which % 4],
        bias=("normal", "torch", "normal")[which % 3], bias_std=(0.0, 0.2)[which // 2 % 2],
        branch_scale=(1.0, "1/sqrt(depth)", -0.4)[which % 3],
        skip_scale=SKIPS[which // 3 % 4], gate_bias=-0.8,
        input=("digits", "gaussian")[which // 4 % 2], cotangent=("loss", "random")[which % 5 == 0],
    )  # fmt: skip
    record = profile(p)
    for row, skip in itertools.product(range(p.seeds), (0, 1)):
        for name, values in independent(p, p.seed + row, bool(skip)).items():
            found = getattr(record, name)
            if values and name != "branch_ratio":
                np.testing.assert_allclose(found[skip, row], values, rtol=1e-10, err_msg=name)
            elif values and skip:
                np.testing.assert_allclose(found[row], values, rtol=1e-10, err_msg=name)


def test_the_independent_networks_can_disagree(make: Make) -> None:
    p = make(depth=3, width=8, batch=4, seeds=1)
    other: Any = p.replace(order="pre")
    assert not np.allclose(
        profile(p).gradient_signal[0, 0], independent(other, p.seed, False)["gradient_signal"], rtol=1e-3
    )


@pytest.mark.parametrize("block, order, layers, norm", [kind for kind in KINDS if kind[1] != "post"])
def test_states_and_gradients_telescope(make: Make, block: str, order: str, layers: int, norm: str) -> None:
    """He et al. 2016, eqs. 4 and 5: h_L = h_l + Σ βF(h_i), and ∂ℓ/∂h_l = ∂ℓ/∂h_L (1 + ∂/∂h_l Σ βF(h_i))."""
    conv, beta = block == "conv", 0.6
    p = make(
        block=block, order=order, layers_per_block=layers, norm=norm, width=2 if conv else 6, depth=5,
        batch=3, seeds=2, gain="he", branch_scale=beta,
    )  # fmt: skip
    seeds = [0, 1]
    hidden = np.stack([data.draw_batch(p, seed).hidden for seed in seeds])
    h = torch.from_numpy(hidden)[:, None].requires_grad_()  # [seed, 1, batch, ...]
    states, branches = [h], []
    for index in range(p.depth):
        one = draw_block(p, seeds, index, torch.float64)
        branches.append(beta * one.branch(states[-1]))
        states.append(one.join(states[-1], branches[-1] / beta, True))
    for first in range(p.depth):
        torch.testing.assert_close(states[-1], states[first] + sum(branches[first:]), rtol=1e-12, atol=1e-12)
        sent = torch.randn(states[-1].shape, dtype=torch.float64, generator=torch.Generator().manual_seed(first))
        (whole,) = torch.autograd.grad((states[-1] * sent).sum(), states[first], retain_graph=True)
        (through,) = torch.autograd.grad((sum(branches[first:]) * sent).sum(), states[first], retain_graph=True)
        torch.testing.assert_close(whole, sent + through, rtol=1e-11, atol=1e-11)
