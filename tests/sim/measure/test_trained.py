"""What is measured of trained networks: gradients and updates of their weights; blocks taken out and shuffled."""

import itertools
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from sim import params
from sim.experiments.lesion import LesionRecord
from sim.experiments.training import Training
from sim.learning.classifier import Examples, Learners, fit
from sim.measure.lesion import lesion
from sim.measure.training import training
from sim.nets import data
from sim.records.codec import from_arrays, to_arrays
from sim.records.record import PLAIN, RESIDUAL, RecordError
from sim.work.threads import Stop

DEFAULTS = params.load(environ={})
TINY = {"batch": 8, "width": 4, "seeds": 2, "search_seeds": 1, "eval_every": 2, "eval_examples": 16}


def tiny_training(**changes: Any) -> Training:
    return DEFAULTS.training.replace(
        **{**TINY, "steps": 4, "layers": 6, "snapshots": [0, 1, 3, 4], "dtype": "float64", **changes}
    )


@pytest.mark.parametrize(
    "optimiser, block, norm", list(itertools.product(("sgd", "adam"), ("conv", "mlp"), ("batch", "none")))
)
def test_weights_are_told_and_moved_as_torch_s_own_optimisers_do(optimiser: str, block: str, norm: str) -> None:
    p = tiny_training(optimiser=optimiser, block=block, norm=norm, learning_rates=[0.03], gain=0.9)
    record, conv, n = training(p), block == "conv", p.width
    for skip, (row, seed) in itertools.product((PLAIN, RESIDUAL), enumerate((0, 1))):
        batch = data.draw_batch(p.network(), seed)
        states, labels = torch.from_numpy(batch.hidden), torch.from_numpy(batch.labels)
        blocks: list[list[nn.Module]] = []
        for index in range(3):
            layers = [nn.Conv2d(n, n, 3, padding=1, bias=False) if conv else nn.Linear(n, n, False) for _ in range(2)]
            for layer, weight in zip(layers, data.draw_weights(p.network(), [seed], index)[0], strict=True):
                layer.weight.data = torch.from_numpy(weight[0])
            norms = [
                nn.Identity() if norm == "none" else (nn.BatchNorm2d if conv else nn.BatchNorm1d)(n) for _ in layers
            ]
            blocks.append([module.double() for module in (*layers, *norms)])
        reader = torch.from_numpy(data.draw_readout(p.network(), seed)).reshape(10, n, -1).sum(-1).requires_grad_()
        learnt = [value for made in blocks for module in made for value in module.parameters()] + [reader]
        rates: dict[str, Any] = {"lr": 0.03, **({"momentum": p.momentum} if optimiser == "sgd" else {})}
        stepper = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimiser](learnt, **rates)
        order = data.stream(seed, "minibatches", 0).permutation(len(states))
        for step in range(p.steps + 1):
            now = order[step * p.batch : (step + 1) * p.batch]
            h = states[now]
            for w1, w2, n1, n2 in blocks:
                f = n2(w2(functional.relu(n1(w1(h)))))
                h = functional.relu(h + f if skip else f)
            stepper.zero_grad()
            functional.cross_entropy((h.mean((2, 3)) if conv else h) @ reader.T, labels[now]).backward()
            told = [torch.cat([made[k].weight.grad.flatten() for k in (0, 1)]) for made in blocks]
            before = [torch.cat([made[k].weight.detach().clone().flatten() for k in (0, 1)]) for made in blocks]
            stepper.step()
            after = [torch.cat([made[k].weight.detach().flatten() for k in (0, 1)]) for made in blocks]
            if step in p.snapshots:
                at = p.snapshots.index(step)
                rms = [float(value.square().mean().sqrt()) for value in told]
                np.testing.assert_allclose(record.weight_gradient[skip, row, at], rms, rtol=1e-6, atol=1e-15)
                moved = [float((a - b).square().mean().sqrt()) for a, b in zip(after, before, strict=True)]
                if step < p.steps:
                    np.testing.assert_allclose(record.weight_step[skip, row, at], moved, rtol=1e-6, atol=1e-14)
                else:
                    assert np.isnan(record.weight_step[skip, row, at]).all()


def test_adam_makes_one_step_of_any_gradient_until_its_epsilon_is_larger() -> None:
    """The first update is η g / (|g| + ε): η of a gradient far above ε = 1e-8, and next to nothing far below."""
    shared = {"optimiser": "adam", "norm": "none", "block": "mlp", "width": 32, "learning_rates": [0.01], "seeds": 1}
    loud = training(tiny_training(**shared, layers=2)).weight_step[PLAIN, 0, 0]
    assert loud == pytest.approx(0.01, rel=0.5)
    faint = training(tiny_training(**shared, layers=20, gain=0.1))
    assert (faint.weight_gradient[PLAIN, 0, 0] < 1e-14).all()
    assert (faint.weight_step[PLAIN, 0, 0] < 1e-8).all()


def tiny_lesion(**changes: Any) -> Any:
    return DEFAULTS.lesion.replace(
        **{**TINY, "steps": 3, "plain_layers": 4, "residual_layers": 8, "learning_rates": [0.1], "draws": 2,
           "swaps": [0, 1, 5], **changes}
    )  # fmt: skip


def test_several_blocks_less_and_another_order_are_measured_on_that_very_network() -> None:
    p = tiny_lesion()
    record, examples = lesion(p), Examples(p)
    assert record.removed_error.shape == (2, 2, 4, 2) and record.shuffled_error.shape == (2, 2, 3, 2)
    for skip, layers in ((PLAIN, 4), (RESIDUAL, 8)):
        net = Learners(p, examples.seeds, layers, bool(skip))
        net.load(fit(p, examples, layers, bool(skip), Stop()).run.kept[-1])
        blocks = list(net.stack.blocks)
        for count, draw in itertools.product(range(len(blocks)), range(2)):
            gone = record.removed[skip, count, draw, : len(blocks)]
            net.stack.blocks = nn.ModuleList([one for one, out in zip(blocks, gone, strict=True) if not out])
            np.testing.assert_array_equal(record.removed_error[skip, :, count, draw], examples.error(net, [0, 1]))
        for swap, draw in itertools.product(range(3), range(2)):
            net.stack.blocks = nn.ModuleList([blocks[k] for k in record.order[skip, swap, draw, : len(blocks)]])
            np.testing.assert_array_equal(record.shuffled_error[skip, :, swap, draw], examples.error(net, [0, 1]))
    for draw in range(2):  # no swap, no change
        np.testing.assert_array_equal(record.shuffled_error[..., 0, draw], record.baseline_error)


def test_each_draw_takes_one_block_more_and_tau_counts_inversions() -> None:
    record = lesion(tiny_lesion(draws=3))
    assert (np.diff(record.removed[RESIDUAL], axis=0) >= 0).all()  # what is gone stays gone
    assert (record.kendall()[:, 0] == 1).all()
    assert record.kendall()[PLAIN, 1] == pytest.approx(-1)  # two blocks, changed once
    assert record.kendall()[RESIDUAL, 1] == pytest.approx(1 - 2 / 6)  # one of six pairs


@pytest.mark.parametrize("name, told", [("removed", "take k blocks"), ("order", "every block once")])
def test_a_lesion_record_that_lies_is_refused(name: str, told: str) -> None:
    arrays = to_arrays(lesion(tiny_lesion()))
    with pytest.raises(RecordError, match=told):
        from_arrays(LesionRecord, {**arrays, name: np.zeros_like(arrays[name])})


def test_swaps_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="greater than the last"):
        tiny_lesion(swaps=[2, 2])
