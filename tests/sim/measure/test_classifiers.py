"""Degradation, lesion and training: networks that learn to read digits."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from sim import params
from sim.experiments.degradation import Degradation, DegradationRecord
from sim.experiments.lesion import Lesion, LesionRecord
from sim.experiments.training import Training, TrainingRecord
from sim.learning.classifier import Examples, Learners, fit
from sim.learning.deepening import deepen
from sim.measure.degradation import degradation
from sim.measure.lesion import lesion
from sim.measure.training import training
from sim.nets import data
from sim.records.codec import digest, from_arrays, from_json, to_arrays, to_json
from sim.records.record import PLAIN, RESIDUAL, RecordError
from sim.work.threads import Stop, StoppedError, together

Make = Callable[..., Any]
DEFAULTS = params.load(environ={})
TINY = {"batch": 8, "steps": 3, "width": 4, "seeds": 2, "eval_every": 2, "eval_examples": 16}
RATES = {"learning_rates": [0.01, 0.1]}


def small(**changes: Any) -> Degradation:
    return DEFAULTS.degradation.replace(**{**TINY, **RATES, "depths": [2, 6], "longer": 1, **changes})


@pytest.mark.parametrize("block", ["conv", "mlp"])
@pytest.mark.parametrize("skip", [PLAIN, RESIDUAL])
def test_networks_written_anew_learn_the_same(block: str, skip: int) -> None:
    """The plain ones that train on, too, from where they were and with a momentum begun anew."""
    p = small(block=block, learning_rates=[0.05], depths=[4], dtype="float64", steps=5, eval_every=5, width=5)
    p = p.replace(longer=2, search_seeds=2)
    record = degradation(p)
    conv, drawn = block == "conv", p.network()
    for row, seed in enumerate(range(p.seed, p.seed + p.seeds)):
        images = data.draw_batch(drawn, seed)
        states, labels = torch.from_numpy(images.hidden), torch.from_numpy(images.labels)
        layers: list[list[nn.Module]] = []
        for index in range(2):
            made = [nn.Conv2d(5, 5, 3, padding=1, bias=False) if conv else nn.Linear(5, 5, False) for _ in range(2)]
            for module, weight in zip(made, data.draw_weights(drawn, [seed], index)[0], strict=True):
                module.weight.data = torch.from_numpy(weight[0])
            layers.append([m.double() for w in made for m in (w, (nn.BatchNorm2d if conv else nn.BatchNorm1d)(5))])
        readout = torch.from_numpy(data.draw_readout(drawn, seed)).requires_grad_()
        learnt = [v for made in layers for m in made for v in m.parameters()]
        pooled = readout.detach().reshape(10, 5, -1).sum(-1).requires_grad_()
        sgd = torch.optim.SGD([*learnt, pooled], lr=0.05, momentum=0.9)

        def logits(h: Tensor, layers: Any = layers, pooled: Any = pooled) -> Tensor:
            for w1, n1, w2, n2 in layers:
                f = n2(w2(functional.relu(n1(w1(h)))))
                h = functional.relu(h + f if skip else f)
            return (h.mean((2, 3)) if conv else h) @ pooled.T

        order = data.stream(seed, "minibatches", 0).permutation(len(states))
        for step in range(2 * p.steps + 1):
            now = order[step * p.batch : (step + 1) * p.batch]
            out = logits(states[now])
            loss = functional.cross_entropy(out, labels[now])
            missed = 100 * (out.argmax(1) != labels[now]).double().mean().item()
            if step <= p.steps:
                assert record.loss[skip, 0, row, step] == pytest.approx(loss.item(), rel=1e-8)
                assert record.batch_error[skip, 0, row, step] == pytest.approx(missed)
            if step in (p.steps, 2 * p.steps):
                halves = [logits(states[k : k + 8]).argmax(1) != labels[k : k + 8] for k in (0, 8)]
                error = 100 * torch.cat(halves).double().mean().item()
                found = record.train_error[skip, 0, row, -1] if step == p.steps else record.longer_error[row]
                assert (skip == RESIDUAL and step > p.steps) or found == pytest.approx(error)
                sgd = torch.optim.SGD([*learnt, pooled], lr=0.05, momentum=0.9)
            sgd.zero_grad()
            loss.backward()
            sgd.step()


@pytest.mark.parametrize("block", ["conv", "mlp"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_deepened_network_is_the_same_to_the_last_bit(block: str, dtype: str) -> None:
    record = degradation(small(block=block, dtype=dtype, depths=[2, 8, 40]))
    assert record.deepened_exact.all()
    np.testing.assert_array_equal(record.deepened_error, record.final_error()[:, :1].repeat(3, axis=1))


def test_what_cannot_do_nothing_is_not_called_exact() -> None:
    record = degradation(small(activation="tanh"))
    assert record.deepened_exact[:, 0].all() and not record.deepened_exact[:, 1].any()


def test_a_deepened_network_has_the_blocks_it_should() -> None:
    p = small()
    net = deepen(Learners(p, [0, 1], 2, False), 3, False)
    assert len(net.stack.blocks) == 3
    assert [tuple(v.shape) for v in net.stack.blocks[2].parameters()] == [(8, 4, 3, 3)] * 2


def test_depth_hurts_the_plain_networks_alone() -> None:
    """The fast preset's story, in small: a ReLU MLP."""
    p = DEFAULTS.degradation.replace(
        block="mlp",
        width=32,
        depths=[8, 40],
        seeds=1,
        search_seeds=1,
        eval_every=80,
        learning_rates=[0.0125],
        steps=80,
        longer=1,
    )
    error = np.median(degradation(p).final_error(), axis=2)
    assert error[PLAIN, 1] > error[PLAIN, 0] + 30
    assert error[RESIDUAL, 1] < error[PLAIN, 1] - 40


