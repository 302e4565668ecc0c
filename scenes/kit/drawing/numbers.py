"""Numbers as each language writes them: 0,85 in Spanish, 0.85 in English, 10⁻⁸ in both."""

from __future__ import annotations

import math
from dataclasses import dataclass

MOST_DIGITS = 2  # of what was measured
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def raised(exponent: int) -> str:
    """``⁻⁸``."""
    return str(exponent).translate(_RAISED)


def power(exponent: int) -> str:
    """``10⁻⁸``."""
    return f"10{raised(exponent)}"


@dataclass(frozen=True)
class Numbers:
    """How one language writes numbers; its decimal mark and its words stand in the narration file.

    ``digits`` are significant ones, 0 to 2: where they are not given, as many as :meth:`digits_of` says.
    """

    decimal_mark: str
    thousand: str = "mil"
    million: str = "millones"
    percent: str = " %"  # the sign, with the space that goes before it
    one_million: str = "millón"

    def digits_of(self, log10: float) -> int:
        """How many digits of a signal are told."""
        return MOST_DIGITS

    def decimal(self, value: float, digits: int = 2) -> str:
        """``value`` with a fixed number of decimals and a true minus sign; what is written as 0 has none."""
        return f"{value:z.{digits}f}".replace("-", "−").replace(".", self.decimal_mark)

    def significant(self, value: float, digits: int = 2) -> str:
        """``value`` to ``digits`` significant digits in plain notation, trailing zeros kept: 0,85, 1,4, 36."""
        if value == 0:
            return "0"
        magnitude = math.floor(math.log10(abs(float(f"{value:.{digits - 1}e}"))))
        return self.decimal(round(value, digits - 1 - magnitude), max(0, digits - 1 - magnitude))

    def percents(self, share: float, digits: int = 2) -> str:
        """A share in percent, to some digits, but at least to whole percents, so that 96 is not 100; nor is what is
        nearly none, or nearly all, said to be that: <0,01; 99,96; >99,99."""
        if not math.isfinite(share):
            return "?"
        percent = 100 * share
        if 0 < percent < 0.01:
            return f"<{self.decimal(0.01)}"
        if 99.5 <= percent < 100:
            return self.decimal(percent, 1 + (percent >= 99.95)) if percent < 99.995 else f">{self.decimal(99.99)}"
        return self.significant(percent, max(digits, 1 + (percent >= 9.5)))

    def misread(self, percent: float) -> str:
        """How many of a hundred digits are misread: whole ones, and below 1 to one digit, 76, 1, 0,8. Seeds agree on no
        more."""
        return self.significant(percent, 1 + (percent >= 9.5)) if math.isfinite(percent) else "?"

    def signal(self, log10: float, digits: int | None = None) -> str:
        """A ratio given by its decimal logarithm: plain between 0,001 and 1000, else one digit times a power of ten; of
        no digits the power alone.

        −∞ is an exact zero, +∞ and NaN have no number: ``0``, ``∞`` and ``?``.
        """
        if math.isnan(log10):
            return "?"
        if math.isinf(log10):
            return "0" if log10 < 0 else "∞"
        digits = self.digits_of(log10) if digits is None else digits
        if -3 <= log10 < 3:
            return self.significant(10**log10, 1 if log10 < -2 else max(1, digits))
        mantissa, exponent = _one_digit(log10, digits)
        return power(exponent) if mantissa == 1 else f"{mantissa}×{power(exponent)}"

    def count(self, log10: float, digits: int | None = None) -> str:
        """How many 10^log10 ≥ 1 are, as one says it: 1,4; 40; 3 mil or, where there is no word, 3,000; 200 millones;
        from a milliard on 10¹¹. From 10 on to one digit, or to a power of ten."""
        if not math.isfinite(log10):
            return "∞" if log10 > 0 else "?"
        digits = self.digits_of(log10) if digits is None else digits
        digits = max(digits, int(log10 < 3))  # where signals, too, stand in plain notation
        if log10 < 0.9978 and digits > 1:  # what does not round up to 10
            return self.significant(10**log10).removesuffix(f"{self.decimal_mark}0")
        mantissa, exponent = _one_digit(log10, digits)
        if exponent >= 9:
            return power(exponent)
        value = mantissa * 10**exponent
        if value >= 1_000_000:
            millions = value // 1_000_000
            return f"{millions} {self.million if millions > 1 else self.one_million}"
        if value >= 1_000:
            thousands = f"{value // 1_000} {self.thousand}" if value >= 2_000 else self.thousand
            return thousands if self.thousand else f"{value:,}"
        return str(value)

    def one_in(self, log10: float, digits: int | None = None) -> tuple[str, str]:
        """A ratio below 1 as one says it, with the digits of :meth:`signal`: of every 10⁹ (as a count), 6."""
        if not math.isfinite(log10):
            return "?", "?"
        exponent, few = self.parts(log10, digits)
        return self.count(exponent, 1).removeprefix("1 "), few

    def parts(self, log10: float, digits: int | None = None) -> tuple[int, str]:
        """k and n of n in 10^k, which a ratio below 1 is to its digits."""
        digits = self.digits_of(log10) if digits is None else digits
        if digits > 1 and log10 >= -2:
            exponent = 2 if log10 >= math.log10(0.0995) else 3
            return exponent, str(round(10 ** (log10 + exponent)))
        mantissa, exponent = _one_digit(log10, max(digits, int(log10 >= -3)))
        return -exponent, str(mantissa)

    def small(self, value: float, digits: int | None = None) -> str:
        """A value that is not negative, zero told apart from the smallest number."""
        return "0" if value == 0 else self.signal(math.log10(value), digits) if value > 0 else "?"

    def factor(self, log10: float) -> str:
        """One factor of a product, given by its decimal logarithm: ×0,15, ×1,03; far from 1 a power of ten alone.

        Two decimals near 1, where factors of one product differ by little. NaN, zero by zero, is no factor: ``–``.
        """
        if math.isnan(log10):
            return "–"
        if -2 <= log10 < 2:
            return "×" + self.decimal(10**log10, 2 if log10 < 1 else 0)
        return "×" + (power(round(log10)) if math.isfinite(log10) else self.signal(log10))


@dataclass(frozen=True)
class Agreed(Numbers):
    """Numbers that tell of signals as many digits as their seeds agree on. ``known``: how many those are, at distances
    of a signal from 1 (as log10); in between the nearest counts."""

    known: tuple[tuple[float, int], ...] = ()

    def digits_of(self, log10: float) -> int:
        if not self.known or not math.isfinite(log10):
            return MOST_DIGITS
        return min(self.known, key=lambda one: abs(one[0] - abs(log10)))[1]


def _one_digit(log10: float, digits: int) -> tuple[int, int]:
    """n and k of n × 10^k, to one digit; to none n is 1. From 10⁹⁹ on, too, as there none is read."""
    if digits == 0 or abs(log10) >= 99.5:
        return 1, round(log10)
    exponent = math.floor(log10)
    mantissa = round(10 ** (log10 - exponent))
    return (1, exponent + 1) if mantissa == 10 else (mantissa, exponent)
