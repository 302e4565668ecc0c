"""The laws of signal propagation at initialisation that science.md lists, against the simulator."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from sim.measure.profile import profile
from sim.nets.blocks import Block
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


@pytest.mark.parametrize("gain, beta", [("he", 20**-0.5), (1.0, 0.8)])
def test_residual_relu_energy_grows_by_half_the_product_of_variances(
    make: Make, gain: float | str, beta: float
) -> None:
    p = make(
        order="open", layers_per_block=2, activation="relu", width=128, depth=20, gain=gain, branch_scale=beta,
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
NOTE = {"block": "conv", "layers_per_block": 2, "activation": "relu", "width": 8, "batch": 64}


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
