"""Routes: what is taken apart adds up again, to the last digits."""

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
import torch

from sim import params
from sim.experiments.routes import Routes, RoutesRecord
from sim.measure.profile import profile
from sim.measure.routes import each, grouped, routes
from sim.nets import data
from sim.nets.blocks import Block
from sim.nets.drawn import draw_block
from sim.probes.cotangent import cotangent
from sim.probes.pullback import Buffers, Pullback
from sim.probes.vectorised import Vectorised
from sim.records.codec import digest, from_arrays, from_json, to_arrays, to_json
from sim.records.record import RESIDUAL, Status
from sim.sections.network import Network

Make = Callable[..., Network]
KINDS = list(itertools.product(("mlp", "conv"), ("literal", "open", "post", "pre"), ("none", "batch")))


@pytest.fixture(scope="module")
def take() -> Callable[..., Routes]:
    defaults = params.load(environ={}).routes
    return lambda **changes: defaults.replace(**changes)


def small(take: Callable[..., Routes], block: str, order: str, norm: str) -> Routes:
    return take(
        block=block, order=order, norm=norm, layers_per_block=1 + (order != "open"), depth=5, width=3 if block == "conv"
        else 12, batch=6, seeds=2, gain=0.9, bias_std=0.1, activation="gelu" if norm == "none" else "relu",
        branch_scale=0.7, skip_scale=(1.0, "gate", 0.8, "projection")[KINDS.index((block, order, norm)) // 2 % 4],
    )  # fmt: skip


@pytest.mark.parametrize("block, order, norm", KINDS)
def test_the_sum_over_lengths_is_autograd_s_gradient(
    take: Callable[..., Routes], block: str, order: str, norm: str
) -> None:
    p = small(take, block, order, norm)
    batch = data.draw_batch(p, p.seed)
    start = torch.from_numpy(batch.hidden)[None, None]
    blocks = [draw_block(p, [p.seed], index, torch.float64) for index in range(p.depth)]
    send_back = cotangent(p, [p.seed], [batch.labels], torch.float64)
    h = first = start.clone().requires_grad_()
    for made in blocks:
        h = made(h)
    (g,) = torch.autograd.grad(h, first, send_back(h))
    with torch.no_grad():
        buffers, way_back, h = Buffers(), [], start
        for index, made in enumerate(blocks):
            way_back.append(Pullback(made, buffers, index))
            h = way_back[-1].join(h, way_back[-1].branch(h))
        C, R = grouped(way_back, send_back(h)), each(way_back, send_back(h))
    assert float((C.sum(0) - g[0, 0]).norm() / g.norm()) < 1e-12
    length = torch.tensor([index.bit_count() for index in range(2**p.depth)])
    for k in range(p.depth + 1):
        assert float((R[length == k].sum(0) - C[k]).norm() / g.norm()) < 1e-12


def apart(p: Routes, kind: type[Pullback]) -> tuple[torch.Tensor, torch.Tensor]:
    """C_k and the routes one by one, of the first seed, pulled back in one way or the other."""
    batch = data.draw_batch(p, p.seed)
    h = torch.from_numpy(batch.hidden)[None, None]
    buffers, way_back = Buffers(), []
    with torch.no_grad():
        for index in range(p.depth):
            way_back.append(kind(draw_block(p, [p.seed], index, torch.float64), buffers, index))
            h = way_back[-1].join(h, way_back[-1].branch(h))
        g = cotangent(p, [p.seed], [batch.labels], torch.float64)(h)
        return grouped(way_back, g), each(way_back, g)


@pytest.mark.parametrize("activation", ["relu", "gelu", "tanh", "linear"])
@pytest.mark.parametrize("block, order, norm", KINDS)
def test_gradients_sent_back_by_one_call_are_those_pulled_by_hand(
    take: Callable[..., Routes], block: str, order: str, norm: str, activation: str
) -> None:
    p = small(take, block, order, norm).replace(activation=activation)
    for by_hand, by_tape in zip(apart(p, Pullback), apart(p, Vectorised), strict=True):
        assert by_hand.abs().max() > 0
        torch.testing.assert_close(by_tape, by_hand, rtol=0, atol=1e-12 * float(by_hand.abs().max()))


@pytest.mark.parametrize(("block", "kind"), [("conv", Vectorised), ("mlp", Pullback)])
def test_each_kind_of_block_goes_the_faster_way(
    take: Callable[..., Routes], block: str, kind: type[Pullback], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    monkeypatch.setattr(kind, "pull", lambda self, g, pull=kind.pull: made.append(type(self)) or pull(self, g))
    routes(small(take, block, "pre", "batch").replace(seeds=1))
    assert set(made) == {kind}


@pytest.mark.parametrize("block, order, norm", KINDS[::3])
def test_the_record_bears_the_decomposition_out(take: Callable[..., Routes], block: str, order: str, norm: str) -> None:
    p = small(take, block, order, norm)
    record = routes(p)
    np.testing.assert_allclose(record.signed_share.sum(1), 1, rtol=1e-12)
    np.testing.assert_allclose(record.route_share.sum(1), 1, rtol=1e-12)
    plain = Network.model_validate(p.model_dump())
    np.testing.assert_allclose(
        record.total_energy, profile(plain).gradient_signal[RESIDUAL, :, 0] ** 2, rtol=1e-10
    )  # fmt: skip
    for again in (from_arrays(RoutesRecord, to_arrays(record)), from_json(RoutesRecord, to_json(record))):
        assert digest(again) == digest(record)
    assert digest(routes(p)) == digest(record)


def test_the_lowest_bit_is_the_first_block() -> None:
    factors = [2.0, 3.0, 5.0]
    one = torch.ones(1, 1, 1, 1, dtype=torch.float64)
    way_back = [
        Pullback(Block([torch.full((1, 1, 1), f).double()], activation="linear"), Buffers(), 0) for f in factors
    ]
    for pullback in way_back:
        pullback.branch(one)
    expected = [math.prod(f for bit, f in enumerate(factors) if index >> bit & 1) for index in range(8)]
    assert each(way_back, one).flatten().tolist() == expected
    assert grouped(way_back, one).flatten().tolist() == [1, 10, 31, 30]


def test_energy_of_random_linear_branches_is_binomial(take: Callable[..., Routes]) -> None:
    c, depth = 0.49, 6
    p = take(
        block="mlp", order="open", norm="none", layers_per_block=1, activation="linear", depth=depth, width=48,
        gain=c**0.5, input="gaussian", cotangent="random", batch=2, seeds=120,
    )  # fmt: skip
    energy = routes(p).energy
    law = np.array([math.comb(depth, k) * c**k for k in range(depth + 1)])
    error = energy.std(0) / p.seeds**0.5
    assert (np.abs(energy.mean(0) - law) < 4 * error + 1e-12).all()


def test_measured_figures_are_found_again(take: Callable[..., Routes]) -> None:
    record = routes(take(seeds=2))
    assert record.mean_length().mean() == pytest.approx(5.2, abs=0.4)
    assert record.count @ np.arange(28) / record.count.sum() == pytest.approx(13.5)
    assert 0.001 < record.signed_share[:, 0].mean() < 0.004
    assert record.route_share.shape == (2, 0)


def test_counts_are_the_binomials(take: Callable[..., Routes]) -> None:
    p = take(block="mlp", norm="none", activation="tanh", depth=56, width=8, batch=2, seeds=1)
    assert [int(count) for count in routes(p).count] == [math.comb(56, k) for k in range(57)]


def test_a_gradient_of_zero_and_an_overflow_are_flagged(take: Callable[..., Routes]) -> None:
    p = take(block="mlp", norm="none", order="open", activation="linear", layers_per_block=1, batch=2, seeds=1)
    flooded = routes(p.replace(gain=1000, depth=200, width=4, cotangent="random"))
    assert flooded.status[0] in (Status.OVERFLOW, Status.NAN) and np.isnan(flooded.signed_share).all()
    dead = routes(p.replace(order="post", activation="relu", depth=40, width=1, seeds=6, branch_scale=-3.0))
    assert Status.ZERO in dead.status
    assert (np.isnan(dead.signed_share).all(1) == (dead.status != Status.OK)).all()


def test_too_many_routes_are_refused_before_any_work() -> None:
    with pytest.raises(params.ParamsError, match="GiB"):
        params.load(sets=["depth=10", "width=64", "batch=1024"], section="routes", environ={})
