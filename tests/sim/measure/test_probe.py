"""What a likeness is worth, and what a linear probe still reads."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from sim import params
from sim.experiments.activations import Activations
from sim.measure.activations import activations
from sim.nets import data
from sim.probes.linear import accuracy


@pytest.fixture
def take() -> Callable[..., Activations]:
    defaults = params.load(environ={}).activations
    return lambda **changes: defaults.replace(**changes)


def test_others_are_the_examples_of_other_classes(take: Callable[..., Activations]) -> None:
    p = take(depth=2, batch=12, seeds=1, shown=[3, 8])
    record = activations(p)
    places = [int(np.flatnonzero(data.digits()[1] == digit)[0]) for digit in p.shown]
    batch = data.draw_batch(p, p.seed, first=places)
    unit = batch.hidden / np.linalg.norm(batch.hidden, axis=1, keepdims=True)
    for row, digit in enumerate(p.shown):
        expected = (unit[batch.labels != digit] @ unit[row]).mean()
        np.testing.assert_allclose(record.others[:, 0, 0, row], expected, rtol=1e-12)
        assert record.cosine[0, 0, 0, row] == pytest.approx(1)


def test_the_probe_is_a_ridge_classifier() -> None:
    from sklearn.linear_model import RidgeClassifier

    images, labels = data.digits()
    x, y = torch.from_numpy(images[:600]), torch.from_numpy(labels[:600])
    fitted = images[:600:2] - images[:600:2].mean(0)
    other = RidgeClassifier(alpha=1e-3 * np.square(fitted).sum(0).mean()).fit(images[:600:2], labels[:600:2])
    expected = other.score(images[1:600:2], labels[1:600:2])
    assert accuracy(x, y) == pytest.approx(expected, abs=0.005)
    assert accuracy(x * 1e-200, y) == pytest.approx(accuracy(x, y), abs=1e-3)


def test_of_nothing_a_probe_reads_what_guessing_does() -> None:
    y = torch.from_numpy(data.digits()[1][:600])
    assert accuracy(torch.zeros(600, 8, dtype=torch.float64), y) < 0.2
    assert np.isnan(accuracy(torch.full((600, 8), torch.inf, dtype=torch.float64), y))


def test_without_biases_a_plain_network_forgets_and_a_residual_one_does_not(take: Callable[..., Activations]) -> None:
    p = take(block="conv", layers_per_block=2, activation="relu", width=8, depth=10, bias="normal", seeds=2)
    probe = activations(p).probe.mean(axis=1)
    assert probe[0, 0] == probe[1, 0] > 0.85
    assert probe[0, -1] < 0.6 and probe[1, -1] > 0.85
