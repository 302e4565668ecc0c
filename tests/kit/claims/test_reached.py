"""Every claim is met somewhere: a sentence that no parameters choose would be tested by nothing, and true of nothing.

Hypothesis meets most claims, not all. Here stand small networks, drawn and checked by the same code, that meet the
rest; and, where training would take long, records whose errors are written.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from torch import Tensor, nn

from scenes.kit.claims.chapters import CLAIMS, TABLES, Stacks, Stop
from scenes.kit.claims.lasting import Lasting
from scenes.kit.claims.roads import Roads
from scenes.kit.claims.skips import Skips
from sim.measure.degradation import degradation
from sim.measure.identity import identity
from sim.measure.lesion import lesion
from sim.measure.profile import profile
from sim.measure.starts import starts
from sim.measure.training import training
from sim.nets import measure
from sim.records.record import PLAIN, RESIDUAL, Status
from tests.kit.claims import checked
from tests.kit.claims.checked import Met, met
from tests.kit.claims.chosen import GAINS, ROADS, ROUTES, SIGNALS, SMALL
from tests.kit.claims.drawn import PARAMETERS, small

ALL = {
    (chapter, beat, claim) for chapter, beats in CLAIMS.items() for beat, claims in beats.items() for claim in claims
}
ALL |= {(table, table, claim) for table, claims in TABLES.items() for claim in claims}


def all_of(check: Callable[[dict[str, Any]], Met], cases: Iterable[dict[str, Any]]) -> Met:
    return set().union(*(check(SMALL | keys) for keys in cases))


class Block(nn.Module):
    """Of a network of one's own: x + F(x), with something else on the shortcut or behind the sum."""

    def __init__(self, shortcut: nn.Module | None = None, after: nn.Module | None = None) -> None:
        super().__init__()
        self.layer, self.shortcut, self.after = nn.Linear(4, 4), shortcut or nn.Identity(), after or nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.after(self.layer(x).tanh() + self.shortcut(x))
        return out


def of_ones_own() -> Met:
    """Networks with a projection on a shortcut, with a block that has none, and with a norm behind each sum."""
    nets: list[Callable[[], list[nn.Module]]] = [
        lambda: [Block(), Block(shortcut=nn.Linear(4, 4))],
        lambda: [Block(), nn.Sequential(nn.Linear(4, 4), nn.Tanh()), Block()],
        lambda: [Block(after=nn.LayerNorm(4)) for _ in range(2)],
    ]
    found: Met = set()
    for net in nets:
        record = measure(lambda net=net: nn.Sequential(*net()), "vector:4", examples=3)
        found |= met("PlainRoad", Roads(record), "drive") | met("Shortcuts", Roads(record), "raise", "fork", "lesson")
        found |= met("PlusOne", record) | met("WaterPipes", record) | met("GradientFlow", Stop(record), "skip")
    return found


def journeys() -> Met:
    wild = profile(small(PARAMETERS.profile, SMALL | {"depth": 12, "gain": 3.0, "activation": "relu"}))
    tame = profile(small(PARAMETERS.profile, SMALL | {"depth": 12, "gain": 3.0, "branch_scale": 0.01}))
    branches = met("GradientFlow", Stop(tame, wild), "branch") | met("GradientFlow", Stop(tame, tame), "branch")
    return all_of(checked.check_signals, SIGNALS) | branches


def skips() -> Met:
    """Profiles that say at the input what is written, of every 1 that set out."""
    some = profile(small(PARAMETERS.profile, SMALL))
    after = profile(small(PARAMETERS.profile, SMALL | {"order": "post"}))
    found: Met = set()
    for signal in (1e-6, 0.1, 1.0, 10.0, 1e6, 0.0):
        one = arriving(some, signal)
        found |= met("WhyOne", Skips(one, one, one, one, one, one, one, one))
        found |= met("Transformers", Stacks(one, one))
    copy = Skips(*[arriving(some, 1.0)] * 6, *[arriving(some, 0.1)] * 2)
    tidy = copy._replace(one=arriving(some, 3.0), alone_less=arriving(some, 0.1))
    idle = profile(small(PARAMETERS.profile, SMALL | {"branch_scale": 0.0}))
    found |= met("WhyOne", copy) | met("WhyOne", tidy) | met("WhyOne", Skips(*[after] * 8))
    return found | met("WhyOne", Skips(*[idle] * 8))


def arriving(record: Any, signal: float) -> Any:
    """A profile whose signals say so at both ends of both networks."""
    values = np.ones_like(record.gradient_signal)
    values[..., 0] = signal
    status = np.where(values > 0, Status.OK, Status.ZERO)
    return replace(record, gradient_signal=values, signal_status=status)


