"""Whatever the parameters: of every family one claim holds, and what it says is so, by other means of reading."""

from __future__ import annotations

import math
from statistics import median
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.kit.claims import signals, trained
from scenes.kit.claims.chapters import CLAIMS, TABLES, Cargo, Drawn, Side, Stop
from scenes.kit.claims.roads import Roads, carrier
from scenes.kit.telling.narration import words_of
from sim.experiments.activations import Activations
from sim.measure.activations import activations
from sim.measure.degradation import degradation
from sim.measure.gains import gains
from sim.measure.identity import identity
from sim.measure.profile import profile
from sim.measure.routes import routes
from sim.records.record import PLAIN, RESIDUAL
from sim.sections.network import Network
from tests.kit.claims.drawn import LEARNERS, NETWORKS, PARAMETERS, small

FEW = settings(max_examples=15, derandomize=True)
LIMITS = {
    "vanishes": (0, 1e-3),
    "fades": (1e-3, 0.5),
    "arrives": (0.5, 2),
    "grows": (2, 1e3),
    "explodes": (1e3, math.inf),
}
Said = dict[str, str]


def said(chapter: str, facts: Any) -> Said:
    """The claim that chooses each beat that has several versions; one and no other holds."""
    words, found = words_of("en")[chapter]["beats"], {}
    for beat, claims in CLAIMS[chapter].items():
        held = {claim: bool(holds(facts)) for claim, holds in claims.items()}
        if isinstance(words[beat], dict):
            (found[beat],) = [claim for claim in words[beat] if held[claim]]
    return found


def clause(table: str, about: Any) -> str | None:
    """The claim that chooses a clause; of ``unheard`` none, where there is a number."""
    held = [word for word, holds in TABLES[table].items() if holds(about)]
    assert len(held) == 1 or (table == "unheard" and not held)
    return held[0] if held else None


def check_fate(word: str, first: Any, last: Any, why: str | None = None) -> None:
    """What is said of a signal, read from its numbers at both ends, seed by seed."""
    first, last = [float(one) for one in first], [float(one) for one in last]
    whole = [math.isfinite(a) and math.isfinite(z) and a > 0 and z > 0 for a, z in zip(first, last, strict=True)]
    if word in LIMITS:
        assert all(whole)
        ratio = math.fsum(math.log10(a) - math.log10(z) for a, z in zip(first, last, strict=True)) / len(first)
        low, high = (math.log10(limit) if limit else -math.inf for limit in LIMITS[word])
        assert low - 0.001 <= ratio <= high + 0.001
        return
    assert word == "unheard" and not all(whole)
    if why == "lost":
        assert not any(math.isfinite(a) and math.isfinite(z) for a, z in zip(first, last, strict=True))
    if why in ("zero", "underflows"):
        assert set(first) == {0.0}
    if why == "silent":
        assert set(last) == {0.0}


@FEW
@given(NETWORKS)
def test_signals(keys: dict[str, Any]) -> None:
    net = small(PARAMETERS.profile, keys)
    record = profile(net)
    told = [said("PlusOne", record), said("WaterPipes", Drawn(record, [0])), said("GradientFlow", Stop(record, record))]
    for skip, beat in ((PLAIN, "plain"), (RESIDUAL, "residual")):
        ends = record.gradient_signal[skip][:, 0], record.gradient_signal[skip][:, -1]
        why = clause("unheard", Side(record, skip))
        for words in told:
            check_fate("vanishes" if words[beat] == "dries" else words[beat], *ends, why)
        assert clause("became", Side(record, skip)) == (told[0][beat] if why is None else why)
        if why == "underflows":
            exact = profile(net.replace(dtype="float64")).gradient_signal[skip]
            assert keys.get("dtype") == "float32" or (exact[:, 0] < 1e-300).all()
    post = net.order == "post" and net.activation != "linear"
    assert ("post" in told[0]["sum"]) == post and (told[0]["total"] == "after") == post
    assert ("scaled" in told[0]["sum"]) == (net.branch_scale_value != 1)
    share = record.skip_share
    percent = round(100 * float(share.mean())) if np.isfinite(share).all() else None
    meant = {"all": percent == 100, "none": percent == 0, "lost": percent is None}
    assert meant.get(told[0]["share"], percent not in (None, 0, 100))
    assert (told[1]["shares"] == "none") == (percent is None)


