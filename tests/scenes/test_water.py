"""WaterPipes: what is said, shown on gauges and poured into pipes is what the record says, whatever the parameters."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import sim.params
from scenes.film import CHAPTERS
from scenes.kit.claims.signals import FLOOR, fate
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.reading.agreement import digits_of
from scenes.kit.telling.narration import LANGUAGES
from sim import store
from sim.sections.network import Network
from tests.conftest import ROOT
from tests.scenes.telling import told

CHAPTER = next(chapter for chapter in CHAPTERS if chapter.name == "WaterPipes")
QUICK = ["highway.seeds=2", "highway.batch=16"]
MATRIX = [*QUICK, "highway.block=mlp", "highway.width=64"]
PRESETS = ROOT / "assets" / "params"
CASES: dict[str, tuple[Path | None, list[str]]] = {
    "default": (None, QUICK),
    "vanishing": (PRESETS / "vanishing.toml", QUICK),
    "exploding": (PRESETS / "exploding.toml", QUICK),
    "persisting": (PRESETS / "persisting.toml", QUICK),
    "batch_norm": (PRESETS / "batch_norm.toml", QUICK),
    "post": (None, [*QUICK, "highway.order=post", "highway.gain=he"]),
    "shallow": (None, [*QUICK, "highway.depth=1"]),
    "dead": (None, [*QUICK, "highway.gain=1e-300", "highway.depth=4"]),
    "overflowing": (None, [*MATRIX, "highway.gain=1000", "highway.activation=linear", "highway.depth=110"]),
    "opposed": (None, ["highway.width=1", "highway.seeds=1", "highway.seed=3", "highway.activation=linear",
                       "highway.layers_per_block=1", "highway.gain=1.5", "highway.branch_scale=-0.5"]),
}  # fmt: skip
SAID = {  # words of a claim, and the powers of ten at the input for which it is true
    "es": {
        "casi seca": (-np.inf, FLOOR),
        "casi no llega": (FLOOR, -3),
        "cae de válvula en válvula: a la entrada llega": (-3, -0.301),
        "con menos presión": (-3, -0.301),
        "la presión aguanta": (-0.301, 0.301),
        "crecida": (0.301, 3),
        "se desboca": (3, np.inf),
    },
    "en": {
        "nearly dry": (-np.inf, FLOOR),
        "hardly a trace": (FLOOR, -3),
        "but lower": (-3, -0.301),
        "only": (-3, -0.301),
        "it holds": (-0.301, 0.301),
        "the pressure holds": (-0.301, 0.301),
        "grown": (0.301, 3),
        "runs wild": (3, np.inf),
    },
}


def tale(case: str, lang: str = "es", aspect: str = "16:9") -> SimpleNamespace:
    """A chapter told: captions by beat, the scene at its end, its record and mean log10 signals."""
    params, sets = CASES[case]
    telling = told(CHAPTER, lang, params, sets, aspect=aspect)
    record = store.fetch("profile", sim.params.load(params, sets).highway.only(Network))
    log10 = record.mean_log10_relative()
    return SimpleNamespace(said=telling.said, scene=telling.scene, record=record, log10=log10, wrong=telling.wrong)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_claims_say_what_was_measured(case: str, lang: str) -> None:
    story = tale(case, lang)
    for beat, skip in (("plain", 0), ("residual", 1)):
        sentence, log10 = story.said[beat], float(story.log10[skip, 0])
        bounds = [limits for words, limits in SAID[lang].items() if words in sentence]
        if np.isfinite(log10):
            assert len(bounds) == 1, sentence
            assert bounds[0][0] <= log10 < bounds[0][1], (sentence, log10)
            assert story.scene.agreed.signal(log10) in sentence
        else:
            assert not bounds, sentence
            assert not re.search(r"\d", sentence.replace("llega un 0", "").replace("rounded 0", "")), sentence


@pytest.mark.parametrize("aspect", ["16:9", "9:16"])
@pytest.mark.parametrize("case", CASES)
def test_gauges_show_the_record(case: str, aspect: str) -> None:
    """Needles are linear in the signal; numbers are the record's own, before the wave and behind it."""
    story = tale(case, aspect=aspect)
    assert not story.wrong
    dials, pipe, depth = story.scene.dials, story.scene.pipe, story.log10.shape[1] - 1
    assert pipe.front < 0 and pipe.wave == 1
    for wave, skip in ((0.0, 0), (1.0, 1)):
        pipe.wave = wave
        try:
            for state in range(depth + 1):
                log10 = float(story.log10[skip, state])
                assert dials.words(state) == (
                    "1" if state == depth and log10 == 0 else story.scene.agreed.signal(log10)
                )
                needle = dials.needle(state)
                if np.isnan(log10):
                    assert np.isnan(needle)
                elif log10 <= np.log10(dials.end):
                    assert needle == pytest.approx(10**log10 / dials.end)
                else:
                    assert needle > 1
        finally:
            pipe.wave = 1.0