COPYING: dict[str, Any] = {  # small blocks that learn to copy
    "block": "mlp", "norm": "none", "width": 2, "steps": 6, "snapshots": [0, 6], "batch": 8, "digits": [3], "seeds": 1,
    "learning_rates": [0.01],
}  # fmt: skip
CURVES: dict[str, list[float]] = {  # errors of blocks that learn to copy, step by step
    "well": [0.6, 0.01, 0.01, 0.01, 0.01, 0.01, 0.005],
    "slowly": [0.6, 0.6, 0.6, 0.6, 0.6, 0.01, 0.01],
    "exactly": [0.6, 0.01, 0.01, 0.01, 0.01, 0.01, 0.0],
    "instantly": [0.01] * 7,
    "never": [0.2] * 7,
    "halfway": [0.6, *[0.05] * 6],
    "diverged": [np.nan] * 7,
}


def copying() -> Met:
    found: Met = set()
    for order, depth, longer in (("literal", 1, 2), ("literal", 2, 1), ("post", 1, 2)):
        keys = {"order": order, "depth": depth, "longer": longer, "wider": 2}
        record = identity(small(PARAMETERS.identity, COPYING | keys))
        for pair in itertools.product(CURVES.values(), repeat=2):
            never = pair[0] in (CURVES["never"], CURVES["halfway"])
            lost = np.isnan(pair).any(axis=1)
            one = filled(record, relative_error=np.array(pair)[:, None], diverged_at=np.where(lost, 0, -1)[:, None])
            for least in ((1e-3, 1e-3), (1.0, 1e-3), (1.0, 1.0))[longer == 1 : 3 if never else 2]:
                found |= checked.check_copying(filled(one, longer_error=least[0], wider_error=least[1]))
        for ratio in (0.0, 0.01, 1.0, np.inf):
            found |= checked.check_copying(filled(record, branch_ratio=ratio))
    return found


def filled(record: Any, **values: Any) -> Any:
    """A record with some fields filled with these values."""
    old = {name: getattr(record, name) for name in values}
    return replace(
        record, **{name: np.broadcast_to(v, old[name].shape).astype(old[name].dtype) for name, v in values.items()}
    )


def deeper() -> Met:
    keys = {"block": "mlp", "norm": "none", "depths": [2, 4], "steps": 4, "batch": 8, "eval_examples": 16, "seeds": 1}
    record = degradation(small(PARAMETERS.degradation, keys | {"eval_every": 4, "search_seeds": 1, "width": 2}))
    found: Met = set()
    for shallow, deep, other, rescued in itertools.product((3.0, 60.0, np.nan), repeat=4):
        error = np.array([[shallow, deep], [shallow, rescued]])[:, :, None, None]
        for later, exact in ((3.0, 1), (59.5, 1), (3.0, 0)):
            deepened = shallow if exact else other
            one = filled(record, train_error=error, deepened_error=deepened, longer_error=later, deepened_exact=exact)
            found |= checked.check_degradation(one)
    return found


def missing_blocks() -> Met:
    few = {"block": "mlp", "width": 4, "steps": 2, "eval_every": 2, "batch": 8, "eval_examples": 16, "search_seeds": 1}
    few |= {"plain_layers": 6, "residual_layers": 6, "draws": 1, "swaps": [1, 2], "seeds": 1, "learning_rates": [0.05]}
    record = lesion(small(PARAMETERS.lesion, few))
    found = met("TakeOneOut", lesion(small(PARAMETERS.lesion, few | {"plain_layers": 2, "residual_layers": 2})))
    for usual, last in itertools.product((1.0, 70.0, np.nan), (2.0, 80.0)):
        for errors in ([50, 2, 2], [2, 30, 2], [1, 1, 1], [60, 70, 80], [20, 40, 60], [1, 60, 70], [1, 1, 90]):
            single = np.array(errors)[None, None]
            plain = np.array([last, errors[0]])[:, None, None, None]
            more = np.array([0.0, 30.0])[:, None]  # after more swaps
            one = filled(record, baseline_error=usual, lesion_error=single, removed_error=single[..., None])
            found |= met("TakeOneOut", filled(one, shuffled_error=plain + more))
    return found


