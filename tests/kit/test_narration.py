"""Words: both languages say the same things, fit their lines, and can be read in time."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.film import CHAPTERS
from scenes.kit.errors import UsageError
from scenes.kit.narration import (
    FOLDER,
    LANGUAGES,
    LINE,
    LINES,
    Narration,
    caption_lines,
    reading_time,
)
from scenes.kit.text import missing_characters


def texts(table: dict, prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from texts(value, f"{prefix}{key}.")
        elif isinstance(value, str):
            yield prefix + key, value


ALL = {lang: dict(texts(tomllib.loads((FOLDER / f"{lang}.toml").read_text(encoding="utf-8")))) for lang in LANGUAGES}


def test_languages_have_the_same_keys_and_fields() -> None:
    es, en = ALL["es"], ALL["en"]
    assert es.keys() == en.keys()
    for key in es:
        assert sorted(re.findall(r"{\w+}", es[key])) == sorted(re.findall(r"{\w+}", en[key])), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_font_has_every_character(lang: str) -> None:
    assert missing_characters("".join(ALL[lang].values())) == ""


@pytest.mark.parametrize("chapter", [chapter.name for chapter in CHAPTERS])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_titles_are_short(lang: str, chapter: str) -> None:
    assert len(ALL[lang][f"{chapter}.title"].split()) <= 12


@given(st.lists(st.text("abcdefgh,.;áñ", min_size=1, max_size=12), min_size=1, max_size=24).map(" ".join))
def test_captions_keep_their_words_and_their_measure(text: str) -> None:
    try:
        lines = caption_lines(text)
    except UsageError:
        words = text.split(" ")
        assert all(max(len(" ".join(words[:i])), len(" ".join(words[i:]))) > LINE for i in range(1, len(words) + 1))
        return
    assert " ".join(lines) == text
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= LINE


def test_captions_break_where_one_breathes() -> None:
    text = "56 bloques: la plana se apaga (3×10⁻¹⁴); la residual crece (14)."
    assert caption_lines(text) == ["56 bloques: la plana se apaga (3×10⁻¹⁴);", "la residual crece (14)."]
    held = caption_lines("El gradiente vuelve a la capa que lo espera desde el principio.", frozenset({"a", "la"}))
    assert held[0].rsplit(" ", 1)[-1] not in {"a", "la"}


@given(st.text("abc ", min_size=1, max_size=84))
def test_nobody_has_to_read_faster_than_17_characters_a_second(text: str) -> None:
    assert len(text) / reading_time(text) <= 17


def test_what_is_missing_is_named() -> None:
    narration = Narration("es", ["GradientFlow"])
    with pytest.raises(UsageError, match=r"es\.toml: GradientFlow\.beats\.nowhere: missing"):
        narration.text("beats.nowhere")
    with pytest.raises(UsageError, match=r"GradientFlow\.beats\.depth.*'depth'.*allowed: none"):
        narration.text("beats.depth")
    with pytest.raises(UsageError, match="'fr' is not known; allowed: es, en"):
        Narration("fr", ["GradientFlow"])


def test_a_variant_speaks_as_the_chapter_it_varies() -> None:
    assert Narration("en", ["DeeperFlow", "GradientFlow", "Lecture"]).chapter == "GradientFlow"