@pytest.mark.parametrize("case", CASES)
def test_the_water_is_as_wide_as_the_signal_and_parts_as_measured(case: str) -> None:
    story = tale(case)
    pipe = story.scene.pipe
    states = story.scene.valley.land.states
    with np.errstate(all="ignore"):
        expected = np.nan_to_num(10 ** story.log10[1], nan=0.0, posinf=np.inf)
    wide = pipe._width(states, 1.0)
    assert wide == pytest.approx(np.minimum(expected, pipe.full) / pipe.full, abs=1e-9)
    share = np.clip(np.nan_to_num(story.record.skip_share.mean(axis=0), nan=1.0), 0, 1)
    halls = story.scene.valley.land.halls
    full = (wide[:-1] + wide[1:]) / 2
    assert pipe._width(halls, 1.0) == pytest.approx(full * (1 - share), abs=1e-9)
    assert np.array_equal(pipe.parts, share)


@pytest.mark.parametrize("case", CASES)
def test_shares_are_told_as_measured(case: str) -> None:
    story = tale(case)
    share, sentence = story.record.skip_share.mean(axis=0), story.said["shares"]
    if not np.isfinite(share).all():
        assert "nada que repartir" in sentence
        return
    against = np.abs(share - 0.5) > 0.5 + 1e-9
    assert np.array_equal(story.scene.pipe.against, against)
    if against.any():
        assert sentence.endswith(f"(agua rayada): {against.sum()}.")
    else:
        digits = digits_of(story.record.skip_share.mean(axis=1))
        assert f"{Numbers(',').percents(float(share.mean()), digits)} %" in sentence


def test_only_more_than_fills_the_pipe_is_hatched() -> None:
    calm, wild = tale("default").scene.pipe, tale("exploding").scene.pipe
    assert not any(calm.beyond(state) for state in range(len(calm.level[0])))
    assert wild.beyond(0) and fate(tale("exploding").record, 1) == "explodes"


def test_water_comes_from_the_loss() -> None:
    """Before it has come, gauges stand at 0; needles rise as it passes."""
    story = tale("default")
    dials, pipe, states = story.scene.dials, story.scene.pipe, story.scene.valley.land.states
    front = pipe.front
    pipe.front = float(states[5])
    try:
        assert dials.words(2) == "0" and dials.needle(2) == 0
        assert dials.words(8) != "0" and 0 < dials.needle(5) < dials.needle(8)
    finally:
        pipe.front = front


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.957, "96"), (1.0, "100"), (0.9996, "99,96"), (1 - 1e-9, ">99,99"), (0.0, "0"), (1e-9, "<0,01"), (1.7, "170")],
)
def test_percentages_tell_nearly_all_from_all(share: float, text: str) -> None:
    assert Numbers(",").percents(share) == text
