"""WaterPipes: what is said, shown on gauges and poured into pipes is what the record says, whatever the parameters."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import sim.params
from scenes.film import CHAPTERS
from scenes.kit.drawing import signal
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.reading.sample import sampled
from scenes.kit.telling.narration import LANGUAGES
from scenes.water import percent
from sim import store
from sim.sections.network import Network
from tests.conftest import ROOT
from tests.scenes.telling import tell, told

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
        "casi seca": (-np.inf, signal.FLOOR),
        "casi no llega": (signal.FLOOR, -3),
        "cae de válvula en válvula: a la entrada llega": (-3, -0.301),
        "con menos presión": (-3, -0.301),
        "la presión aguanta": (-0.301, 0.301),
        "crecida": (0.301, 3),
        "se desboca": (3, np.inf),
    },
    "en": {
        "nearly dry": (-np.inf, signal.FLOOR),
        "hardly a trace": (signal.FLOOR, -3),
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
    return SimpleNamespace(said=telling.said, scene=telling.scene, record=record, log10=record.mean_log10_relative())


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
            assert Numbers("," if lang == "es" else ".").signal(log10) in sentence
        else:
            assert not bounds, sentence
            assert not re.search(r"\d", sentence.replace("llega un 0", "").replace("rounded 0", "")), sentence


@pytest.mark.parametrize("aspect", ["16:9", "1:1"])
@pytest.mark.parametrize("case", CASES)
def test_gauges_show_the_record(case: str, aspect: str) -> None:
    story = tale(case, aspect=aspect)
    figure, depth = story.scene.figure, story.log10.shape[1] - 1
    for skip, needles in enumerate(figure.needles):
        assert needles.values[0] == story.log10[skip, 0] or np.isnan(needles.values[0])
        assert np.isin(needles.values, story.log10[skip]).all() or np.isnan(needles.values).any()
        for value, number in zip(needles.values, needles.figures, strict=True):
            dry = np.isfinite(value) and value < signal.FLOOR
            expected = "1" if value == 0 else "< 10⁻⁸" if dry else Numbers(",").signal(float(value))
            assert number.words == expected
        wet = int((needles.values >= signal.FLOOR).sum())
        assert len(needles.hands.points) == 4 * wet
        assert (len(needles.rings.points) > 0) == (wet < len(needles.values))
        assert (
            figure.ways[skip].course.valves.size == len(sampled(depth, {"16:9": 12, "1:1": 6}[aspect])[0])
            or depth <= 14
        )
    note = re.search(r"se dibujan (\d+) de (\d+) válvulas", figure.words["sample"])
    drawn = figure.ways[0].course.valves.size
    assert (note is None) == (drawn == depth)
    assert note is None or [int(n) for n in note.groups()] == [drawn, depth]


@pytest.mark.parametrize("case", CASES)
def test_the_water_is_as_wide_as_the_signal_and_parts_as_measured(case: str) -> None:
    story = tale(case)
    plain, residual = (way.course for way in story.scene.figure.ways)
    for course in (plain, residual):
        assert ((course.full > 0) == (course.reading.pressure >= signal.FLOOR)).all()
        assert (course.width(course.grid) <= course.hole(course.grid)).all(), "water outside its pipe"
    some = residual.divided.sum(axis=0) > 0
    share = residual.divided[0, some] / residual.divided.sum(axis=0)[some]
    assert share == pytest.approx(np.clip(residual.reading.share[some], 0, 1), abs=1e-12)
    depth = story.record.skip_share.shape[1]
    if depth <= 14:
        assert residual.reading.share == pytest.approx(story.record.skip_share.mean(axis=0), nan_ok=True)


@pytest.mark.parametrize("case", CASES)
def test_shares_are_told_as_measured(case: str) -> None:
    story = tale(case)
    share, sentence = story.record.skip_share.mean(axis=0), story.said["shares"]
    if not np.isfinite(share).all():
        assert "nada que repartir" in sentence
        return
    opposed = int((np.abs(share - 0.5) > 0.5 + 1e-9).sum())
    if opposed:
        assert sentence.endswith(f"(agua rayada): {opposed}.")
        assert len(story.scene.figure.ways[1].hatch.points)
    else:
        assert f"{percent(float(share.mean()), Numbers(','))} %" in sentence


def test_only_too_great_a_pressure_is_hatched() -> None:
    assert not len(tale("default").scene.figure.ways[0].hatch.points)
    assert len(tale("exploding").scene.figure.ways[0].hatch.points)


def test_bubbles_flow_evenly_and_as_many_as_the_signal_says() -> None:
    plain, residual = tale("default").scene.figure.ways
    plain.drift(30.0)
    here = plain.bubbles.points.copy()
    middles = here.reshape(-1, 8, 3).mean(axis=1)
    half = (plain.course.left + plain.course.right) / 2
    assert (middles[:, 0] > half).sum() > 2 * (middles[:, 0] < half).sum(), "more bubbles where there is more signal"
    assert (middles[:, 0] > plain.course.nodes[0]).all(), "none where the pipe is dry"
    plain.drift(30.01)
    later = plain.bubbles.points.reshape(-1, 8, 3).mean(axis=1)
    step = np.abs(later[:, None, 0] + 0.01 - middles[None, :, 0]).min(axis=1)
    assert np.median(step) < 1e-6, "all move as fast"
    plain.drift(30.0)
    assert np.array_equal(plain.bubbles.points, here), "a picture of the distance alone"
    over = np.concatenate([over_the_valves(residual, 20 + 0.7 * i) for i in range(40)])
    assert over.mean() == pytest.approx(residual.course.reading.share.mean(), abs=0.06)


def over_the_valves(way, distance: float) -> np.ndarray:
    """Of the bubbles beside a valve, which are in the bypass."""
    way.drift(distance)
    middles = way.bubbles.points.reshape(-1, 8, 3).mean(axis=1)
    off = np.abs(middles[:, None, 0] - way.course.valves).min(axis=1)
    return middles[off < way.course.valve / 2, 1] > way.course.y + way.course.bore / 2


def test_the_flow_never_stops_once_it_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """No still once the water flows: every second of the beats is played, and bubbles go on where they were."""
    waits = []
    monkeypatch.setattr("scenes.water.WaterPipes.wait", lambda scene, seconds: waits.append(scene.beats[-1]))
    tell(CHAPTER, sets=QUICK)
    assert waits == ["pipe", "gauges"]


@pytest.mark.parametrize(
    ("share", "text"), [(0.957, "96"), (1.0, "100"), (0.9996, "99,96"), (0.0, "0"), (0.0001, "0,01"), (1.7, "170")]
)
def test_percentages_tell_nearly_all_from_all(share: float, text: str) -> None:
    assert percent(share, Numbers(",")) == text
