"""Numbers as they stand on screen."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.kit.drawing.numbers import Numbers, power

ES, EN = Numbers(","), Numbers(".")


@pytest.mark.parametrize(
    ("log10", "written"),
    [
        (0.0, "1,0"),
        (math.log10(0.854), "0,85"),
        (math.log10(0.0093), "0,009"),
        (math.log10(21.4), "21"),
        (math.log10(999.4), "1000"),
        (3.0, "10³"),
        (-8.02, "10⁻⁸"),
        (-13.5, "3×10⁻¹⁴"),
        (-13.01, "10⁻¹³"),
        (4.39, "2×10⁴"),
        (-145.3, "10⁻¹⁴⁵"),
        (-math.inf, "0"),
        (math.inf, "∞"),
        (math.nan, "?"),
    ],
)
def test_signals(log10: float, written: str) -> None:
    assert ES.signal(log10) == written


def test_decimals_follow_the_language() -> None:
    assert (ES.decimal(-0.854), EN.decimal(-0.854)) == ("−0,85", "−0.85")
    assert (ES.significant(1.3951, 3), EN.significant(0.0997, 2)) == ("1,40", "0.10")


def read(text: str) -> float:
    """The logarithm that a written signal stands for."""
    plain = text.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")).replace(",", ".")
    if "×10" in plain:
        mantissa, exponent = plain.split("×10")
        return math.log10(float(mantissa)) + float(exponent)
    return (
        float(plain[2:]) if text.startswith("10") and text != power(0) and plain != text else math.log10(float(plain))
    )


@given(st.floats(-99, 99))
def test_what_is_written_is_what_was_measured(log10: float) -> None:
    """One significant digit at least: never off by more than half of it."""
    assert abs(read(ES.signal(log10)) - log10) < 0.18


@pytest.mark.parametrize(
    ("log10", "written"),
    [
        (math.log10(0.154), "×0,15"),
        (math.log10(1.034), "×1,03"),
        (math.log10(36.2), "×36"),
        (5.95, "×10⁶"),
        (-50.2, "×10⁻⁵⁰"),
        (-math.inf, "×0"),
        (math.nan, "–"),
    ],
)
def test_factors(log10: float, written: str) -> None:
    assert ES.factor(log10) == written
