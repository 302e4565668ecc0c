"""PlusOne shows the record's own numbers and claims no more of them than is so, whatever the network."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pytest

import sim.params
from scenes.film import CHAPTERS
from scenes.kit.claims.signals import activated, division, fate
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.telling.narration import LANGUAGES
from scenes.plus_one import PlusOne
from sim import store
from sim.sections.network import Network
from tests.conftest import ROOT
from tests.scenes.telling import told

CHAPTER = next(chapter for chapter in CHAPTERS if chapter.name == "PlusOne")
QUICK = ["highway.seeds=2", "highway.batch=8"]
PRESETS = ("vanishing", "exploding", "persisting", "batch_norm")
NETS = {
    "default": (None, []),
    **{name: (f"{name}.toml", []) for name in PRESETS},
    "post": (None, ["highway.order=post"]),
    "one block": (None, ["highway.depth=1"]),
    "dead": (None, ["highway.gain=1e-300", "highway.depth=4"]),
    "overflowing": (None, ["highway.gain=1000", "highway.activation=linear", "highway.depth=60"]),
    "cancelling": (None, ["highway.branch_scale=-1", "highway.activation=linear", "highway.gain=1"]),
    "long gains": (None, ["highway.gain=1e-50", "highway.block=mlp", "highway.width=64", "highway.layers_per_block=1"]),
}
SAID = {  # in the sentences on what arrives, by verdict
    "vanishes": "casi no llega nada",
    "fades": r"llega solo|llega débil",
    "arrives": r"aún llega|llega a la entrada",
    "grows": r"crecida|más grande",
    "explodes": "desbocada",
    "zero": "se pierde del todo",
    "underflows": "redondeo",
    "lost": "no es un número",
}


def tale(net: str, lang: str = "es", aspect: str = "16:9", theme: str = "dark") -> tuple[dict[str, str], PlusOne, dict]:
    """What is said at each beat, the scene, and what is wrong with its layout."""
    file, sets = NETS[net]
    telling = told(CHAPTER, lang, preset(file), [*QUICK, *sets], theme, aspect)
    return telling.said, telling.scene, telling.wrong


def preset(file: str | None) -> str | None:
    return str(ROOT / "assets" / "params" / file) if file else None


def record_of(net: str):
    file, sets = NETS[net]
    params = sim.params.load(preset(file), [*QUICK, *sets])
    return store.fetch("profile", params.highway.only(Network))


@pytest.mark.parametrize("net", NETS)
def test_what_arrives_is_what_was_measured(net: str) -> None:
    said, scene, wrong = tale(net)
    assert not wrong
    record = record_of(net)
    log10 = record.mean_log10_relative()[:, 0]
    for skip, (beat, chain, value) in enumerate(zip(("plain", "residual"), scene.figure.chains, log10, strict=True)):
        assert re.search(SAID[fate(record, skip)], said[beat]), (said[beat], value)
        assert chain.arrived.words == Numbers(",").signal(float(value))
        assert "(" not in said[beat] or f"({chain.arrived.words})" in said[beat]
    share = record.skip_share.mean()
    percent = re.search(r"(\d+) %", said["share"])
    assert (percent is not None) == (division(record) in ("most", "some"))
    assert percent is None or int(percent[1]) == round(100 * share)
    everything = " ".join(said.values())
    assert not re.search(r"al menos|siempre|como mínimo", everything)
    assert ("copia exacta" in everything) == (not activated(record))


@pytest.mark.parametrize("net", ["default", "batch_norm"])
def test_gains_under_the_blocks_are_the_records(net: str) -> None:
    _, scene, _ = tale(net)
    log10 = record_of(net).mean_log10_relative()
    share = record_of(net).skip_share.mean(axis=0)
    for chain, row in zip(scene.figure.chains, log10, strict=True):
        found = [float(gain.words.removeprefix("×").replace(",", ".")) for gain in chain.gains]
        at = np.array(scene.blocks) - 1
        assert np.allclose(found, 10 ** (row[:-1] - row[1:])[at], atol=0.005)
        assert np.array_equal(chain.measured.log10, row[scene.states])
        assert np.array_equal(chain.measured.share, share[at])
    if len(scene.blocks) == scene.net.depth:
        assert np.prod(10 ** (log10[0, :-1] - log10[0, 1:])) == pytest.approx(10 ** log10[0, 0])


def test_bars_divide_as_the_record_does() -> None:
    _, scene, _ = tale("batch_norm")
    chain = scene.figure.chains[1]
    copies = chain.copies.points.reshape(len(scene.blocks), -1, 3)
    branches = chain.branches.points.reshape(len(scene.blocks), -1, 3)
    copy, rest = np.ptp(copies[:, :, 0], axis=1), np.ptp(branches[:, :, 0], axis=1)
    assert np.allclose(copy / (copy + rest), chain.measured.share)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("net", "aspect"), [("post", "1:1"), ("batch_norm", "9:16"), ("long gains", "1:1")])
def test_other_networks_fit_narrow_frames(net: str, aspect: str, lang: str) -> None:
    said, scene, wrong = tale(net, lang, aspect, "light")
    assert not wrong
    assert 45 <= scene.clock <= 70
    if net == "post":
        assert "ReLU" in said["one"]
    drawn = scene.figure.words["note"]
    assert (f"{len(scene.blocks)}" in drawn and f"{scene.net.depth}" in drawn) or len(scene.blocks) == scene.net.depth


def test_equations_end_as_written() -> None:
    """After all turns the equation is the last one, whole, and nothing of the others is left."""
    _, scene, _ = tale("default")
    (equation,) = scene.figure.equation
    assert list(equation.letters) == ["JH", "H", "=", "I", "+", "JF", "F"]
    assert equation.boxed == "I"
    assert all(letter.get_fill_opacity() == 1 for letter in equation.letters.values())
    heights = {name: letter.get_bottom()[1] for name, letter in equation.letters.items()}
    assert heights["JF"] == pytest.approx(heights["JH"])


@pytest.mark.parametrize(
    ("share", "word"),
    [
        (0.96, "most"),
        (0.5, "some"),
        (0.999, "all"),
        (1.2, "over"),
        (0.001, "none"),
        (-0.4, "against"),
        (np.nan, "lost"),
    ],
)
def test_words_for_shares(share: float, word: str) -> None:
    assert division(SimpleNamespace(skip_share=np.full((1, 1), share))) == word
    if word == "over":
        scene = told(CHAPTER, "en", sets=QUICK).scene
        assert "subtracts" in " ".join(scene.narration.sentences("share", lambda _, claim: claim == word))
