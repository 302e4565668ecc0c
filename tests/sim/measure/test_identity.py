"""Learning H(x) = x: what is measured, and that the record says it whole."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from sim import params
from sim.experiments.identity import Identity, IdentityRecord
from sim.measure.identity import identity
from sim.nets import data
from sim.records.codec import digest, from_arrays, from_json, to_arrays, to_json
from sim.records.record import PLAIN, RESIDUAL

Make = Callable[..., Identity]


@pytest.fixture(scope="module")
def make() -> Make:
    defaults = params.load(environ={}).identity
    tiny = {
        "longer": 1,
        "wider": 1,
        "batch": 8,
        "steps": 3,
        "width": 3,
        "seeds": 2,
        "learning_rates": [0.01, 0.1],
        "snapshots": [0, 2],
    }
    return lambda **changes: defaults.replace(**{**tiny, **changes})


@pytest.fixture(scope="module")
def note() -> IdentityRecord:
    """The note's own block at one learning rate."""
    return identity(
        params.load(environ={}).identity.replace(
            learning_rates=[0.03], steps=100, longer=1, wider=1, snapshots=[0, 20, 100]
        )
    )


def test_measured_figures_are_found_again(note: IdentityRecord) -> None:
    plain, residual = note.steps_to(0.01)
    assert 60 <= plain <= 130 and 12 <= residual <= 22
    error = np.median(note.relative_error, axis=1)
    assert 5e-3 < error[PLAIN, 50] < 5e-2
    assert error[RESIDUAL, 50] == 0 and (np.median(note.branch_ratio, axis=1)[RESIDUAL, 0, 50:] == 0).all()
    assert (np.abs(note.branch_ratio[PLAIN, :, 0, 100] - 1) < 0.1).all()


def test_images_are_what_the_curves_speak_of(note: IdentityRecord) -> None:
    last = note.output_image[:, :, -1, 0]
    plain, residual = ((last[skip] - note.input_image) ** 2 for skip in (PLAIN, RESIDUAL))
    closed = note.relative_error[RESIDUAL, :, -1] == 0
    assert (residual[closed] == 0).all() and plain.max() > 0
    np.testing.assert_array_equal(note.branch_image[PLAIN], note.output_image[PLAIN])
    float32 = np.float32(note.branch_image[RESIDUAL]) + np.float32(note.input_image)
    np.testing.assert_allclose(note.output_image[RESIDUAL], float32, atol=1e-6)
    assert note.input_image.min() >= 0 and note.input_image.max() <= 1


def test_post_order_need_not_switch_its_branch_off() -> None:
    p = params.load(environ={}).identity.replace(learning_rates=[0.03], order="post", seeds=3, longer=1, wider=1)
    ratio = identity(p).branch_ratio[RESIDUAL, :, 0, -1]
    assert np.median(ratio) > 0.5


def anew(p: Identity, skip: int, seed: int) -> list[float]:
    """The errors of a network of plain torch.nn, step by step."""
    conv, errors = p.block == "conv", []
    pixels = torch.from_numpy(data.digits()[0])
    draw = data.stream(seed, "minibatches")
    layers: list[list[nn.Module]] = []
    for index in range(p.depth):
        made: list[nn.Module] = []
        for layer, (inputs, outputs) in enumerate([(1 if conv else 64, p.width), (p.width, 1 if conv else 64)]):
            module = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False) if conv else nn.Linear(inputs, outputs, False)
            fan = inputs * (9 if conv else 1)
            start = data.stream(seed, "weights", index, layer).standard_normal(module.weight.shape)
            module.weight.data = torch.from_numpy(start * p.gain_value / fan**0.5)
            made += [module, (nn.BatchNorm2d if conv else nn.BatchNorm1d)(outputs).double(), nn.ReLU()]
        layers.append(made)
    adam = torch.optim.Adam([v for made in layers for m in made for v in m.parameters()], lr=0.02)
    for _ in range(p.steps + 1):
        x = pixels[draw.permutation(len(pixels))[: p.batch]]
        x = h = x.view(-1, 1, 8, 8) if conv else x
        for made in layers:
            h = nn.Sequential(*made)(h) + (h if skip else 0)
        errors.append(((h - x).square().sum() / x.square().sum()).item())
        adam.zero_grad()
        functional.mse_loss(h, x).backward()
        adam.step()
    return errors


