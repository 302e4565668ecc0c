"""PlainRoad and Shortcuts say what was measured, on any network, and their frames can be made in slices."""

from __future__ import annotations

import re

import numpy as np
import pytest

import sim.params
from scenes.figures.valley.lights import shares
from scenes.kit.claims.signals import HEARD, explodes, fate, fate_of_weights
from scenes.kit.telling.narration import words_of
from sim import store
from sim.experiments.activations import Activations
from sim.sections.network import Network
from tests.conftest import ROOT
from tests.scenes.telling import told

PRESETS = ROOT / "assets" / "params"
LESS = ["highway.seeds=2", "highway.batch=8"]
SOON = [*LESS, "highway.dtype=float32"]  # of convolutions
MATRICES = ["highway.block=mlp", "highway.width=16"]
NARROW = [*SOON, "highway.width=4"]  # where that changes nothing
CASES: dict[str, tuple[str | None, list[str]]] = {
    name: (str(PRESETS / f"{name}.toml"), SOON) for name in ("vanishing", "exploding", "persisting")
}
CASES |= {"batch_norm": (str(PRESETS / "batch_norm.toml"), [*NARROW, "highway.depth=12"])}
CASES |= {
    "default": (None, SOON),
    "dead": (None, [*LESS, "highway.width=4", "highway.gain=1e-300", "highway.depth=4"]),
    "overflowing": (None, [*LESS, *MATRICES, "highway.gain=1000", "highway.depth=60", "highway.strong=900"]),
    "post linear": (None, [*NARROW, "highway.order=post", "highway.activation=linear", "highway.depth=3"]),
    "shallow": (None, [*NARROW, "highway.depth=2", "highway.traffic=6"]),
    "deep": (None, [*LESS, *MATRICES, "highway.depth=60"]),
}


def tale(name: str, case: str, lang: str = "es") -> tuple[dict[str, str], object, object]:
    """What a chapter says at each beat, the scene, and the network's parameters."""
    params, sets = CASES[case]
    telling = told(name, lang, params, sets)
    return telling.said, telling.scene, sim.params.load(params, sets).highway


def chosen_of(name: str, beat: str, said: str, lang: str) -> list[str]:
    """The claims of a beat whose words could have made what was said."""
    table = words_of(lang)[name]["beats"][beat]

    def made(words: str | list) -> bool:
        firsts = [words] if isinstance(words, str) else [one if isinstance(one, str) else one["say"] for one in words]
        patterns = (re.sub(r"\\\{\w+(:[^}]*)?\\\}", ".+?", re.escape(first)) for first in firsts)
        return any(re.match(pattern, said) for pattern in patterns)

    return [claim for claim, words in table.items() if words != "{unheard}" and made(words)] or ["unheard"]


@pytest.mark.parametrize(
    ("case", "lang"), [*((case, "es") for case in CASES), *((case, "en") for case in [*CASES][::2])]
)
def test_the_plain_road_tells_its_own_truth(case: str, lang: str) -> None:
    said, scene, net = tale("PlainRoad", case, lang)
    record = store.fetch("profile", net.only(Network))
    log10 = record.mean_log10_relative()[0, 0]

    def heard(word: str) -> str:
        return word if word in HEARD else "unheard"

    assert chosen_of("PlainRoad", "back", said["back"], lang) == [heard(fate(record, 0))]
    if fate(record, 0) in HEARD and fate(record, 0) != "arrives":
        assert counted(scene, log10, said["count"])
    np.testing.assert_array_equal(scene.figure.valley.land.depth, net.depth)
    np.testing.assert_array_equal(scene.log10(0), record.mean_log10_relative()[0])
    assert chosen_of("PlainRoad", "first", said["first"], lang) == [heard(fate_of_weights(record, 0))]
    strong = store.fetch("profile", net.only(Network, gain=net.strong))
    assert ("strong" in said) == (net.norm == "none")
    if "strong" in said:
        assert chosen_of("PlainRoad", "strong", said["strong"], lang) == [heard(fate(strong, 0))]
    likeness = scene.likeness(0)
    assert not np.isfinite(likeness) or scene.numbers.decimal(float(likeness)) in said["arrived"]


