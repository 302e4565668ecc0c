"""As many digits as seeds agree on, and one rounding for one quantity."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.kit.drawing.numbers import Numbers
from scenes.kit.reading.agreement import digits_of, digits_of_logs
from scenes.kit.telling.network import agreed

ES, EN = Numbers(","), Numbers(".", "", "million", "%", "million")
ROAD = [-9.931, -8.423, -8.231, -8.335, -8.38]  # five seeds that agree on no digit: 10⁻⁸ for one, 10⁻¹⁰ for another


@pytest.mark.parametrize(
    ("logs", "digits"),
    [
        (ROAD, 0),
        ([7.9, 8.2, 8.5, 8.3, 7.8], 1),  # 77 to 316 million: one digit, not 150
        ([0.069, 0.179, 0.105, 0.181, 0.127], 2),
        ([-3.0, -3.0], 2),
        ([-8.0], 2),  # one seed agrees with itself
    ],
)
def test_digits_of_a_signal(logs: list[float], digits: int) -> None:
    assert digits_of_logs(logs) == digits


def test_digits_of_a_share() -> None:
    assert [digits_of(values) for values in ([0.95, 0.96, 0.955], [0.2, 0.5, 0.8], [0.4], [0, 0], [0, 1, 0, 0])] == [
        2,
        1,
        2,
        2,
        1,
    ]


@given(st.lists(st.floats(-40, 40), min_size=2, max_size=6), st.floats(0.01, 1))
def test_other_seeds_would_not_change_a_digit_by_more_than_they_scatter(logs: list[float], share: float) -> None:
    """A digit that is told has a unit no smaller than the standard error; the next one, if there were, would not."""
    digits, mean = int(digits_of_logs(logs)), float(np.mean(logs))
    error = 10**mean * math.expm1(math.log(10) * float(np.std(logs, ddof=1)) / math.sqrt(len(logs)))
    leading = 10.0 ** math.floor(mean)
    assert digits == 0 or error <= leading * 10.0 ** (1 - digits) * (1 + 1e-9)
    assert digits == 2 or error >= leading * 10.0**-digits * (1 - 1e-9)


@given(st.floats(-30, -0.31), st.integers(0, 2))
def test_a_value_and_its_count_are_one_number(log10: float, digits: int) -> None:
    """0,15 is 15 of every 100, and 9×10⁻⁶ is 9 of every million; never another rounding."""
    exponent, few = ES.parts(log10, digits)
    value = ES.signal(log10, digits)
    written = value.replace(",", ".").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
    plain = written.startswith("0.")
    mantissa, power = ("1", written[2:]) if written.startswith("10") else written.partition("×10")[::2]
    number = float(written) if plain else float(mantissa) * 10.0 ** int(power)
    assert int(few) * 10.0**-exponent == pytest.approx(number, rel=1e-9)


def test_counts_are_words() -> None:
    told = [ES.one_in(log10, digits) for log10, digits in ((-8.66, 0), (-5.03, 1), (-0.82, 2), (-3, 1), (-6, 0))]
    assert told == [("10⁹", "1"), ("millón", "9"), ("100", "15"), ("mil", "1"), ("millón", "1")]
    assert [EN.one_in(log10)[0] for log10 in (-3, -4.3, -6.0)] == ["1,000", "100,000", "million"]
    assert [ES.count(log10) for log10 in (3, 6, 6.5, 8.7)] == ["mil", "1 millón", "3 millones", "500 millones"]
    assert [ES.count(log10, 0) for log10 in (1.6, 5.9, 8.7)] == ["40", "1 millón", "10⁹"]


def test_signals_are_written_as_their_own_seeds_agree() -> None:
    """Far from the loss, where seeds scatter, less is told than near it."""
    steps = np.linspace(1, 0, 11)
    logs = np.array([[row * end for row in steps] for end in ROAD])[None]
    numbers = agreed(ES, SimpleNamespace(gradient_signal=10.0**logs))
    assert numbers.signal(float(logs.mean(axis=1)[0, 0])) == "10⁻⁹" and ES.signal(-8.66) == "2×10⁻⁹"
    assert numbers.signal(0.0) == "1,0"
    assert numbers.factor(math.log10(0.154)) == "×0,15"