@pytest.mark.parametrize("block", ["conv", "mlp"])
@pytest.mark.parametrize("skip", [PLAIN, RESIDUAL])
def test_networks_written_anew_learn_the_same(make: Make, block: str, skip: int) -> None:
    """Those that train longer and those that are wider, too."""
    p = make(block=block, learning_rates=[0.02], seeds=2, depth=2, dtype="float64", steps=4, longer=3, wider=2)
    record = identity(p)
    for row, seed in enumerate(range(p.seed, p.seed + p.seeds)):
        np.testing.assert_allclose(record.relative_error[skip, row], anew(p, skip, seed), rtol=1e-8)
        assert record.relative_error[skip, row].min() > 0.01  # else nothing is tried again
        for found, again in ((record.longer_error, {"steps": 12}), (record.wider_error, {"width": 2 * p.width})):
            assert found[skip, row] == pytest.approx(min(anew(p.replace(**again), skip, seed)), rel=1e-7)


def test_slow_is_told_from_unable(make: Make) -> None:
    """A bottleneck of 2 units cannot hold 64 pixels, however long; more steps are all that a small rate needs."""
    narrow = {"block": "mlp", "norm": "none", "gain": "he", "learning_rates": [0.01], "width": 2}
    unable = identity(make(**narrow, steps=20, longer=10))
    assert np.median(unable.longer_error[PLAIN]) > 0.1
    slow = identity(make(width=16, batch=64, steps=40, learning_rates=[0.03], seeds=1, longer=3))
    assert np.median(slow.relative_error[PLAIN].min(axis=-1)) > 0.01 >= np.median(slow.longer_error[PLAIN])
    # who copies is not asked again
    np.testing.assert_array_equal(slow.longer_error[RESIDUAL], slow.relative_error[RESIDUAL].min(axis=-1))


def test_the_same_seed_gives_the_same_bytes_and_round_trips(make: Make) -> None:
    record = identity(make())
    assert digest(identity(make())) == digest(record)
    assert digest(identity(make(seed=1))) != digest(record)
    for again in (from_arrays(IdentityRecord, to_arrays(record)), from_json(IdentityRecord, to_json(record))):
        assert digest(again) == digest(record)


def test_the_best_rate_is_the_one_with_the_lowest_median(make: Make) -> None:
    record = identity(make(steps=8, seeds=3, learning_rates=[1e-6, 0.03]))
    assert record.best_lr.tolist() == [0.03, 0.03]
    np.testing.assert_array_equal(record.lr_final_error[:, 1], record.relative_error[:, :, -1])


def test_a_rate_that_diverges_is_recorded_as_diverged(make: Make) -> None:
    record = identity(make(norm="none", order="open", learning_rates=[1e-3, 1e8], steps=6))
    assert (record.lr_diverged_at[:, 1] > 0).all() and np.isnan(record.lr_final_error[:, 1]).all()
    assert record.best_lr.tolist() == [1e-3, 1e-3] and (record.diverged_at == -1).all()
    lost = identity(make(norm="none", order="open", learning_rates=[1e8], steps=6))
    assert (lost.diverged_at > 0).all()
    assert np.isfinite(lost.relative_error[0, 0, : lost.diverged_at[0, 0]]).all()
    assert np.isnan(lost.relative_error[0, 0, lost.diverged_at[0, 0] :]).all()


KEYS = st.fixed_dictionaries(
    {
        "block": st.sampled_from(["conv", "mlp"]),
        "order": st.sampled_from(["literal", "open", "post", "pre"]),
        "norm": st.sampled_from(["batch", "none"]),
        "width": st.integers(1, 4),
        "depth": st.integers(1, 3),
        "batch": st.integers(2, 5),
        "steps": st.integers(2, 4),
        "digits": st.lists(st.integers(0, 9), min_size=1, max_size=10, unique=True),
        "learning_rates": st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=3, unique=True).map(sorted),
        "seeds": st.integers(1, 2),
    }
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=KEYS)
def test_any_valid_parameters_give_a_record_of_the_documented_shape(make: Make, keys: dict) -> None:
    p = make(**keys)
    record = identity(p)  # shapes and flags are checked as it is made
    assert record.relative_error.shape == (2, p.seeds, p.steps + 1)
    assert record.branch_ratio.shape == record.dead_share.shape == (2, p.seeds, p.depth, p.steps + 1)
    assert record.branch_image.shape == (2, p.seeds, 2, p.depth, len(p.digits), 8, 8)
    np.testing.assert_array_equal(record.digit_labels, p.digits)


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"snapshots": [0, 0]}, "must rise"),
        ({"snapshots": [0, 9]}, "up to steps = 3"),
        ({"learning_rates": [0.1, 0.01]}, "greater than the last"),
        ({"digits": [3, 3]}, "each digit once"),
        ({"width": 1024, "seeds": 100, "depth": 64}, "GiB"),
    ],
)
def test_what_does_not_fit_together_is_refused(make: Make, changes: dict, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        make(**changes)
