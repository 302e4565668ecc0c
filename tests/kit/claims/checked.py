"""What is said of records, checked by other means of reading; and the claims that were met there.

A check takes keys of a table of parameters, measures what they say, and returns the claims that chose a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import median
from typing import Any

import numpy as np

from scenes.kit.claims import sums, trained
from scenes.kit.claims.chapters import CLAIMS, TABLES, Side, Stop
from scenes.kit.claims.roads import Roads, carrier, contrasts
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
from tests.kit.claims.drawn import PARAMETERS, small, soon

LIMITS = {
    "vanishes": (0, 1e-3),
    "fades": (1e-3, 0.5),
    "arrives": (0.5, 2),
    "grows": (2, 1e3),
    "explodes": (1e3, math.inf),
}
Said = dict[str, str]
Met = set[tuple[str, str, str]]  # chapter, beat, claim; of a clause, its table twice


def said(chapter: str, facts: Any, *beats: str) -> Said:
    """The claim that chooses each of these beats, or of all, that has several versions; one and no other holds."""
    words, found = words_of("en")[chapter]["beats"], {}
    for beat in beats or CLAIMS[chapter]:
        held = {claim: bool(holds(facts)) for claim, holds in CLAIMS[chapter][beat].items()}
        if isinstance(words[beat], dict):
            (found[beat],) = [claim for claim in words[beat] if held[claim]]
    return found


def met(chapter: str, facts: Any, *beats: str) -> Met:
    """The claims that choose what is said in these beats, or in all, by one telling or the other."""
    return {(chapter, beat, claim) for beat in beats or CLAIMS[chapter] for claim in _choosing(chapter, beat, facts)}


def _choosing(chapter: str, beat: str, facts: Any) -> Iterator[str]:
    words, claims = words_of("en")[chapter], CLAIMS[chapter][beat]
    brief = words["beats"][beat]
    full = words.get("full", {}).get(beat, brief)
    for telling in (brief, brief | full if isinstance(full, dict) and isinstance(brief, dict) else full):
        sentences = telling
        if isinstance(telling, dict):
            name = next(name for name in telling if claims[name](facts))
            yield name
            sentences = telling[name]
        conditions = [one["when"] for one in sentences if isinstance(one, dict)] if isinstance(sentences, list) else []
        yield from (claim for claim in conditions if claims[claim](facts))


def clause(table: str, about: Any) -> str | None:
    """The claim that chooses a clause; of ``unheard`` none, where there is a number, and of ``shown_as`` none, where an
    image is as it is."""
    held = [word for word, holds in TABLES[table].items() if holds(about)]
    assert len(held) == 1 or (table in ("unheard", "shown_as") and not held)
    return held[0] if held else None


def met_clauses(table: str, *about: Any) -> Met:
    """The same of clauses."""
    return {(table, table, word) for one in about if (word := clause(table, one)) is not None}


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


def check_signals(keys: dict[str, Any]) -> Met:
    net = small(PARAMETERS.profile, keys)
    record = profile(net)
    stop = Stop(record, record, (record,))
    told = [said("PlusOne", record), said("WaterPipes", record), said("GradientFlow", stop)]
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
    clauses = [
        met_clauses(table, *(Side(record, skip) for skip in (PLAIN, RESIDUAL)))
        for table in ("became", "said", "unheard")
    ]
    chapters = met("PlusOne", record), met("WaterPipes", record), met("GradientFlow", stop)
    return met_clauses("biases", record).union(*clauses, *chapters)


def check_the_road(keys: dict[str, Any]) -> Met:
    keys = soon({"block": PARAMETERS.highway.block} | keys)
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
        so = {
            "gone": not np.isfinite(own),
            "same": own >= 0.995,
            "alike": own >= 0.9,
            "changed": 0.5 <= own < 0.9,
            "unlike": own < 0.5,
            "unlike_any": abs(own - other) <= 0.1,
        }
        assert so[word], (word, own, other)
    spans = np.ptp(cargo.maps[PLAIN, seed, :, 0].reshape(net.depth + 1, -1), axis=1)
    images = {float(one): a for a, one in zip(spans, contrasts(cargo.maps[PLAIN, seed, :, 0]), strict=True)}
    for contrast, span in images.items():
        as_it_is = not np.isfinite(span) or span == 0 or spans[0] / 2 <= span <= 2 * spans[0]
        assert (clause("shown_as", contrast) is None) == as_it_is, (span, spans[0])
    assert (residual["quiet"] == "idle") == bool(idle.cosine[RESIDUAL, seed, -1, 0] >= 0.9)
    exact = net.order != "post" or net.activation == "linear"
    assert residual["fork"] in ("unknown", "copy" if exact else "post")
    return met("PlainRoad", facts) | met("Shortcuts", facts) | met_clauses("shown_as", *images)


def check_routes(keys: dict[str, Any]) -> Met:
    record = routes(small(PARAMETERS.routes, keys | {"depth": min(keys["depth"], 7)}))
    words = CLAIMS["Routes"]
    lean = [word for word, holds in words["share"].items() if holds(record)]
    assert len(lean) == 1
    share = record.signed_share[np.isfinite(record.signed_share).all(axis=1)]
    if not len(share):
        assert lean[0] in ("zero", "overflow") and words["lesson"]["lost"](record)
        return met("Routes", record, "start", "share", "lesson")
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
    return met("Routes", record)


def check_gains(keys: dict[str, Any]) -> Met:
    record = gains(small(PARAMETERS.gains, keys | {"steps": 2}))
    drawn = bool(np.isfinite(record.singular_branch[:, sums.middle(record)]).all())
    beats = CLAIMS["AtLeastOne"] if drawn else ("keep",)  # where the block overflows
    told = said("AtLeastOne", record, *beats)
    bound = record.bound[np.isfinite(record.bound)]
    so = {
        "holds": (bound > 0).all(),
        "some": (bound > 0).any() and not (bound > 0).all(),
        "void": not (bound > 0).any(),
    }
    assert not drawn or (so[told["bound"]] and (told["branch"] == "exact") == (record.method == "exact"))
    below = record.random_gain[RESIDUAL][np.isfinite(record.random_gain[RESIDUAL])]
    share = float((below < 1 - 1e-9).mean())
    parts = {
        "none": share == 0,
        "few": 0 < share < 0.1,
        "many": 0.1 <= share < 0.6,
        "most": 0.6 <= share < 1,
        "all": share == 1,
    }
    assert not drawn or parts[told["typical"]]
    if told["keep"] == "usual":
        assert share < 0.1
    return met("AtLeastOne", record, *beats)


def check_blocks_that_learn(keys: dict[str, Any], times: int) -> Met:
    steps = keys.get("steps", 6)
    more = {"steps": steps, "snapshots": [0, steps], "batch": 8, "longer": times, "wider": 2, "digits": [3]}
    return check_copying(identity(small(PARAMETERS.identity, more | keys)))


def check_copying(record: Any) -> Met:
    """What is said of blocks that learn to copy is so."""
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
    assert record.params["longer"] > 1 or told["lesson"] not in ("slow", "narrow", "unable")
    for side, word in ((PLAIN, told["effort"]), (RESIDUAL, told["branch"])):
        pairs = zip(record.branch_ratio[side, :, -1, -1], record.relative_error[side, :, -1], strict=True)
        ends = median(ratio if ratio == ratio else 0 if error < math.inf else math.inf for ratio, error in pairs)
        assert (word in ("closed", "off")) == (ends == 0) and (word == "lost") == (ends == math.inf)
    sides = [Side(record, side) for side in (PLAIN, RESIDUAL)]
    for side, at in zip(sides, (plain, residual), strict=True):
        word = clause("learned", side)
        assert word == "diverged" or ((word == "never") == (at == math.inf) and (word == "instantly") == (at == 0))
    beats = set(CLAIMS["ResidualBlock"]) - ({"why"} if record.params["order"] != "post" else set())
    return met_clauses("learned", *sides) | met("PlainBlock", record) | met("ResidualBlock", record, *beats)


def first_below(error: Any) -> float:
    """The first step at which the median network is within 1 %."""
    at = [step for step in range(error.shape[1]) if median(nan_is_worst(error[:, step])) <= 0.01]
    return at[0] if at else math.inf


def nan_is_worst(values: Any) -> list[float]:
    return [math.inf if math.isnan(value) else float(value) for value in values]


def check_deeper_and_deeper(keys: dict[str, Any]) -> Met:
    keys = {"block": "mlp"} | keys
    more = {"depths": [2, 4], "steps": 4, "batch": 8, "eval_examples": 16, "eval_every": 4, "search_seeds": 1}
    return check_degradation(degradation(small(PARAMETERS.degradation, more | keys)))


def check_degradation(record: Any) -> Met:
    """What is said of a record of degradation is so."""
    final = np.median(np.nan_to_num(record.train_error[..., -1], nan=math.inf), axis=-1)
    deeps = [trained.Deep(record, place) for place in range(len(record.depths))]
    chosen = set(CLAIMS["Degradation"]) - {"depth"}
    for deep in deeps:
        assert sum(holds(deep) for holds in CLAIMS["Degradation"]["depth"].values()) == 1
    found = said("Degradation", record, *chosen)
    worse = final[PLAIN, -1] > final[PLAIN, 0] + 1
    assert (found["gap"] in ("open", "short")) == bool(worse and np.isfinite(final[PLAIN, [0, -1]]).all())
    if found["gap"] in ("open", "closed"):
        assert np.median(np.nan_to_num(record.deepened_error[PLAIN, -1], nan=math.inf)) <= final[PLAIN, 0] + 1
    assert (found["kept"] == "exactly") <= (found["idle"] == "exactly") == bool(record.deepened_exact[PLAIN].all())
    assert (found["residual"] == "both") == bool(np.isfinite(final[:, -1]).all())
    if found["lesson"] in ("slow", "stuck", "better"):
        assert final[RESIDUAL, -1] < final[PLAIN, -1] - 1 and (worse or not np.isfinite(final[PLAIN, 0]))
        searched = np.median(record.train_error[PLAIN, -1, : len(record.longer_error), -1])
        assert (found["lesson"] == "slow") <= bool(np.median(record.longer_error) < searched - 1)
    if found["lesson"] == "unlearned":
        assert min(final[PLAIN, 0], final[RESIDUAL, -1]) >= 45
    return met("Degradation", record, *chosen).union(*(met("Degradation", deep, "depth") for deep in deeps))
