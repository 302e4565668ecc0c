"""Every caption of the film fits its two lines, whatever numbers a record may put into it."""

from __future__ import annotations

import itertools
import string
import tomllib

import pytest

from scenes.kit.narration import FOLDER, LANGUAGES, caption_lines

# The longest that a field can be; `plain` and `residual` are counts of steps in one chapter and percentages in another.
LONGEST = {"value": "10⁻¹⁴⁵", "gain": "0,0012", "depth": "512", "first": "512", "extra": "512", "error": "0,78"}
LONGEST |= {"ratio": "10⁻¹⁴⁵", "step": "10000", "steps": "10000", "plain": "10000", "residual": "10000"}

LONGEST |= {"w": "−0,75", "least": "0,0012", "share": "<0,01", "alone": ">99", "bound": "−1999,00", "norm": "2000,00"}
LONGEST |= {"mean": "255,5", "amount": "2²⁷, unos 134 millones de rutas", "act": "sigmoide", "block": "256"}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_captions_fit(lang: str) -> None:
    words = tomllib.loads((FOLDER / f"{lang}.toml").read_text(encoding="utf-8"))
    tried = 0
    for chapter in (table for table in words.values() if "beats" in table):
        became = [text.format(**LONGEST) for text in chapter.get("claim", {}).get("became", {}).values()]
        own = [text for table in chapter.get("claim", {}).values() for text in table.values()]
        texts = [*chapter["beats"].values(), *own, *words["shared"]["learned"].values()]
        for text in texts:
            if fields(text) == {"told"}:
                continue
            pairs = itertools.product(became or [LONGEST["plain"]], repeat=2)
            for plain, residual in pairs if fields(text) & {"plain", "residual"} else [("", "")]:
                caption_lines(text.format(**LONGEST | {"plain": plain, "residual": residual}))
                tried += 1
    assert tried > 100
