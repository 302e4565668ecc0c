"""PlusOne shows the record's own numbers and claims no more of them than is so, whatever the network."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import sim.params
from scenes.figures.blocks.derivation import Derivation, Sources
from scenes.film import CHAPTERS
from scenes.kit.claims import signals
from scenes.kit.claims.signals import division, fate
from scenes.kit.drawing.stage import stage_for
from scenes.kit.drawing.theme import theme_named
from scenes.kit.telling.narration import LANGUAGES
from scenes.plus_one import PlusOne
from scenes.studio.files.contact import at_beat_ends
from scenes.studio.look import Look, chosen
from sim import store
from sim.nets import measure
from sim.own.file import save
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
    "zero": "no llega nada",
    "underflows": "redondeo",
    "lost": "ya no es un número",
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
    for skip, (beat, rider, value) in enumerate(zip(("plain", "residual"), scene.riders, log10, strict=True)):
        assert re.search(SAID[fate(record, skip)], said[beat]), (said[beat], value)
        assert rider.words() == scene.agreed.signal(float(value))
        assert "(" not in said[beat] or f"({rider.words()})" in said[beat]
    gains = signals.block_gains(record, 0)
    if "menor que 1" in said["plain"]:
        assert (gains < 1).all()
    percent = re.search(r"el (\d+) %", said["share"])
    word = division(record)
    assert (percent is not None) == (word in ("most", "some"))
    assert percent is None or abs(int(percent[1]) - 100 * record.skip_share.mean()) <= 0.5
    everything = " ".join(said.values())
    assert not re.search(r"al menos|siempre|como mínimo", everything)
    assert ("copia exacta" in everything) == (not scene.after)


@pytest.mark.parametrize("net", ["default", "batch_norm"])
def test_what_is_multiplied_is_the_records(net: str) -> None:
    _, scene, _ = tale(net)
    log10 = record_of(net).mean_log10_relative()
    for rider, row in zip(scene.riders, log10, strict=True):
        found = [float(factor.removeprefix("×").replace(",", ".")) for factor in rider.factors]
        assert np.allclose(found, 10 ** (row[:-1] - row[1:]), atol=0.005)
        states = scene.figure.valley.land.states
        for state in (0, scene.depth // 2, scene.depth):  # what stands beside it is what is left there
            rider.u = float(states[state])
            assert rider.words() == ("1" if state == scene.depth else scene.agreed.signal(float(row[state])))
    assert np.prod(10 ** (log10[0, :-1] - log10[0, 1:])) == pytest.approx(10 ** log10[0, 0])
    assert np.array_equal(scene.shares.share, record_of(net).skip_share.mean(axis=0))
    assert np.array_equal(scene.pure.log10, np.zeros(scene.depth + 1)) and scene.pure.words() == "1"


def test_the_lights_part_as_measured() -> None:
    _, scene, _ = tale("default")
    share = np.clip(record_of("default").skip_share.mean(axis=0), 0, 1)
    assert np.allclose(scene.figure.high.weight, share) and np.allclose(scene.figure.low.weight, 1 - share)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("net", "aspect"), [("post", "1:1"), ("batch_norm", "9:16"), ("long gains", "1:1")])
def test_other_networks_fit_narrow_frames(net: str, aspect: str, lang: str) -> None:
    said, scene, wrong = tale(net, lang, aspect, "light")
    assert not wrong
    assert 45 <= scene.clock <= 80
    assert ("ReLU" in said["one"]) == bool(scene.after)


@pytest.mark.parametrize(
    ("sources", "letters"),
    [
        (Sources(), "JH H = JF F + I"),
        (Sources(scaled=True), "JH H = beta JF F + I"),
        (Sources(outer=True), "JH H = D open JF F + I close"),
        (Sources(scaled=True, outer=True), "JH H = D open beta JF F + I close"),
    ],
)
def test_equations_end_as_written(sources: Sources, letters: str) -> None:
    """After all turns the equation is the last one, whole, and nothing of the others is left; the formula is large."""
    stage = stage_for("16:9")
    derivation = Derivation(stage, theme_named("dark"), sources, 2.0, 14.0, 2.0)
    assert list(derivation.equation.letters) == [
        *("H", "="),
        *(("phi", "open") if sources.outer else ()),
        *(("beta",) if sources.scaled else ()),
        *("F", "+", "x"),
        *(("close",) if sources.outer else ()),
    ]
    for gesture in (derivation.differentiate, derivation.work_out, derivation.step_back):
        gesture().interpolate(1.0)
    assert derivation.equation.height >= 1.6
    derivation.begin_again()
    derivation.to_matrices().interpolate(1.0)
    (equation,) = derivation.holder
    assert list(equation.letters) == letters.split()
    assert equation.boxed == "I"
    assert all(letter.get_fill_opacity() == 1 for letter in equation.letters.values())


def test_a_network_of_ones_own(tmp_path: Path) -> None:
    """Its factors are its record's; where some shortcuts are no copies, no exact one is promised of all."""
    for name, factor in (("same", 1.0), ("half", 0.5)):
        save(tmp_path / f"{name}.npz", [measure(lambda f=factor: tower(3, f), "vector:4", examples=3, name=name)])
        with chosen(Look("es", network=str(tmp_path / f"{name}.npz"))):
            scene = at_beat_ends(CHAPTER, lambda *_: None)
        said = {beat.name: beat.text for beat in scene.timeline().beats}
        assert scene.depth == 3 and scene.riders[1].words() == scene.agreed.signal(scene.journey.log10[1, 0])
        assert ("route" in said) == (factor == 1)
        assert ("en 2 bloques de esta red, el atajo lleva además un factor" in said["one"]) == (factor != 1)


class Block(nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.layer, self.factor = nn.Linear(4, 4), factor

    def forward(self, x: Tensor) -> Tensor:
        skip = x if self.factor == 1 else self.factor * x
        return skip + torch.tanh(self.layer(x))


def tower(depth: int, factor: float) -> nn.Module:
    return nn.Sequential(Block(1.0), *(Block(factor) for _ in range(depth - 1)))


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
    record = record_of("default")
    assert division(replace(record, skip_share=np.full_like(record.skip_share, share))) == word