def after_training() -> Met:
    keys = {"block": "mlp", "width": 4, "layers": 4, "batch": 8, "steps": 2, "snapshots": [0, 1, 2], "eval_every": 2}
    keys |= {"eval_examples": 16, "seeds": 1, "search_seeds": 1, "learning_rates": [0.05]}
    record = training(small(PARAMETERS.training, keys))
    found: Met = set()
    for signal in (1e-6, 0.1, 1.0, 10.0, 1e6, np.nan):
        signals = np.ones_like(record.gradient_signal)
        signals[..., 0] = signal
        for plain, residual in itertools.product((5.0, 90.0, np.nan), repeat=2):
            errors = np.array([plain, residual])[:, None, None]
            one = filled(record, gradient_signal=signals, train_error=errors, weight_gradient=1.0, weight_step=1e-3)
            small_steps = filled(one, weight_step=1e-6)
            found |= met("AfterTraining", Lasting(one, one, one))
            found |= met("AfterTraining", Lasting(one, small_steps, one)) | met(
                "AfterTraining", Lasting(one, one, small_steps)
            )
    faint = np.array([1e-10, 1.0])[:, None, None, None]
    one = filled(record, weight_gradient=faint, weight_step=1e-3 * faint)
    found |= met("AfterTraining", Lasting(one, filled(one, weight_step=1e-6 * faint), one))
    gone = filled(record, weight_gradient=np.nan, weight_step=np.nan)
    return found | met("AfterTraining", Lasting(gone, gone, gone))


def good_starts() -> Met:
    keys = {"depths": [1, 2, 4], "gains": [0.5, 1.0], "points": [[2, 1.0], [4, 0.5]]}
    table = PARAMETERS.starts
    net = {"width": 4, "batch": 4, "seeds": 1}
    learner = {"steps": 2, "eval_every": 2, "batch": 8, "eval_examples": 16, "learning_rates": [0.01], "seeds": 1}
    parts = {"network": table.network.replace(**net), "training": table.training.replace(**learner)}
    record = starts(table.replace(**keys, **parts))
    narrow = np.zeros_like(record.signal)
    narrow[PLAIN, :, -1], narrow[RESIDUAL, 0, 0] = -4.0, 2.0
    found = met("GoodStart", filled(record, signal=narrow))
    for signals in ((-5, 0.5, 0, 2, 1.5), (0, 2, 2, 0, 0), (0, 0, 0, 0, 0)):
        found |= met("GoodStart", filled(record, signal=np.array(signals)[:, None, None, None]))
    for plain in ([90.0, 90.0], [5.0, 90.0], [5.0, 5.0]):
        error = np.full(record.train_error.shape, 5.0)
        error[PLAIN] = np.array(plain)[:, None, None]
        found |= met("GoodStart", filled(record, train_error=error, diverged_at=-1))
    return found


def summaries() -> Met:
    record = identity(small(PARAMETERS.identity, COPYING | {"longer": 1, "wider": 1}))
    found: Met = set()
    for order, plain in itertools.product(("literal", "post"), ("slowly", "well")):
        net = profile(small(PARAMETERS.profile, SMALL | {"order": order, "depth": 12}))
        errors = np.array([CURVES[plain], CURVES["well"]])[:, None]
        found |= met("Summary", (filled(record, relative_error=errors), net))
    return found


MEETING: dict[Callable[[], Met], set[str]] = {
    journeys: {"PlusOne", "WaterPipes", "GradientFlow", "became", "said", "unheard", "biases"},
    lambda: all_of(checked.check_the_road, ROADS): {"PlainRoad", "Shortcuts", "shown_as"},
    lambda: all_of(checked.check_routes, ROUTES): {"Routes"},
    lambda: all_of(checked.check_gains, GAINS): {"AtLeastOne"},
    skips: {"WhyOne", "Transformers"},
    copying: {"PlainBlock", "ResidualBlock", "learned"},
    deeper: {"Degradation"},
    missing_blocks: {"TakeOneOut"},
    after_training: {"AfterTraining"},
    good_starts: {"GoodStart"},
    summaries: {"Summary"},
}


@pytest.mark.parametrize(("meet", "of"), MEETING.items(), ids=["+".join(sorted(of)) for of in MEETING.values()])
def test_every_claim_is_met(meet: Callable[[], Met], of: set[str]) -> None:
    own = of_ones_own() if of & {"PlainRoad", "PlusOne"} else set()
    assert {one for one in ALL if one[0] in of} - meet() - own == set()


def test_no_chapter_is_forgotten() -> None:
    assert set().union(*MEETING.values()) == {chapter for chapter, _, _ in ALL}


def test_a_claim_that_nobody_meets_would_be_seen() -> None:
    """The two first networks do not meet everything."""
    few = all_of(checked.check_signals, SIGNALS[:2])
    assert ("PlusOne", "plain", "explodes") in ALL - few and ("PlusOne", "sum", "bare") in few
