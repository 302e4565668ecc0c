"""WhyOne: the numbers are those of records, and of λ to the power of the depth; what it says follows them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from scenes.film import ENCORE, FILM
from scenes.kit.claims.signals import fate
from scenes.kit.claims.skips import WHY_ONE, Skips, arriving
from scenes.kit.reading.agreement import digits_of_logs, logs_of
from scenes.studio.look import Look, chosen
from scenes.why_one import THEIRS, WhyOne
from sim.chapters import WhyOne as Table
from sim.measure.profile import profile
from sim.records.record import RESIDUAL
from tests.kit.claims.drawn import NETWORKS, PARAMETERS, small
from tests.scenes.telling import tell, told

CHAPTER = next(chapter for chapter in ENCORE if chapter.name == "WhyOne")
SMALL = [f"why_one.{key}" for key in ("depth=3", "width=16", "batch=8", "seeds=2")]
BEATS = ["one", "less", "more", "live", "gate", "projection", "theirs", "lesson"]


def measured(table: Table) -> Skips:
    """The records of the clip, computed here."""
    scales = [(scale, branches) for branches in (True, False) for scale in (table.less, 1.0, table.more)]
    return Skips(*(profile(table.with_skip(*one)) for one in [*scales, ("gate", True), ("projection", True)]))


def words(facts: Skips) -> dict[str, str]:
    """The claim that holds of each family; exactly one."""
    found = {}
    for beat, claims in WHY_ONE.items():
        held = [word for word, holds in claims.items() if word not in ("kept", "tidier", "agree") and holds(facts)]
        assert len(held) == (beat != "theirs")
        found[beat] = "".join(held)
    return found


@settings(max_examples=10, derandomize=True)
@given(NETWORKS)
def test_claims_hold_of_whatever_was_measured(keys: dict[str, Any]) -> None:
    keys = {"batch": 4} | keys | {"depth": min(keys["depth"], 7)}
    table = small(PARAMETERS.why_one, keys)
    facts = measured(table)
    said = words(facts)
    for beat, record, scale in (("less", facts.alone_less, table.less), ("more", facts.alone_more, table.more)):
        if said[beat] == "power":
            assert math.isclose(arriving(record), table.depth * math.log10(scale), abs_tol=1e-4)
    if WHY_ONE["more"]["kept"](facts):
        assert math.isclose(10 ** arriving(facts.alone_one), 1.0, rel_tol=1e-6)
    for beat, record in (("gate", facts.gate), ("projection", facts.projection)):
        assert said[beat] in (fate(record, RESIDUAL), "unheard")
    if WHY_ONE["live"]["tidier"](facts):
        assert table.less**table.depth < 0.51 and abs(arriving(facts.less)) < abs(arriving(facts.one))
    if WHY_ONE["theirs"]["agree"](facts):
        assert abs(arriving(facts.one)) < abs(arriving(facts.gate))


@pytest.mark.parametrize(("lang", "telling", "most"), [("es", "brief", 50), ("en", "full", 90)])
def test_the_clip_is_short_and_its_pictures_are_sound(lang: str, telling: str, most: float) -> None:
    found = told(CHAPTER, lang, telling=telling)
    assert found.wrong == {}
    assert list(found.said) == BEATS
    assert found.scene.clock <= most


@pytest.mark.parametrize(("theme", "aspect"), [("light", "9:16"), ("dark", "1:1")])
def test_other_formats_and_a_short_road(theme: str, aspect: str) -> None:
    found = told(CHAPTER, "es", sets=SMALL, theme=theme, aspect=aspect)
    assert found.wrong == {} and list(found.said) == BEATS


def test_it_says_what_the_records_say() -> None:
    found = told(CHAPTER)
    facts, numbers = found.scene.facts, found.scene.numbers
    ends = {"less": facts.alone_less, "more": facts.alone_more, "gate": facts.gate, "projection": facts.projection}
    for beat, record in ends.items():
        digits = int(digits_of_logs(logs_of(record)[RESIDUAL, :, 0]))
        assert numbers.signal(float(record.mean_log10_relative()[RESIDUAL, 0]), digits) in found.said[beat]
    assert math.isclose(arriving(facts.alone_less), 56 * math.log10(0.9), abs_tol=1e-9)
    assert "Y 1, las veces que sea, da 1" in found.said["more"]
    assert "lo ponen las ramas" in found.said["live"]  # at the defaults 0.9 looks better than 1
    assert all(numbers.decimal(THEIRS[name]) in found.said["theirs"] for name in ("copy", "gate", "projection"))


@pytest.mark.parametrize(
    ("sets", "beat", "so", "never"),
    [
        (["why_one.order=post", "why_one.activation=relu"], "less", "las activaciones", "veces"),
        (["why_one.gate_bias=-60"], "gate", "llega", "casi nada"),
        (["why_one.gate_bias=60", "why_one.depth=12", "why_one.gain=0.01"], "gate", "casi no llega nada", "crecida"),
        (["why_one.branch_scale=0"], "live", "llega lo mismo", "vivas"),
        (["why_one.depth=1"], "less", "1 vez", "veces"),
        (
            ["why_one.gain=1000", "why_one.activation=relu", "why_one.layers_per_block=2", "why_one.depth=60"],
            "live",
            "se desborda",
            "None",
        ),
    ],
)
def test_other_parameters_say_what_is_so(sets: list[str], beat: str, so: str, never: str) -> None:
    found = tell(CHAPTER, sets=[*SMALL, *sets])
    assert found.wrong == {}
    assert so in found.said[beat] and never not in found.said[beat], found.said[beat]


def test_a_gate_that_is_open_is_the_copy_and_the_network_has_its_shortcuts_whatever_others_have() -> None:
    open_gate = measured(
        small(PARAMETERS.why_one, {"gate_bias": -60.0, "depth": 4, "width": 8, "batch": 4, "seeds": 1})
    )
    np.testing.assert_allclose(open_gate.gate.gradient_signal, open_gate.one.gradient_signal, rtol=1e-9)
    assert list(tell(CHAPTER, sets=[*SMALL, "network.skip_scale=0.9"]).said) == BEATS


def test_a_network_of_ones_own_is_refused_with_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.npz").touch()
    with chosen(Look(network=str(tmp_path / "own.npz"))), pytest.raises(SystemExit):
        WhyOne()
    assert "puts other things on shortcuts than they have" in capsys.readouterr().err
    assert CHAPTER not in FILM
