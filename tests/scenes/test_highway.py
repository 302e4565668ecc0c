"""PlainRoad and Shortcuts say what was measured, on any network, and their frames can be made in slices."""

from __future__ import annotations

import re

import numpy as np
import pytest

import sim.params
from scenes.kit.claims import signals
from scenes.kit.telling.narration import LANGUAGES
from sim import store
from sim.experiments.activations import Activations
from sim.sections.network import Network
from tests.conftest import ROOT
from tests.scenes.telling import told

PRESETS = ROOT / "assets" / "params"
LESS = ["highway.seeds=2", "highway.batch=8"]
MATRICES = ["highway.block=mlp", "highway.width=64"]
CASES: dict[str, tuple[str | None, list[str]]] = {
    name: (str(PRESETS / f"{name}.toml"), LESS) for name in ("vanishing", "exploding", "persisting", "batch_norm")
}
CASES |= {
    "default": (None, LESS),
    "dead": (None, [*LESS, "highway.gain=1e-300", "highway.depth=4"]),
    "overflowing": (None, [*LESS, *MATRICES, "highway.gain=1000", "highway.depth=110", "highway.strong=900"]),
    "post linear": (None, [*LESS, "highway.order=post", "highway.activation=linear", "highway.depth=3"]),
    "shallow": (None, [*LESS, "highway.depth=2", "highway.traffic=6"]),
    "deep": (None, [*LESS, *MATRICES, "highway.depth=110"]),
}
VERDICTS = {  # what only this verdict's sentences say
    "es": {"toll": {"vanishes": "se apaga hasta", "fades": "débil", "arrives": "se queda en", "grows": "crece hasta",
                    "explodes": "desboca", "zero": "se pierde", "lost": "se desborda", "underflows": "redondeo",
                    "silent": "no sale", "partly": "en algunas"},
           "weights": {"vanishes": "se desvanecen", "fades": "más débiles que", "arrives": "como las del último",
                       "grows": "mayores que", "explodes": "explotan", "unheard": "puedan usar"}},
    "en": {"toll": {"vanishes": "dies down", "fades": "arrives weak", "arrives": "comes to", "grows": "grows",
                    "explodes": "runs wild", "zero": "is lost", "lost": "overflows", "underflows": "rounded",
                    "silent": "No signal", "partly": "in some"},
           "weights": {"vanishes": "have vanished", "fades": "weaker", "arrives": "like those", "grows": "larger",
                       "explodes": "they explode", "unheard": "Nothing"}},
}  # fmt: skip


def tale(name: str, case: str, lang: str = "es") -> tuple[dict[str, str], object, object]:
    """What a chapter says at each beat, the scene, and the network's parameters."""
    params, sets = CASES[case]
    telling = told(name, lang, params, sets)
    return telling.said, telling.scene, sim.params.load(params, sets).highway


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_the_plain_road_tells_its_own_truth(case: str, lang: str) -> None:
    said, scene, net = tale("PlainRoad", case, lang)
    log10 = store.fetch("profile", net.only(Network)).mean_log10_relative()[0, 0]
    verdict = signals.fate(store.fetch("profile", net.only(Network)), 0)
    found = [word for word, phrase in VERDICTS[lang]["toll"].items() if phrase in said["back"]]
    assert found == [verdict]
    if verdict in ("vanishes", "fades"):
        assert scene.numbers.count(-log10) in said["count"]
    if verdict in ("grows", "explodes"):
        assert scene.numbers.count(log10) in said["count"]
    np.testing.assert_array_equal(
        scene.trip.log10[0], store.fetch("profile", net.only(Network)).mean_log10_relative()[0]
    )
    heard = [word for word, phrase in VERDICTS[lang]["weights"].items() if phrase in said["first"]]
    weights = signals.fate_of_weights(store.fetch("profile", net.only(Network)), 0)
    assert heard == [weights if weights in signals.HEARD else "unheard"]
    likeness = scene.trip.likeness[0, -1]
    assert not np.isfinite(likeness) or scene.numbers.decimal(float(likeness)) in said["arrived"]


@pytest.mark.parametrize("case", CASES)
def test_shortcuts_tells_its_own_truth(case: str) -> None:
    said, scene, net = tale("Shortcuts", case)
    record = store.fetch("profile", net.only(Network))
    plain, residual = record.mean_log10_relative()[:, 0]
    for clause, log10 in zip(said["counted"].removesuffix(".").split(". "), (plain, residual), strict=True):
        if not np.isfinite(log10):
            assert re.search("no llega", clause)
        elif signals.verdict(log10) != "arrives":
            assert scene.numbers.count(abs(log10)) in clause
            assert ("de cada" in clause) == (log10 < 0)
        else:
            assert scene.numbers.signal(log10) in clause
    share = record.skip_share.mean()
    if np.isfinite(share):
        assert f"{scene.numbers.significant(100 * share)} %" in said["fork"]
    assert ("exacta" in said["fork"]) == (np.isfinite(share) and not scene.outer)
    assert ("que no los paga" in said["lesson"]) == (not scene.outer)
    idle = store.fetch("activations", net.only(Activations, branch_scale=net.quiet)).cosine[1, scene.seed, -1, 0]
    assert ("intacta" in said["untouched"]) == (round(float(idle), 2) == 1)


def test_the_three_presets_tell_three_stories() -> None:
    cases = ("vanishing", "exploding", "persisting")
    plain, residual = ({case: tale(name, case)[0] for case in cases} for name in ("PlainRoad", "Shortcuts"))
    assert "se apaga" in plain["vanishing"]["back"] and "se desboca" in plain["exploding"]["back"]
    assert "explota" in residual["exploding"]["arrives"]
    assert "explota" not in residual["persisting"]["arrives"]


@pytest.mark.parametrize(("case", "drawn"), [("deep", 11), ("vanishing", 14), ("default", None), ("shallow", None)])
def test_a_sample_of_the_tolls_is_called_one(case: str, drawn: int | None) -> None:
    _, scene, net = tale("PlainRoad", case)
    tolls = scene.figure.plan.tolls
    line = " ".join(label.words for label in scene.figure.title)
    if drawn is None:
        assert len(tolls) == net.depth and "se dibujan" not in line
    else:
        assert len(tolls) == drawn and f"se dibujan {drawn} de {net.depth} peajes" in line
    assert len(scene.trip.log10[0]) == net.depth + 1  # the chart keeps all
    places = scene.figure.axis.nodes(net.depth)[::-1][list(scene.trip.states)]
    np.testing.assert_allclose(places, scene.figure.plan.x)  # and stands right under the road


def test_the_images_are_the_records_own() -> None:
    _, scene, net = tale("Shortcuts", "default")
    record = store.fetch("activations", net.only(Activations))
    maps = record.maps[1, scene.seed, :, 0]
    shelf = scene.figure.shelf
    for place, image in zip(shelf.places, maps, strict=True):
        np.testing.assert_allclose(place.values, (image - image.min()) / np.ptp(image))
    x, F, H = scene.summands(4)
    np.testing.assert_allclose(H - x, F - (0.5 if F.mean() > 0.25 else 0.0), atol=1e-9)