@FEW
@given(NETWORKS)
def test_the_road(keys: dict[str, Any]) -> None:
    net = small(PARAMETERS.highway, keys | {"shown": [3], "batch": max(4, keys["batch"])})
    cargo, idle = (activations(net.only(Activations, branch_scale=b)) for b in (net.branch_scale, net.quiet))
    records = [profile(net.only(Network, gain=gain)) for gain in (net.gain, net.strong)]
    facts = Roads(records[0], records[1], cargo, idle)
    plain, residual = said("PlainRoad", facts), said("Shortcuts", facts)
    told = records[0].weight_gradient[PLAIN]
    check_fate(plain["first"], told[:, 0], told[:, -1])
    check_fate(plain["strong"], *(records[1].gradient_signal[PLAIN][:, end] for end in (0, -1)))
    check_fate(residual["arrives"], *(records[0].gradient_signal[RESIDUAL][:, end] for end in (0, -1)))
    assert (plain["lesson"] == "one") == (net.depth == 1)
    seed = carrier(cargo)
    for record, skip, word in (
        (cargo, PLAIN, plain["arrived"]),
        (cargo, RESIDUAL, residual["joined"]),
        (idle, RESIDUAL, residual["untouched"]),
    ):
        own, other = record.cosine[skip, seed, -1, 0], record.others[skip, seed, -1, 0]
        clause("cargo", Cargo(record, skip, seed))
        so = {
            "gone": not np.isfinite(own),
            "same": own >= 0.995,
            "alike": own >= 0.9,
            "changed": 0.5 <= own < 0.9,
            "unlike": own < 0.5,
            "unlike_any": abs(own - other) <= 0.1,
        }
        assert so[word], (word, own, other)
    assert (residual["quiet"] == "idle") == bool(idle.cosine[RESIDUAL, seed, -1, 0] >= 0.9)
    exact = net.order != "post" or net.activation == "linear"
    assert residual["fork"] in ("unknown", "copy" if exact else "post")


@FEW
@given(NETWORKS)
def test_routes(keys: dict[str, Any]) -> None:
    record = routes(small(PARAMETERS.routes, keys | {"depth": min(keys["depth"], 7)}))
    words = CLAIMS["Routes"]
    lean = [word for word, holds in words["share"].items() if holds(record)]
    assert len(lean) == 1
    share = record.signed_share[np.isfinite(record.signed_share).all(axis=1)]
    if not len(share):
        assert lean[0] in ("zero", "overflow") and words["lesson"]["lost"](record)
        return
    told = said("Routes", record)
    mean = share.mean(axis=0)
    lengths = np.arange(len(mean))
    ratio = float(mean @ lengths) / (len(mean) - 1) * 2
    so = {"short": ratio < 0.801, "long": ratio > 1.249, "alike": 0.799 < ratio < 1.251}
    assert so.get(told["share"], told["share"] == "cancel" and mean[mean < 0].sum() < -0.099)
    bounds = {"none": (-5e-4, 5e-4), "negative": (-math.inf, 0), "little": (0, 0.05), "some": (0.05, 0.25)}
    low, high = bounds.get(told["highway"], (0.25, math.inf))
    assert low <= mean[0] <= high
    assert (told["lesson"] == "cancel") == (told["share"] == "cancel")


@FEW
@given(NETWORKS)
def test_gains(keys: dict[str, Any]) -> None:
    record = gains(small(PARAMETERS.gains, keys | {"steps": 2}))
    told = said("AtLeastOne", record)
    bound = record.bound[np.isfinite(record.bound)]
    so = {
        "holds": (bound > 0).all(),
        "some": (bound > 0).any() and not (bound > 0).all(),
        "void": not (bound > 0).any(),
    }
    assert so[told["bound"]]
    assert (told["branch"] == "exact") == (record.method == "exact")
    below = record.random_gain[RESIDUAL][np.isfinite(record.random_gain[RESIDUAL])]
    share = float((below < 1 - 1e-9).mean()) if below.size else math.nan
    parts = {"none": share == 0, "few": 0 < share < 0.1, "many": 0.1 <= share < 0.6, "most": share >= 0.6}
    assert parts.get(told["typical"], math.isnan(share))
    if told["keep"] == "usual":
        assert share < 0.1