def test_the_same_seed_gives_the_same_bytes_and_round_trips() -> None:
    p = small()
    record = degradation(p)
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    assert digest(degradation(p)) == digest(record)
    assert torch.get_num_threads() == 2
    torch.set_num_threads(threads)
    assert digest(degradation(small(seed=1))) != digest(record)
    for again in (from_arrays(DegradationRecord, to_arrays(record)), from_json(DegradationRecord, to_json(record))):
        assert digest(again) == digest(record)


def test_a_diverging_rate_is_flagged_and_leaves_the_others_alone() -> None:
    sane = degradation(small(norm="none", learning_rates=[0.01], steps=6))
    both = degradation(small(norm="none", learning_rates=[0.01, 1e8], steps=6))
    assert (both.lr_diverged_at[:, :, 1] > 0).all() and np.isnan(both.lr_final_error[:, :, 1]).all()
    assert (both.best_lr == 0.01).all() and (both.diverged_at == -1).all()
    np.testing.assert_allclose(both.loss, sane.loss, rtol=1e-4)
    lost = degradation(small(norm="none", learning_rates=[1e8], steps=6))
    gone = lost.diverged_at > 0  # a network may also die at its first step, and stay at a finite loss
    assert gone.mean() > 0.5 and (np.isnan(lost.train_error[..., -1]) == gone).all()
    assert np.isfinite(lost.loss[..., 0]).all()


def test_running_error_is_a_mean_over_the_last_minibatches() -> None:
    record = degradation(small(steps=6))
    np.testing.assert_allclose(record.running_error(3)[..., 5], record.batch_error[..., 3:6].mean(axis=-1))
    np.testing.assert_array_equal(record.running_error(3)[..., 0], record.batch_error[..., 0])


def tiny_lesion(**changes: Any) -> Lesion:
    keys = {**TINY, **RATES, "search_seeds": 1, "plain_layers": 2, "residual_layers": 6, **changes}
    return DEFAULTS.lesion.replace(**keys)


def test_a_lesion_is_the_network_without_that_block() -> None:
    p = tiny_lesion(learning_rates=[0.1])
    record = lesion(p)
    assert record.lesion_error.shape == (2, 2, 3) and record.blocks.tolist() == [1, 3]
    assert np.isnan(record.lesion_error[PLAIN, :, 1:]).all()
    examples = Examples(p)
    net = Learners(p, examples.seeds, 6, True).load(fit(p, examples, 6, True, Stop()).run.kept[-1])
    np.testing.assert_array_equal(record.baseline_error[RESIDUAL], examples.error(net, [0, 1]))
    del net.stack.blocks[1]
    np.testing.assert_array_equal(record.lesion_error[RESIDUAL, :, 1], examples.error(net, [0, 1]))
    assert digest(from_json(LesionRecord, to_json(record))) == digest(record)


