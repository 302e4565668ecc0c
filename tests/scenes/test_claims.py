"""What a caption claims is what the record says, whatever the parameters."""

from __future__ import annotations

import re

import numpy as np
import pytest

import sim.params
from scenes.film import CHAPTERS
from scenes.kit.claims.signals import BOUNDS
from scenes.kit.reading.agreement import digits_of_logs, logs_of
from scenes.kit.telling.narration import LANGUAGES
from sim import store
from tests.conftest import SMALL_FILE
from tests.scenes.telling import told

CHAPTER = next(chapter for chapter in CHAPTERS if chapter.name == "GradientFlow")
SETS = {
    "vanishing": ["profile.depth=9", "gradient_flow.depths=[6,12]"],
    "exploding": ["profile.gain=6", "gradient_flow.depths=[6,12]", "profile.width=64"],
    "persisting": ["profile.branch_scale='1/sqrt(depth)'", "profile.gain=1.0"],
    "post": ["profile.order=post", "profile.activation=relu", "profile.gain=he", "profile.layers_per_block=2"],
    "dead": ["profile.gain=1e-300", "profile.depth=4"],
    "overflowing": ["profile.gain=1000", "profile.activation=linear", "profile.layers_per_block=2"]
    + ["gradient_flow.depths=[2,56]"],
    "deeper": ["profile.depth=12", "gradient_flow.depths=[4,8]"],
}
VERBS = {  # what the sentences say of a network, and the powers of ten for which that is true
    "es": {"se apaga": "vanishes", "se atenúa": "fades", "llega": "arrives", "crece": "grows", "explota": "explodes"},
    "en": {"dies out": "vanishes", "weakens": "fades", "arrives": "arrives", "grows": "grows", "explodes": "explodes"},
}
LIMITS = dict(
    zip([*BOUNDS, "explodes"], zip([-np.inf, *BOUNDS.values()], [*BOUNDS.values(), np.inf], strict=True), strict=True)
)


def captions(lang: str, sets: list[str]) -> dict[str, str]:
    """What is said at each beat."""
    return told(CHAPTER, lang, SMALL_FILE, sets).said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", SETS)
def test_depth_beats_say_what_was_measured(case: str, lang: str) -> None:
    said = captions(lang, SETS[case])
    params = sim.params.load(SMALL_FILE, SETS[case])
    stops = sorted({*params.gradient_flow.depths, params.profile.depth})
    for depth in stops[1:]:
        record = store.fetch("profile", params.profile.replace(depth=depth))
        both = record.mean_log10_relative()[:, 0]
        digits = [int(digits_of_logs(logs[:, 0])) for logs in logs_of(record)]
        if depth < stops[-1]:  # told in passing: numbers alone
            _, numbers = said[f"depth_{depth}"].removesuffix(".").split(": ")
            both_told = re.split("; con atajos, |; with shortcuts, ", numbers)
            assert len(both_told) == 2
            for number, log10, few in zip(both_told, both, digits, strict=True):
                assert not np.isfinite(log10) or is_told(number, log10, few, lang), number
            continue
        clauses = said[f"depth_{depth}"].split("; ")
        assert len(clauses) == 2
        for clause, log10, few in zip(clauses, both, digits, strict=True):
            verb = next((verb for verb in VERBS[lang] if f" {verb} (" in clause), None)
            if verb is None:
                assert not np.isfinite(log10), clause
                continue
            low, high = LIMITS[VERBS[lang][verb]]
            assert low <= log10 < high, clause
            assert is_told(re.search(r"\((.+?)\)", clause)[1], log10, few, lang), clause


def is_told(number: str, log10: float, digits: int, lang: str) -> bool:
    """Whether a number as it is written is what was measured: the power of ten next to it, and no more, where seeds
    agree on no digit; else a digit or two, and off by no more than half a unit of the last one."""
    told = power_of(number, lang)
    if -3 <= log10 < 3:
        digits = 1 if log10 < -2 else max(1, digits)
    elif digits == 0:
        return bool(told == round(log10))
    unit = 10.0 ** (np.floor(told + 1e-9) - (digits - 1 if -3 <= log10 < 3 else 0))
    return bool(abs(10.0**told - 10.0**log10) <= 0.5001 * unit)


def power_of(number: str, lang: str) -> float:
    """The logarithm of a number as it is written."""
    number = number.replace("," if lang == "es" else ".", ".")
    plain = number.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
    if plain == number:
        return np.log10(float(number))
    mantissa, _, power = plain.rpartition("×")
    return np.log10(float(mantissa or 1)) + float(power[2:])


def test_the_three_stories_differ() -> None:
    vanishing = captions("es", SETS["vanishing"])["depth_12"]
    exploding = captions("es", SETS["exploding"])["depth_12"]
    assert "se apaga" in vanishing
    assert "explota" in exploding or "crece" in exploding