@settings(max_examples=12, derandomize=True)
@given(LEARNERS, st.sampled_from([1, 2]))
def test_blocks_that_learn(keys: dict[str, Any], times: int) -> None:
    more = {"steps": 6, "snapshots": [0, 6], "batch": 8, "longer": times, "wider": 2, "digits": [3]}
    record = identity(small(PARAMETERS.identity, keys, **more))
    told = said("ResidualBlock", record) | said("PlainBlock", record)
    plain, residual = (first_below(error) for error in record.relative_error)
    assert {
        "both": max(plain, residual) < math.inf,
        "residual": residual < plain == math.inf,
        "plain": plain < residual == math.inf,
        "neither": plain == residual == math.inf,
        "start": residual == 0 < plain < math.inf,
        "start_alone": residual == 0 < plain == math.inf,
    }[told["compare"]]
    assert (told["lesson"] == "open") == (not residual < plain)
    least = [np.median(values[PLAIN]) for values in (record.longer_error, record.wider_error)]
    so = {"slow": least[0] <= 0.01, "narrow": least[1] <= 0.01 < least[0], "unable": min(least) > 0.01}
    assert so.get(told["lesson"], True) and (told["lesson"] not in (*so, "missed") or plain == math.inf)
    assert times == 2 or told["lesson"] not in ("slow", "narrow", "unable")
    for side, word in ((PLAIN, told["effort"]), (RESIDUAL, told["branch"])):
        pairs = zip(record.branch_ratio[side, :, -1, -1], record.relative_error[side, :, -1], strict=True)
        ends = median(ratio if ratio == ratio else 0 if error < math.inf else math.inf for ratio, error in pairs)
        assert (word in ("closed", "off")) == (ends == 0) and (word == "lost") == (ends == math.inf)
    for side in (PLAIN, RESIDUAL):
        word = clause("learned", Side(record, side))
        at = (plain, residual)[side]
        assert word == "diverged" or ((word == "never") == (at == math.inf) and (word == "instantly") == (at == 0))


def first_below(error: Any) -> float:
    """The first step at which the median network is within 1 %."""
    at = [step for step in range(error.shape[1]) if median(nan_is_worst(error[:, step])) <= 0.01]
    return at[0] if at else math.inf


def nan_is_worst(values: Any) -> list[float]:
    return [math.inf if math.isnan(value) else float(value) for value in values]


@settings(max_examples=8, derandomize=True)
@given(LEARNERS)
def test_deeper_and_deeper(keys: dict[str, Any]) -> None:
    keys = {"block": "mlp"} | keys
    more = {"depths": [2, 4], "steps": 4, "batch": 8, "eval_examples": 16, "eval_every": 4, "search_seeds": 1}
    record = degradation(small(PARAMETERS.degradation, keys, **more))
    check_degradation(record)


def check_degradation(record: Any) -> Said:
    """What is said of a record of degradation is so."""
    beats = CLAIMS["Degradation"]
    final = np.median(np.nan_to_num(record.train_error[..., -1], nan=math.inf), axis=-1)
    found: Said = {}
    for place in range(len(record.depths)):
        (found[f"depth_{place}"],) = [w for w, holds in beats["depth"].items() if holds(trained.Deep(record, place))]
    for beat in ("kept", "gap", "residual", "lesson"):
        (found[beat],) = [word for word, holds in beats[beat].items() if holds(record)]
    worse = final[PLAIN, -1] > final[PLAIN, 0] + 1
    assert (found["gap"] == "open") == bool(worse and np.isfinite(final[PLAIN, [0, -1]]).all())
    assert (found["kept"] == "exactly") <= bool(record.deepened_exact[PLAIN].all())
    assert (found["residual"] == "both") == bool(np.isfinite(final[:, -1]).all())
    if found["lesson"] in ("slow", "stuck", "better"):
        assert final[RESIDUAL, -1] < final[PLAIN, -1] - 1 and (worse or not np.isfinite(final[PLAIN, 0]))
        searched = np.median(record.train_error[PLAIN, -1, : len(record.longer_error), -1])
        assert (found["lesson"] == "slow") <= bool(np.median(record.longer_error) < searched - 1)
    if found["lesson"] == "unlearned":
        assert min(final[PLAIN, 0], final[RESIDUAL, -1]) >= 45
    return found


@pytest.mark.parametrize(
    ("log10", "word"),
    [
        (-8, "vanishes"),
        (-2, "fades"),
        (-0.3, "arrives"),
        (0, "arrives"),
        (0.3, "arrives"),
        (1.5, "grows"),
        (4, "explodes"),
    ],
)
def test_words_for_signals(log10: float, word: str) -> None:
    assert signals.verdict(log10) == word
