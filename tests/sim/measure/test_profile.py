"""Records of `profile`: determinism, sharing, statuses, shapes."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from test_params import PROFILES

from sim import params
from sim.measure.profile import profile
from sim.measure.routes import routes
from sim.nets import data
from sim.nets.blocks import Block
from sim.probes.signal import frobenius_norm, scaled_norm, trace
from sim.records.codec import digest, to_arrays
from sim.records.record import PLAIN, RESIDUAL, Status
from sim.sections import memory
from sim.sections.network import Network

Make = Callable[..., Network]


def same_bytes(a: object, b: object) -> bool:
    return {k: v.tobytes() for k, v in to_arrays(a).items()} == {k: v.tobytes() for k, v in to_arrays(b).items()}


@pytest.mark.parametrize("changes", [{}, {"block": "conv", "norm": "batch", "width": 4, "dtype": "float32"}])
def test_same_seed_same_bytes(make: Make, changes: dict) -> None:
    p = make(depth=5, batch=16, seeds=3, **changes)
    first, again = profile(p), profile(p)
    assert same_bytes(first, again)
    assert digest(first) == digest(again)
    assert not np.array_equal(first.gradient_signal, profile(p.replace(seed=7)).gradient_signal)


def test_a_seed_names_its_network_whatever_stands_beside_it(make: Make) -> None:
    p = make(depth=6, batch=8, seeds=4, width=20, bias_std=0.1)
    together, alone = profile(p), profile(p.replace(seeds=1, seed=p.seed + 2))
    np.testing.assert_allclose(together.gradient_signal[:, 2], alone.gradient_signal[:, 0], rtol=1e-12)


def test_groups_of_seeds_change_nothing(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    p = make(depth=6, batch=8, seeds=5, width=20)
    whole = profile(p)
    monkeypatch.setattr(memory, "SHARE", 2 * memory.bytes_per_seed(p))
    assert memory.seeds_per_group(p) == 2
    np.testing.assert_allclose(profile(p).gradient_signal, whole.gradient_signal, rtol=1e-12)


def test_a_shallow_net_is_the_beginning_of_a_deep_one(make: Make) -> None:
    deep, shallow = (profile(make(depth=depth, seeds=2)).activation_rms for depth in (9, 4))
    np.testing.assert_array_equal(deep[:, :, :5], shallow)


def test_plain_and_residual_share_weights(make: Make) -> None:
    # With one block and β tiny both see the same h_0 and the same F; F of the plain net is its h_1.
    record = profile(make(depth=1, seeds=2, branch_scale=1e-12))
    activation = record.activation_rms
    np.testing.assert_array_equal(activation[PLAIN, :, 0], activation[RESIDUAL, :, 0])
    np.testing.assert_allclose(record.branch_ratio[:, 0], activation[PLAIN, :, 1] / activation[PLAIN, :, 0], rtol=1e-12)


def test_digits_are_scikit_learn_s() -> None:
    images, labels = data.digits()
    from sklearn.datasets import load_digits

    whole = load_digits()
    np.testing.assert_array_equal(images, whole.data / 16)
    np.testing.assert_array_equal(labels, whole.target)


@pytest.mark.parametrize("block", ["mlp", "conv"])
def test_signal_of_a_single_example_does_not_depend_on_its_batch(make: Make, block: str) -> None:
    one = make(block=block, width=8, depth=4, batch=1, seeds=1)
    first = data.draw_batch(one, 0).hidden
    np.testing.assert_allclose(data.draw_batch(one.replace(batch=9), 0).hidden[:1], first, rtol=1e-12)
    squares = [profile(one.replace(batch=b)).gradient_signal ** 2 * b for b in (1, 2)]
    assert (squares[1] > squares[0]).all()  # the loss is a sum: a second example only adds


def test_linear_network_signal_is_independent_of_the_number_of_examples(make: Make) -> None:
    p = make(activation="linear", width=8, depth=3, cotangent="random", batch=400, seeds=2)
    np.testing.assert_allclose(profile(p).gradient_signal[..., -1], 1, rtol=1e-12)


def test_float32_underflow_is_not_called_zero(make: Make) -> None:
    record = profile(make(activation="sigmoid", depth=110, dtype="float32", seeds=2, batch=16))
    plain = record.signal_status[PLAIN]
    assert (record.gradient_signal[PLAIN, :, 0] == 0).all()
    assert (plain[:, 0] == Status.UNDERFLOW).all() and (plain[:, -1] == Status.OK).all()
    assert Status.ZERO not in plain
    assert (record.signal_status[RESIDUAL] == Status.OK).all()
    assert (record.finite_until == 0).all()
    assert (record.mean_log10_relative()[PLAIN, 0]) == -np.inf


def test_float64_underflow_is_not_called_zero(make: Make) -> None:
    record = profile(make(activation="sigmoid", gain=1e-3, depth=130, seeds=1, batch=4, cotangent="random"))
    assert record.signal_status[PLAIN, 0, 0] == Status.UNDERFLOW


def test_what_rounding_leaves_is_not_called_zero(make: Make) -> None:
    """Batch norm hands back next to nothing of so small weights: in float64 a zero, in float32 what rounding makes, on
    one processor or another."""
    small = make(block="conv", order="open", norm="batch", depth=5, width=4, seeds=1, batch=2, bias="normal")
    small = small.replace(layers_per_block=2, branch_scale=0.1, dtype="float32", input="digits")
    records = [profile(small.replace(gain=gain)) for gain in (3e-7, 1e-6, 3e-6)]
    left = [record for record in records if 0 < record.gradient_signal[PLAIN, 0, 0] < 1e-38]
    assert left and all(record.signal_status[PLAIN, 0, 0] == Status.UNDERFLOW for record in left)


def test_dead_units_are_called_zero(make: Make) -> None:
    record = profile(make(activation="relu", width=1, depth=12, seeds=6, batch=4, gain="he"))
    dead = record.gradient_signal[PLAIN, :, 0] == 0
    assert dead.any()
    assert (record.signal_status[PLAIN, dead, 0] == Status.ZERO).all()


def test_overflow_and_nan_are_flagged(make: Make) -> None:
    linear = make(activation="linear", gain=1000, depth=40, dtype="float32", seeds=2, batch=4, cotangent="random")
    record = profile(linear)
    assert (record.signal_status[PLAIN, :, -1] == Status.OK).all()
    assert Status.OVERFLOW in record.signal_status[PLAIN]
    assert (record.finite_until == linear.depth + 1).all()  # forward, h_L has overflowed as well
    lost = profile(linear.replace(cotangent="loss"))
    assert (lost.signal_status == Status.NAN).all()


def test_one_network_s_overflow_does_not_touch_the_other(make: Make) -> None:
    p = make(activation="relu", order="open", gain=2.0, depth=300, dtype="float32", seeds=2, batch=4)
    record = profile(p.replace(branch_scale="1/sqrt(depth)", gain=3.0))
    assert (record.finite_until[PLAIN] > 0).all() and (record.finite_until[RESIDUAL] == 0).all()


def test_norms_neither_underflow_nor_overflow() -> None:
    x = torch.tensor([3e-200, 4e-200], dtype=torch.float64).view(1, 1, 1, 2)
    assert scaled_norm(x).item() == pytest.approx(5e-200, rel=1e-12)
    assert scaled_norm(x * 1e200 * 1e200).item() == pytest.approx(5e200, rel=1e-12)
    mixed = torch.tensor([[3.0, 4.0], [5e-300, 0.0], [torch.inf, 1.0], [0.0, 0.0]], dtype=torch.float64)
    found = scaled_norm(mixed[:, None, None])[:, 0].numpy()
    np.testing.assert_allclose(found, [5, 5e-300, np.inf, 0], rtol=1e-12)
    np.testing.assert_allclose(frobenius_norm(mixed[:1, None, None]), scaled_norm(mixed[:1, None, None]), rtol=1e-12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=PROFILES)
def test_any_valid_profile_gives_a_finite_or_flagged_record(keys: dict) -> None:
    p = Network.model_validate(keys)
    record = profile(p)  # its invariants are checked as it is made
    assert record.gradient_signal.shape == record.activation_rms.shape == (2, p.seeds, p.depth + 1)
    assert record.branch_ratio.shape == (p.seeds, p.depth)
    assert ((record.signal_status == Status.OK) | (record.signal_status == Status.UNDERFLOW))[
        np.isfinite(record.gradient_signal) & (record.gradient_signal > 0)
    ].all()
    assert record.mean_log10_relative().shape == (2, p.depth + 1)


def test_no_thread_of_the_tape_is_left(make: Make) -> None:
    assert torch.is_grad_enabled()
    record = profile(make(depth=2, seeds=1))
    assert not record.gradient_signal.flags.writeable and not record.seeds.flags.writeable


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear", "gelu"])
@pytest.mark.parametrize("block, norm", [("mlp", "none"), ("mlp", "batch"), ("conv", "none")])
def test_float32_is_float64_to_its_own_precision(make: Make, activation: str, block: str, norm: str) -> None:
    p = make(block=block, norm=norm, activation=activation, order="post", layers_per_block=2, depth=3, width=4, batch=8)
    rough = profile(p.replace(dtype="float32")).gradient_signal
    np.testing.assert_allclose(rough, profile(p).gradient_signal, rtol=2e-3)


def test_the_number_of_threads_changes_no_byte(make: Make) -> None:
    p = make(depth=6, batch=8, seeds=4, width=20)
    alone = profile(p)
    try:
        torch.set_num_threads(2)
        together = profile(p)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(1)
    assert same_bytes(alone, together)


def test_a_second_profile_in_the_same_memory_is_no_other(make: Make) -> None:
    # Buffers are handed from group to group, the last of which is smaller.
    p = make(depth=4, batch=8, seeds=5, width=12, norm="batch", activation="gelu", order="post")
    together = profile(p).gradient_signal
    for row in range(5):
        alone = profile(p.replace(seeds=1, seed=p.seed + row)).gradient_signal
        np.testing.assert_allclose(together[:, row], alone[:, 0], rtol=1e-12)


def linear_stack(c: float, depth: int, order: str = "open") -> list[Block]:
    """Blocks whose branch is x → cx."""
    eye = torch.eye(4, dtype=torch.float64).repeat(2, 1, 1)  # two seeds
    return [Block([c * eye], activation="linear", order=order) for _ in range(depth)]


@pytest.mark.parametrize("c", [0.0, 0.25, 1.0, -0.5, -2.0])
@pytest.mark.parametrize("scale", [1e-250, 1.0, 1e200])
def test_the_shortcut_of_a_linear_block_hands_back_1_of_1_plus_c(c: float, scale: float) -> None:
    start = torch.ones(2, 2, 3, 4, dtype=torch.float64)
    *_, share = trace(linear_stack(c, 5), start, lambda h: scale * torch.ones_like(h))
    np.testing.assert_allclose(share, 1 / (1 + c), rtol=1e-12)


def test_of_no_gradient_there_is_no_share() -> None:
    start = torch.ones(2, 2, 3, 4, dtype=torch.float64)
    *_, share = trace(linear_stack(-1.0, 2), start, torch.ones_like)
    assert np.isnan(share).all()


@pytest.mark.parametrize("order", ["literal", "open", "pre", "post"])
def test_the_share_is_that_of_the_routes_through_one_block(order: str) -> None:
    """In a network of one block the shortcut is the route without a branch."""
    p = params.load(environ={}).routes.replace(order=order, depth=1, width=4, batch=8, seeds=2)
    network = Network.model_validate({name: getattr(p, name) for name in Network.model_fields})
    np.testing.assert_allclose(profile(network).skip_share[:, 0], routes(p).signed_share[:, 0], rtol=1e-9)
