"""Numbers as each language writes them: 0,85 in Spanish, 0.85 in English, 10⁻⁸ in both."""

from __future__ import annotations

import math
from dataclasses import dataclass

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def raised(exponent: int) -> str:
    """``⁻⁸``."""
    return str(exponent).translate(_RAISED)


def power(exponent: int) -> str:
    """``10⁻⁸``."""
    return f"10{raised(exponent)}"


@dataclass(frozen=True)
class Numbers:
    """How one language writes numbers; its decimal mark and its words stand in the narration file."""

    decimal_mark: str
    thousand: str = "mil"
    million: str = "millones"
    percent: str = " %"  # the sign, with the space that goes before it

    def decimal(self, value: float, digits: int = 2) -> str:
        """``value`` with a fixed number of decimals and a true minus sign."""
        return f"{value:.{digits}f}".replace("-", "−").replace(".", self.decimal_mark)

    def significant(self, value: float, digits: int = 2) -> str:
        """``value`` to ``digits`` significant digits in plain notation, trailing zeros kept: 0,85, 1,4, 36."""
        if value == 0:
            return "0"
        magnitude = math.floor(math.log10(abs(float(f"{value:.{digits - 1}e}"))))
        return self.decimal(round(value, digits - 1 - magnitude), max(0, digits - 1 - magnitude))

    def signal(self, log10: float) -> str:
        """A ratio given by its decimal logarithm: plain between 0,001 and 1000, else one digit times a power of ten.

        −∞ is an exact zero, +∞ and NaN have no number: ``0``, ``∞`` and ``?``.
        """
        if math.isnan(log10):
            return "?"
        if math.isinf(log10):
            return "0" if log10 < 0 else "∞"
        if -3 <= log10 < 3:
            return self.significant(10**log10, 1 if log10 < -2 else 2)
        if abs(log10) >= 99.5:
            return power(round(log10))
        exponent = math.floor(log10)
        mantissa = round(10 ** (log10 - exponent))
        if mantissa == 10:
            mantissa, exponent = 1, exponent + 1
        return power(exponent) if mantissa == 1 else f"{mantissa}×{power(exponent)}"

    def count(self, log10: float) -> str:
        """How many 10^log10 ≥ 1 are, as one says it: 1,4; 40; 3 mil or, where there is no word, 3,000; 200 millones;
        from a milliard on 10¹¹.

        From 10 on to one digit, which is as much as a handful of seeds agree on.
        """
        if not math.isfinite(log10):
            return "∞" if log10 > 0 else "?"
        if log10 >= 9 - 0.0022:  # what rounds up to 10⁹
            return power(round(log10))
        value = float(f"{10**log10:.{int(log10 < 1)}e}")
        for scale, word in ((1e6, self.million), (1e3, self.thousand)):
            if value >= scale and not word:  # 3,400: a language that writes them out
                return f"{value:,.0f}"
            if value >= scale:
                return f"{self.significant(value / scale).removesuffix(f'{self.decimal_mark}0')} {word}"
        return self.significant(value).removesuffix(f"{self.decimal_mark}0")

    def small(self, value: float) -> str:
        """A value that is not negative, zero told apart from the smallest number."""
        return "0" if value == 0 else self.signal(math.log10(value)) if value > 0 else "?"

    def factor(self, log10: float) -> str:
        """One factor of a product, given by its decimal logarithm: ×0,15, ×1,03; far from 1 a power of ten alone.

        Two decimals near 1, where factors of one product differ by little. NaN, zero by zero, is no factor: ``–``.
        """
        if math.isnan(log10):
            return "–"
        if -2 <= log10 < 2:
            return "×" + self.decimal(10**log10, 2 if log10 < 1 else 0)
        return "×" + (power(round(log10)) if math.isfinite(log10) else self.signal(log10))