def counted(scene: object, log10: float, sentence: str) -> bool:
    """Whether a sentence has a signal as it is counted: 9 of every million, or 40 for every 1."""
    if log10 >= 0:
        return (scene.agreed.signal if log10 < 3 else scene.agreed.count)(log10) in sentence
    many, few = scene.agreed.one_in(log10)
    return many in sentence and few in sentence.replace(many, "", 1)


@pytest.mark.parametrize("case", CASES)
def test_shortcuts_tells_its_own_truth(case: str) -> None:
    said, scene, net = tale("Shortcuts", case)
    record = store.fetch("profile", net.only(Network))
    for skip, clause in enumerate(said["counted"].removesuffix(".").split(". ")):
        log10 = record.mean_log10_relative()[skip, 0]
        if fate(record, skip) not in HEARD:
            assert re.search("no llega|no sale|no siempre", clause)
        elif fate(record, skip) != "arrives":
            assert counted(scene, log10, clause)
            assert ("de cada" in clause) == (log10 < 0)
        else:
            assert scene.agreed.signal(log10) in clause
    share = record.skip_share.mean()
    if np.isfinite(share):
        assert f"{scene.percents(share)} %" in said["fork"]
    assert ("exacta" in said["fork"]) == (np.isfinite(share) and not scene.outer)
    strong = store.fetch("profile", net.only(Network, gain=net.strong))
    anyway = net.norm == "none" and all(explodes(strong, skip) for skip in (0, 1))
    assert ("explotan las dos" in said["lesson"]) == anyway
    idle = store.fetch("activations", net.only(Activations, branch_scale=net.quiet)).cosine[1, scene.seed, -1, 0]
    assert ("intacta" in said["untouched"]) <= (round(float(idle), 2) == 1)


def test_the_three_presets_tell_three_stories() -> None:
    cases = ("vanishing", "exploding", "persisting")
    plain, residual = ({case: tale(name, case)[0] for case in cases} for name in ("PlainRoad", "Shortcuts"))
    assert "solo una parte" in plain["vanishing"]["back"] and "se disparan" in plain["exploding"]["back"]
    assert "explota" in residual["exploding"]["arrives"]
    assert "explota" not in residual["persisting"]["arrives"]


@pytest.mark.parametrize(("case", "shown"), [("deep", 15), ("vanishing", 15), ("default", 11), ("shallow", 3)])
def test_cargo_is_shown_of_at_most_so_many_states_and_the_chart_keeps_all(case: str, shown: int) -> None:
    _, scene, net = tale("PlainRoad", case)
    assert len(scene.shown) <= shown and scene.shown[0] == 0 and scene.shown[-1] == net.depth
    columns, _ = scene.figure.columns.heights()
    assert len(columns) == net.depth + 1
    known = np.isfinite(scene.figure.columns.log10)
    np.testing.assert_array_equal(np.isfinite(columns), known)
    assert (
        np.argsort(columns[known], kind="stable") == np.argsort(scene.figure.columns.log10[known], kind="stable")
    ).all()


def test_lights_are_as_many_as_the_record_says() -> None:
    """Linear: where a tenth of the signal is left, there is a tenth of the lights; what grows begins with few."""
    log10 = np.array([-4.0, -2.0, -1.0, 0.0])
    np.testing.assert_allclose(shares(log10), 10**log10)
    np.testing.assert_allclose(shares(-log10 / 2), 10 ** (-log10 / 2 - 2))
    assert shares(np.array([9.0, 6.0, 0.0])).tolist() == pytest.approx([1.0, 1.0, 1e-3])
    assert not shares(np.array([-np.inf, np.nan, 0.0]))[:2].any()


def test_the_images_are_the_records_own() -> None:
    _, scene, net = tale("Shortcuts", "default")
    record = store.fetch("activations", net.only(Activations))
    maps = record.maps[1, scene.seed, :, 0]
    for shown, image in zip(scene.load(1).images, maps, strict=True):
        np.testing.assert_allclose(shown, (image - image.min()) / np.ptp(image))
    x, F, H = scene.summands(4)
    np.testing.assert_allclose(H - x, F - (0.5 if F.mean() > 0.25 else 0.0), atol=1e-6)
