"""The laws of signal propagation at initialisation that science.md lists, against the simulator."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from sim.measure.profile import profile
from sim.nets.blocks import Block
from sim.nets.shortcuts import Gate, Scaled, Shortcut
from sim.probes.signal import trace
from sim.records.record import PLAIN, RESIDUAL
from sim.sections.network import Network

Make = Callable[..., Network]


def relative(blocks: list[Block], batch: int = 4) -> np.ndarray:
    """Relative signal at h_0 of a random cotangent: [skip, seed]."""
    width = blocks[0].layers[0].weight.shape[-1]
    seeds = len(blocks[0].layers[0].weight)
    rng = torch.Generator().manual_seed(1)
    start = torch.randn(seeds, 2, batch, width, dtype=torch.float64, generator=rng)
    vectors = torch.randn(seeds, 1, batch, width, dtype=torch.float64, generator=rng).expand(-1, 2, -1, -1)
    signal, *_ = trace(blocks, start, lambda h: vectors)
    return signal[:, :, 0] / signal[:, :, -1]


@pytest.mark.parametrize("c", [-1.5, -1.0, -0.25, 0.1, 0.5])
def test_scaled_identity_residual_gain_is_one_plus_c_to_the_depth(c: float) -> None:
    depth = 12
    weight = c * torch.eye(7, dtype=torch.float64)[None]
    gain = relative([Block([weight], activation="linear") for _ in range(depth)])
    assert gain[RESIDUAL, 0] == pytest.approx(abs(1 + c) ** depth, rel=1e-12, abs=0)
    assert gain[PLAIN, 0] == pytest.approx(abs(c) ** depth, rel=1e-12)


def test_minus_identity_cancels_the_shortcut_exactly() -> None:
    weight = -torch.eye(5, dtype=torch.float64)[None]
    assert relative([Block([weight], activation="linear") for _ in range(3)])[RESIDUAL, 0] == 0


@pytest.mark.parametrize("sigma", [0.3, 1.0, 1.7])
def test_orthogonal_plain_gain_is_sigma_to_the_depth(sigma: float) -> None:
    depth, rng = 15, torch.Generator().manual_seed(3)

    def rotation() -> Tensor:
        return torch.linalg.qr(torch.randn(2, 16, 16, dtype=torch.float64, generator=rng))[0]

    gain = relative([Block([sigma * rotation()], activation="linear", order="open") for _ in range(depth)])
    np.testing.assert_allclose(gain[PLAIN], sigma**depth, rtol=1e-12)


def test_branch_scale_belongs_to_the_skip_alone() -> None:
    weight = 0.5 * torch.eye(6, dtype=torch.float64)[None]
    gain = relative([Block([weight], activation="linear", branch_scale=0.2)])
    assert gain[:, 0] == pytest.approx([0.5, 1 + 0.2 * 0.5], rel=1e-12)


def dead(shortcuts: list[Shortcut], start: Tensor) -> np.ndarray:
    """Relative signal at h_0 of stacks whose branches do nothing: [seed]; start: [seed, batch, width]."""
    none = torch.zeros(len(start), start.shape[-1], start.shape[-1], dtype=torch.float64)
    blocks = [Block([none], shortcut=shortcut) for shortcut in shortcuts]
    vectors = torch.randn(start.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(2))[:, None]
    signal, *_ = trace(blocks, start[:, None].repeat(1, 2, 1, 1), lambda h: vectors.expand_as(h))
    return signal[RESIDUAL, :, 0] / signal[RESIDUAL, :, -1]


@pytest.mark.parametrize("scale", [0.5, 0.9, 1.1, -1.3])
def test_a_scaled_shortcut_alone_counts_its_scale_in_every_block(make: Make, scale: float) -> None:
    p = make(skip_scale=scale, branch_scale=0.0, seeds=2, width=8, batch=4)
    record = profile(p)
    law = abs(scale) ** (p.depth - np.arange(p.depth + 1))
    np.testing.assert_allclose(record.relative_signal()[RESIDUAL], np.tile(law, (2, 1)), rtol=1e-12)
    np.testing.assert_allclose(record.skip_share, 1, rtol=1e-12)


def test_scaled_shortcut_and_scaled_identity_branch_add_up() -> None:
    weight = 0.3 * torch.eye(5, dtype=torch.float64)[None]
    blocks = [Block([weight], activation="linear", branch_scale=0.5, shortcut=Scaled(0.9)) for _ in range(12)]
    assert relative(blocks)[RESIDUAL, 0] == pytest.approx((0.9 + 0.15) ** 12, rel=1e-12)


@pytest.mark.parametrize("bias", [-6.0, 0.0, 2.0])
def test_a_gate_at_rest_lets_through_what_its_bias_says(bias: float) -> None:
    """Of states near 0, where W does not count: (1 − σ(b))^L."""
    weight = torch.randn(2, 6, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(4))
    start = 1e-9 * torch.randn(2, 3, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(5))
    found = dead([Gate(weight, bias, images=False) for _ in range(9)], start)
    np.testing.assert_allclose(found, (1 - 1 / (1 + np.exp(-bias))) ** 9, rtol=1e-7)


def test_a_gate_far_open_is_the_identity_and_far_shut_is_nothing(make: Make) -> None:
    shared = {"seeds": 1, "depth": 6, "width": 8, "batch": 4}
    same = profile(make(**shared)).gradient_signal
    np.testing.assert_allclose(
        profile(make(**shared, skip_scale="gate", gate_bias=-60)).gradient_signal, same, rtol=1e-12
    )
    shut = profile(make(**shared, skip_scale="gate", gate_bias=60)).gradient_signal
    np.testing.assert_allclose(shut[RESIDUAL], same[PLAIN], rtol=1e-12)


def test_energy_behind_random_projections_is_the_product_of_their_variances(make: Make) -> None:
    """E|Wᵀg|² = g²|g|² for W ~ N(0, g²/n), and nothing else where branches are dead."""
    gain = 0.8
    p = make(
        skip_scale="projection", branch_scale=0.0, gain=gain, depth=12, width=64, seeds=200, batch=1,
        input="gaussian", cotangent="random",
    )  # fmt: skip
    energy = profile(p).relative_signal()[RESIDUAL, :, 0] ** 2
    assert energy.mean() == pytest.approx(gain**24, rel=4 * np.sqrt(2 * 12 / 64 / 200) * 1.5)


def test_energy_of_projection_and_branch_add_up(make: Make) -> None:
    """Independent weights: E|g|² grows per block by g² + β²g²; linear branches."""
    p = make(
        skip_scale="projection", activation="linear", bias="normal", branch_scale=0.5, gain=0.9, depth=10, width=64,
        seeds=200, batch=1, input="gaussian", cotangent="random",
    )  # fmt: skip
    energy = profile(p).relative_signal()[RESIDUAL, :, 0] ** 2
    assert energy.mean() ** (1 / p.depth) == pytest.approx(0.81 * 1.25, rel=0.02)


@pytest.mark.parametrize("gain, beta", [("he", 20**-0.5), (1.0, 0.8)])
def test_residual_relu_energy_grows_by_half_the_product_of_variances(
    make: Make, gain: float | str, beta: float
) -> None:
    p = make(
        order="open", layers_per_block=2, activation="relu", width=64, depth=20, gain=gain, branch_scale=beta,
        seeds=60, batch=4, input="gaussian", cotangent="random",
    )  # fmt: skip
    energy = (profile(p).relative_signal()[RESIDUAL, :, 0] ** 2).mean()
    law = 1 + beta**2 * p.gain_value**4 / 2
    assert energy ** (1 / p.depth) == pytest.approx(law, rel=0.025)
    assert energy == pytest.approx(law**p.depth, rel=0.25)  # 2.5 % a block would let 60 % pass over 20 blocks


def test_he_relu_plain_signal_is_log_normal(make: Make) -> None:
    n, depth, seeds = 64, 20, 400
    p = make(
        activation="relu", width=n, depth=depth, gain="he", seeds=seeds, batch=1, input="gaussian", cotangent="random"
    )  # fmt: skip
    logs = 2 * np.log(profile(p).relative_signal()[PLAIN, :, 0])
    mean, variance = -5 * depth / (2 * n), 5 * depth / n
    assert logs.mean() == pytest.approx(mean, abs=4 * (variance / seeds) ** 0.5)
    assert logs.var() == pytest.approx(variance, rel=4 * (2 / seeds) ** 0.5)


TANH = {"depth": 56}
NOTE = {"block": "conv", "layers_per_block": 2, "activation": "relu", "width": 8, "batch": 16}


@pytest.mark.parametrize(
    "changes, plain, residual",
    [
        (TANH, -13.6, 1.1),
        ({"depth": 110}, -26.7, 1.6),
        (TANH | {"gain": 2.5}, 5.7, 3.5),
        (NOTE | {"order": "post", "depth": 10}, -8, -0.07),
        (NOTE | {"order": "literal", "depth": 10}, -8, 0.13),
        (NOTE | {"order": "post", "depth": 10, "norm": "batch", "gain": "he"}, 1.5, 1.0),
        (NOTE | {"order": "literal", "depth": 10, "norm": "batch", "gain": "he"}, 1.5, 0.9),
    ],
)
def test_measured_figures_are_found_again(make: Make, changes: dict, plain: float, residual: float) -> None:
    found = profile(make(bias="normal", **changes)).mean_log10_relative()[:, 0]
    assert found == pytest.approx([plain, residual], abs=0.35)


def test_with_torch_s_biases_the_first_blocks_learn_nothing(make: Make) -> None:
    """Without biases the data die forward as the gradient dies backward, and all weights hear equally little."""
    record = profile(make(**NOTE, depth=10))
    assert record.mean_log10_relative()[:, 0] == pytest.approx([-8.6, 0.13], abs=0.35)
    assert record.mean_log10_weights()[:, 0] == pytest.approx([-7.6, -0.3], abs=0.35)
    without = profile(make(bias="normal", **NOTE, depth=10))
    assert without.mean_log10_weights()[PLAIN, 0] == pytest.approx(0.1, abs=0.35)


def test_branches_scaled_by_depth_persist_at_every_depth(make: Make) -> None:
    shared = {"order": "open", "layers_per_block": 2, "activation": "relu", "gain": "he"}
    for depth in (8, 20, 56, 110):
        record = profile(make(**shared, depth=depth, branch_scale="1/sqrt(depth)", batch=32))
        assert record.mean_log10_relative()[RESIDUAL, 0] == pytest.approx(0.41, abs=0.1)
