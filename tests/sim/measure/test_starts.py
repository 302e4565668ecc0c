"""The map of where networks can be started, and training from its points."""

from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from test_gradients import independent
from torch import nn
from torch.nn import functional

from sim import params
from sim.experiments.starts import KINDS, Kind, Starts, StartsRecord
from sim.learning.classifier import Examples, fit
from sim.measure.profile import profile
from sim.measure.starts import starts
from sim.nets import data
from sim.records.codec import digest, from_json, to_json
from sim.registry import EXPERIMENTS
from sim.show import show
from sim.work.threads import Stop

DEFAULTS = params.load(environ={}).starts
SMALL = {"width": 8, "batch": 6, "seeds": 2}
QUICK = {"batch": 8, "steps": 3, "eval_every": 2, "eval_examples": 16, "seeds": 2, "learning_rates": (0.01, 0.1)}


def small(network: dict[str, Any] | None = None, training: dict[str, Any] | None = None, **changes: Any) -> Starts:
    shared = {"depths": (1, 3, 6), "gains": (0.5, "he"), "points": ((3, 0.5), (2, "he")), **changes}
    return DEFAULTS.replace(
        network=DEFAULTS.network.replace(**{**SMALL, **(network or {})}).model_dump(),
        training=DEFAULTS.training.replace(**{**QUICK, **(training or {})}).model_dump(),
        **shared,
    )


@pytest.fixture(scope="module")
def record() -> StartsRecord:
    return starts(small())


@pytest.mark.parametrize("network", [{}, {"block": "conv", "width": 3, "order": "post", "layers_per_block": 2}])
def test_every_place_of_the_map_is_a_network_of_that_depth_and_scale(network: dict[str, Any]) -> None:
    """One pass forward for all depths gives what networks of their own, written anew in torch.nn, give."""
    p = small(network, points=())
    signal = starts(p).signal
    for k, kind in enumerate(KINDS):
        for row, gain in enumerate(p.gains):
            for column, depth in enumerate(p.depths):
                scale = "1/sqrt(depth)" if kind.scaled else 1.0
                net = p.network.replace(depth=depth, gain=gain, norm=kind.norm, branch_scale=scale)
                for seed in range(2):
                    told = independent(net, seed, kind.skip)["gradient_signal"]
                    assert signal[k, row, column, seed] == pytest.approx(np.log10(told[0] / told[-1]), abs=1e-9)


def test_a_signal_too_faint_is_minus_infinity() -> None:
    p = small({"dtype": "float32"}, depths=(2, 300), gains=(0.05,), points=())
    record = starts(p)
    assert np.isneginf(record.signal[0, 0, 1]).all() and np.isfinite(record.signal[0, 0, 0]).all()
    assert np.isneginf(record.median_signal()[0, 0, 1])


def test_who_learns_is_trained_from_that_very_place(record: StartsRecord) -> None:
    p = small()
    assert record.point_depths.tolist() == [3, 2] and record.train_error.shape == (5, 2, 2, 3)
    for k, kind in enumerate(KINDS):
        runner = p.runner(kind, 3, 0.5)
        found = fit(runner, Examples(runner), 3, kind.skip, Stop())
        np.testing.assert_array_equal(record.train_error[k, 0], found.run.error)
        assert record.best_lr[k, 0] == found.rate


@pytest.mark.parametrize("kind", KINDS[1:3], ids=lambda kind: kind.name)
def test_what_is_trained_starts_with_the_map_s_weights_and_branch_scale(kind: Kind) -> None:
    p = small({"layers_per_block": 2}, {"dtype": "float64", "learning_rates": (0.05,), "steps": 2})
    runner = p.runner(kind, 4, "he")
    run = fit(runner, Examples(runner), runner.layers, True, Stop()).run
    net = p.network.replace(depth=4, gain="he")
    beta = 0.5 if kind.scaled else 1.0
    for row, seed in enumerate((0, 1)):
        batch = data.draw_batch(runner.network(), seed)
        states, labels = torch.from_numpy(batch.hidden), torch.from_numpy(batch.labels)
        layers = [
            [nn.Parameter(torch.from_numpy(w[0])) for w in data.draw_weights(net, [seed], block)[0]]
            for block in range(4)
        ]
        reader = nn.Parameter(torch.from_numpy(data.draw_readout(net, seed)))
        sgd = torch.optim.SGD([*(w for block in layers for w in block), reader], lr=0.05, momentum=runner.momentum)
        order = data.stream(seed, "minibatches", 0).permutation(len(states))
        for step in range(3):
            now = order[step * 8 : (step + 1) * 8]
            h = states[now]
            for first, second in layers:
                h = h + beta * torch.tanh(torch.tanh(h @ first.T) @ second.T)
            loss = functional.cross_entropy(h @ reader.T, labels[now])
            assert run.loss[row, step] == pytest.approx(loss.item(), rel=1e-8)
            sgd.zero_grad()
            loss.backward()
            sgd.step()


def test_the_record_round_trips_and_has_a_table(record: StartsRecord, capsys: pytest.CaptureFixture[str]) -> None:
    assert digest(from_json(StartsRecord, to_json(record))) == digest(record)
    assert EXPERIMENTS["starts"].record is StartsRecord
    show(record)
    out = capsys.readouterr().out
    assert "plain_norm" in out and "Training error after 3 steps" in out


def test_the_ridge_is_thin_without_shortcuts_and_wide_with_them() -> None:
    """Of ten scales from 1/4 to 4 at 56 blocks, those at which the gradient arrives within a factor of 1000."""
    gains = [round(float(g), 3) for g in np.geomspace(0.25, 4, 10)]
    p = DEFAULTS.replace(depths=(56,), gains=gains, points=(), network=DEFAULTS.network.replace(seeds=1).model_dump())
    arrives = (np.abs(starts(p).median_signal()[:, :, 0]) < 3).sum(1)
    plain, residual, scaled, plain_norm, residual_norm = arrives
    assert plain <= 4 < residual <= scaled == plain_norm == residual_norm == 10


def test_the_map_is_that_of_profiles() -> None:
    p = small(points=(), gains=(0.8,), depths=(5,))
    one = profile(p.network.replace(depth=5, gain=0.8))
    np.testing.assert_allclose(starts(p).signal[:2, 0, 0], np.log10(one.relative_signal()[:, :, 0]), rtol=1e-10)


@pytest.mark.parametrize(
    "setting, told",
    [
        ("depths=[8, 8]", "deeper than the last"),
        ("points=[[8]]", "starts.points[0]"),
        ("points=[[0, 1.0]]", "a depth and a gain"),
        ('points=[[8, "she"]]', "a depth and a gain"),
        ("network.bias_std=0.1", "without biases"),
        ("network.skip_scale=0.9", "copy"),
        ("network.input=gaussian", "input = digits"),
        ("training.search_seeds=9", "at most as many"),
    ],
)
def test_what_cannot_be_started_is_refused_by_name(setting: str, told: str) -> None:
    with pytest.raises(params.ParamsError) as caught:
        params.load(sets=[f"starts.{setting}"], environ={})
    assert "starts" in str(caught.value) and told in str(caught.value)


def test_other_tables_biases_are_none_of_its_business() -> None:
    params.load(sets=["network.bias_std=0.2", "network.input=gaussian", "activations.input=digits"], environ={})


def test_a_memory_that_no_machine_has_is_refused() -> None:
    with pytest.raises(ValidationError, match="GiB"):
        small({"width": 1024, "batch": 1797}, depths=(512,))
