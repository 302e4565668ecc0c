"""Every caption of the film fits its two lines, whatever numbers a record may put into it."""

from __future__ import annotations

import itertools
import string
from collections.abc import Iterator

import pytest

from scenes.kit.telling.narration import LANGUAGES, PHRASES, words_of
from scenes.kit.telling.phrasing import caption_lines

# The longest that a field can be. Some stand for a clause of another table instead: see CLAUSES.
LONGEST = {"value": "10⁻¹⁴⁵", "gain": "0,0012", "depth": "512", "first": "512", "extra": "512", "error": "0,78"}
LONGEST |= {"rest": "0,002", "drawn": "14"}
LONGEST |= {"ratio": "10⁻¹⁴⁵", "step": "10000", "steps": "10000", "plain": "10000", "residual": "10000"}
LONGEST |= {
    "count": "150 millones",
    "share": "0,0012",
    "scale": "0,01",
    "told": "",
    "after": "sigmoide",
    "copy": "100",
    "drawn": "14",
}
CLAUSES = {"plain", "residual", "told"}

LONGEST |= {"w": "−0,75", "least": "0,0012", "share": "<0,01", "alone": ">99", "bound": "−1999,00", "norm": "2000,00"}
LONGEST |= {"source": "pérdida", "branch": " − 0,13 F(x)"}
LONGEST |= {"beta": "−0,13", "scale": "1000", "biases": "with biases", "times": "0,0012", "bridged": "512"}
LONGEST |= {"cases": "25600", "held": "25599", "longer": "100", "wider": "16", "read": "0,0012", "digit": "3"}
LONGEST |= {"cells": "144", "level": "144"}
LONGEST |= {
    "later": "0,78",
    "blocks": "256",
    "unheard": "",
    "change": "una normalización",
    "before": "10⁻¹⁴⁵",
    "behind": "10⁻¹⁴⁵",
    "dtype": "float64",
}
LONGEST |= {"other": "−0,75", "strong": "10⁻¹⁴⁵"}
LONGEST |= {"mean": "255,5", "amount": "2²⁷, unos 134 millones de rutas", "act": "sigmoide", "block": "256"}


LONGEST |= {
    "plain_norm": "500",
    "residual_norm": "500",
    "scaled": "500",
    "points": "12",
    "learned": "12",
    "limit": "45",
}
LONGEST |= dict.fromkeys(("usual", "median", "plain_error", "residual_error", "at_few", "at_many", "half"), "9,1")
LONGEST |= (
    dict.fromkeys(("gate", "projection"), "10⁻¹⁴⁵")
    | dict.fromkeys(("low", "high"), "9,1")
    | dict.fromkeys(("less", "more"), "0,999")
)
LONGEST |= {"factor": "700 mil", "larger": "1,001", "one": "10⁻¹⁴⁵", "few": "12", "many": "256", "most": "256"}
LONGEST |= {"last": "256", "swaps": "256"}


OWN = {  # of chapters in which a name stands for something else
    "WhyOne": {"copy": "6,61", "gate": "12,86", "projection": "12,22", "factor": "1,001"},
    "TakeOneOut": dict.fromkeys(("plain", "residual"), "9,1"),
    "AfterTraining": dict.fromkeys(("plain", "residual"), "10⁻¹⁴⁵"),
    "GoodStart": dict.fromkeys(("plain", "residual"), "500"),
}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def tables(chapter: dict) -> Iterator[dict]:
    """The tables of texts in a chapter, at any depth; its own titles and labels are no captions."""
    for name, inner in chapter.items():
        if isinstance(inner, dict) and name != "credits":
            yield inner
            yield from tables(inner)


def sentences(said: object) -> list[str]:
    """What a beat says: a sentence, or a list of such, some with the claim that they need."""
    if isinstance(said, list):
        return [sentence["say"] if isinstance(sentence, dict) else sentence for sentence in said]
    return [said] if isinstance(said, str) else []


def clauses(words: dict, chapter: dict) -> list[str]:
    """What may stand in a sentence for what became of a network's signal."""
    found = [*chapter.get("claim", {}).get("became", {}).values(), *chapter.get("said", {}).values()]
    return [PHRASES.vformat(text, (), LONGEST) for text in found or words["shared"]["became"].values()]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_captions_fit(lang: str) -> None:
    words = words_of(lang)
    tried = 0
    chapters = [(LONGEST | OWN.get(name, {}), table) for name, table in words.items() if "beats" in table]
    told = [words["GradientFlow"][telling].get("passing") for telling in ("beats", "full")]  # numbers alone
    shared = {name: words["shared"][name] for name in ("learned", "became")}
    for longest, chapter in [*chapters, (LONGEST, shared)]:
        for text in (text for table in tables(chapter) for said in table.values() for text in sentences(said)):
            named = fields(text) & CLAUSES
            beats = [one for said in chapter.get("beats", {}).values() for one in sentences(said)]
            if fields(text) == {"told"} or (fields(text) - set(LONGEST) and text not in beats):
                continue
            numbers = chapter is not shared and "claim" not in chapter and "said" not in chapter and "told" not in named
            if chapter is words["GradientFlow"]:
                numbers = text in told
            for pair in itertools.product([""] if numbers or not named else clauses(words, chapter), repeat=2):
                filled = dict(zip(("plain", "residual"), pair, strict=True)) | {"told": pair[0]} if pair[0] else {}
                caption_lines(PHRASES.vformat(text, (), longest | filled))
                tried += 1
    assert tried > 100