def test_a_trained_plain_network_does_not_survive_a_lesion_and_a_residual_one_does() -> None:
    """Of matrices, which learn in a quarter of the time."""
    mlp = {"block": "mlp", "width": 32, "eval_examples": 256}
    p = DEFAULTS.lesion.replace(**mlp, seeds=1, search_seeds=1, residual_layers=12, steps=150, eval_every=150)
    record = lesion(p)
    assert record.lesion_error[PLAIN, :, :4].min() > 50 > 10 > record.baseline_error.max()
    assert np.median(record.damage()[RESIDUAL, :, 3:6]) < 15


def tiny_training(**changes: Any) -> Training:
    return DEFAULTS.training.replace(**{**TINY, "search_seeds": 1, "layers": 6, "snapshots": [0, 1, 3], **changes})


def test_signals_while_training_are_those_of_a_profile_at_the_start() -> None:
    p = tiny_training(dtype="float64")
    record = training(p)
    assert record.gradient_signal.shape == (2, 2, 3, 4)
    assert digest(from_json(TrainingRecord, to_json(record))) == digest(record)
    examples = Examples(p)
    for skip in (PLAIN, RESIDUAL):
        net = Learners(p, examples.seeds, 6, bool(skip))
        states, labels = examples.minibatch([0, 1], 0)
        logits = net(states.requires_grad_())[1]
        loss = functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="sum")
        norms = torch.autograd.grad(loss, states)[0].unflatten(1, (2, -1))
        rms = norms.square().sum((2, 3, 4)).mean(0).sqrt()
        np.testing.assert_allclose(record.gradient_signal[skip, :, 0, 0], rms, rtol=1e-10)


def test_divergence_leaves_no_signal_behind() -> None:
    record = training(tiny_training(norm="none", learning_rates=[1e8]))
    assert (record.diverged_at > 0).all() and np.isnan(record.gradient_signal[:, :, -1]).all()
    assert np.isfinite(record.gradient_signal[:, :, 0]).all()


KEYS = {
    "block": st.sampled_from(["conv", "mlp"]),
    "order": st.sampled_from(["literal", "open", "post", "pre"]),
    "norm": st.sampled_from(["batch", "none"]),
    "activation": st.sampled_from(["tanh", "relu", "sigmoid", "linear", "gelu"]),
    "layers_per_block": st.integers(1, 2),
    "width": st.integers(1, 4),
    "batch": st.integers(2, 8),
    "steps": st.integers(1, 3),
    "learning_rates": st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=3, unique=True).map(sorted),
    "seeds": st.integers(1, 2),
    "eval_every": st.integers(1, 4),
}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=st.fixed_dictionaries(KEYS), depths=st.sets(st.sampled_from([2, 4, 6]), min_size=1, max_size=2))
def test_any_valid_parameters_give_a_record_of_the_documented_shape(keys: dict, depths: set[int]) -> None:
    p = small(**keys, depths=sorted(depths))
    record = degradation(p)  # shapes and flags are checked as it is made
    shape = (2, len(depths), p.seeds)
    assert record.loss.shape == record.batch_error.shape == (*shape, p.steps + 1)
    assert record.check_steps[-1] == p.steps and record.train_error.shape[:3] == shape
    assert record.lr_final_error.shape == (2, len(depths), len(p.learning_rates), 1)
    lesion(tiny_lesion(**keys))
    training(tiny_training(**keys, snapshots=[0, 1]))


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"depths": [8, 8]}, "deeper than the last"),
        ({"depths": [7]}, "whole number of blocks"),
        ({"search_seeds": 3}, "at most as many"),
        ({"eval_examples": 4}, "at least one batch"),
        ({"width": 1024, "depths": [512], "seeds": 100, "batch": 1797, "eval_examples": 1797}, "GiB"),
        ({"learning_rates": [0.1, 0.1]}, "greater than the last"),
    ],
)
def test_what_does_not_fit_together_is_refused(changes: dict, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        small(**changes)


def test_a_record_whose_flags_lie_is_refused() -> None:
    arrays = to_arrays(degradation(small()))
    with pytest.raises(RecordError, match="diverged_at"):
        from_arrays(DegradationRecord, {**arrays, "diverged_at": arrays["diverged_at"] + 2})


def test_an_error_in_one_training_stops_the_other() -> None:
    stopped, begun = [], threading.Event()

    def endless(stop: Stop) -> None:
        begun.set()
        try:
            while True:
                stop.check()
        except StoppedError:
            stopped.append(True)
            raise

    def failing(stop: Stop) -> None:
        begun.wait()
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        together([failing, endless])
    assert stopped == [True]
