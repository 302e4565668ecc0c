"""Gains: Jacobians against autograd, the bound, and the figures of science.md."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from sim import params
from sim.experiments.gains import Gains, GainsRecord
from sim.measure.gains import gains, jacobians
from sim.measure.profile import profile
from sim.nets import data
from sim.nets.drawn import draw_block
from sim.probes.krylov import extremes
from sim.probes.pullback import Buffers, Pullback
from sim.records.codec import digest, from_json, to_json
from sim.records.record import PLAIN, RESIDUAL, Status
from sim.sections.network import Network


@pytest.fixture(scope="module")
def take() -> Callable[..., Gains]:
    defaults = params.load(environ={}).gains
    return lambda **changes: defaults.replace(**changes)


@pytest.mark.parametrize("order", ["literal", "open", "post", "pre"])
@pytest.mark.parametrize("norm, block", [("none", "mlp"), ("batch", "mlp"), ("batch", "conv")])
def test_push_and_pull_are_autograd_s_products(take: Callable[..., Gains], order: str, norm: str, block: str) -> None:
    p = take(block=block, order=order, norm=norm, layers_per_block=2, activation="gelu", width=3, batch=4, bias_std=0.3)
    made = draw_block(p, [0], 0, torch.float64)
    x = torch.from_numpy(data.draw_batch(p, 0).hidden)[None, None]
    rng = torch.Generator().manual_seed(0)
    v, g = (torch.randn(x.shape, dtype=x.dtype, generator=rng) for _ in range(2))
    with torch.no_grad():
        pullback = Pullback(made, Buffers(), 0)
        pullback.branch(x)
        pushed, pulled = pullback.push(v).clone(), pullback.pull(g).clone()
    torch.testing.assert_close(pushed, torch.autograd.functional.jvp(made.branch, x, v)[1], rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(pulled, torch.func.vjp(made.branch, x)[1](g)[0], rtol=1e-10, atol=1e-12)


def test_jacobians_are_autograd_s(take: Callable[..., Gains]) -> None:
    p = take(width=6, batch=3, input="gaussian", layers_per_block=2, order="pre")
    made, h = draw_block(p, [0], 0, torch.float64), torch.from_numpy(data.draw_batch(p, 0).hidden)[None, None]
    with torch.no_grad():
        J = jacobians(Pullback(made, Buffers(), 0), h)
    for example in range(3):
        one = torch.func.jacrev(lambda x: made.branch(x[None, None, None]).flatten())(h[0, 0, example])
        torch.testing.assert_close(J[example], one, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    "changes", [{}, {"gain": 2.5}, {"branch_scale": -1.0}, {"order": "post", "activation": "relu"}]
)
def test_the_bound_holds(take: Callable[..., Gains], changes: dict) -> None:
    record = gains(take(depth=4, seeds=2, width=24, batch=16, **changes))
    assert record.bound.shape == (2, 4, 16)  # all blocks and all examples
    assert (record.bound <= record.singular_total[..., -1] + 1e-12).all()
    assert (record.singular_total[..., 0] <= 2 - record.bound + 1e-12).all()
    assert (np.diff(record.singular_total, axis=-1) <= 0).all()


def test_measured_figures_are_found_again(take: Callable[..., Gains]) -> None:
    record = gains(take(depth=1, batch=256, jacobians=16))
    residual = record.random_gain[RESIDUAL]
    assert residual.mean() == pytest.approx(1.11, abs=0.03) and residual.std() == pytest.approx(0.06, abs=0.02)
    assert record.random_gain[PLAIN].mean() == pytest.approx(0.47, abs=0.03)
    assert record.random_below[RESIDUAL].mean() == pytest.approx(0.014, abs=0.04)
    assert record.singular_below.mean() == pytest.approx(0.45, abs=0.04)


def test_the_scalar_that_cancels_the_shortcut(take: Callable[..., Gains]) -> None:
    record = gains(take(depth=1, seeds=1))
    np.testing.assert_array_equal(record.scalar_gain, np.abs(1 + record.scalar_w))
    assert record.scalar_gain[np.flatnonzero(record.scalar_w == -1)].tolist() == [0]


def test_loss_gains_multiply_to_the_signal(take: Callable[..., Gains]) -> None:
    p = take(depth=5, seeds=2, batch=1, jacobians=1)
    signal = profile(Network.model_validate(p.model_dump(exclude={"jacobians", "steps"}))).relative_signal()[..., 0]
    np.testing.assert_allclose(gains(p).loss_gain[..., 0].prod(2), signal, rtol=1e-10)


def test_estimates_of_a_known_operator() -> None:
    rng = torch.Generator().manual_seed(2)
    A = torch.randn(12, 12, dtype=torch.float64, generator=rng)
    start = torch.randn(1, 12, dtype=torch.float64, generator=rng)
    values = torch.linalg.svdvals(A)
    exact = extremes(lambda v: v @ A.T, lambda g: g @ A, start, 12)[0]
    np.testing.assert_allclose(exact, values[[0, -1]], rtol=1e-8)
    rough = extremes(lambda v: v @ A.T, lambda g: g @ A, start, 5)[0]
    assert rough[0] <= values[0] * (1 + 1e-12) and rough[1] >= values[-1] * (1 - 1e-12)
    assert extremes(lambda v: 0 * v, lambda g: 0 * g, start, 5).tolist() == [[0, 0]]


def test_an_estimate_is_near_the_exact_extremes(take: Callable[..., Gains], monkeypatch: pytest.MonkeyPatch) -> None:
    p = take(depth=2, seeds=1, width=16, batch=2, jacobians=2, steps=32)
    exact = gains(p)
    monkeypatch.setattr("sim.experiments.gains.EXACT_WIDTH", 1)
    rough = gains(p)
    assert (exact.method, rough.method) == ("exact", "estimate")
    np.testing.assert_allclose(rough.singular_total[..., 0, 0], exact.singular_total[..., 0].max(-1), rtol=1e-6)
    np.testing.assert_allclose(rough.singular_total[..., 0, 1], exact.singular_total[..., -1].min(-1), rtol=1e-6)


def test_batch_norm_is_measured_as_a_whole(take: Callable[..., Gains]) -> None:
    record = gains(take(block="conv", norm="batch", activation="relu", gain="he", width=4, batch=8, depth=2, seeds=1))
    assert record.singular_branch.shape == (1, 2, 1, 2) and (record.status == Status.OK).all()
    assert digest(from_json(GainsRecord, to_json(record))) == digest(record)


def test_more_jacobians_than_examples_are_refused() -> None:
    with pytest.raises(params.ParamsError, match="jacobians = 9 with batch = 8"):
        params.load(sets=["jacobians=9", "batch=8"], section="gains", environ={})
