"""Words: both languages say the same things, fit their lines, and can be read in time."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.film import CHAPTERS
from scenes.kit.drawing.text import missing_characters
from scenes.kit.errors import UsageError
from scenes.kit.telling import narration
from scenes.kit.telling.narration import LANGUAGES, Narration, words_of
from scenes.kit.telling.phrasing import LINE, LINES, caption_lines, reading_time


def texts(table: dict, prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from texts(value, f"{prefix}{key}.")
        elif isinstance(value, list) and prefix != "grammar.":
            yield from texts({str(i): part for i, part in enumerate(value)}, f"{prefix}{key}.")
        elif isinstance(value, str):
            yield prefix + key, value


ALL = {lang: dict(texts(words_of(lang))) for lang in LANGUAGES}


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
    words = Narration("es", ["GradientFlow"])
    with pytest.raises(UsageError, match=r"es.GradientFlow\.toml: beats\.nowhere: missing"):
        words.text("beats.nowhere")
    with pytest.raises(UsageError, match=r"GradientFlow\.toml: beats\.depth.*'depth'.*allowed: none"):
        words.text("beats.depth")
    with pytest.raises(UsageError, match="'fr' is not known; allowed: es, en"):
        Narration("fr", ["GradientFlow"])


def test_a_variant_speaks_as_the_chapter_it_varies() -> None:
    assert Narration("en", ["DeeperFlow", "GradientFlow", "Lecture"]).chapter == "GradientFlow"


# what is said, and when

WORDS = {
    "title": "x",
    "beats": {
        "one": "Uno.",
        "list": ["Uno.", {"when": "true", "say": "Dos {n}."}, {"when": "false", "say": "Tres."}],
        "fate": {"false": "No.", "true": ["Sí.", "Claro."]},
        "none": {"false": "No."},
        "wrong": [{"if": "true", "say": "?"}],
    },
    "full": {"one": ["Uno,", "dos."]},
}


@pytest.fixture
def chapter(monkeypatch: pytest.MonkeyPatch) -> str:
    words = words_of("es")
    monkeypatch.setattr(narration, "words_of", lambda _: words | {"Small": WORDS})
    return "Small"


def holds(beat: str, claim: str) -> bool:
    return claim == "true"


def test_a_beat_says_what_holds(chapter: str) -> None:
    brief = Narration("es", [chapter])
    assert brief.sentences("one", holds) == ["Uno."]
    assert brief.sentences("list", holds, n=2) == ["Uno.", "Dos 2."]
    assert brief.sentences("fate", holds) == ["Sí.", "Claro."]
    assert brief.sentences("fate.false", holds) == ["No."]
    with pytest.raises(RuntimeError, match="none of its claims holds: false"):
        brief.sentences("none", holds)
    with pytest.raises(UsageError, match=r"Small\.toml: beats\.wrong: a table in a list has the keys when and say"):
        brief.sentences("wrong", holds)


def test_the_full_telling_says_more_and_else_the_same(chapter: str) -> None:
    brief, full = Narration("es", [chapter]), Narration("es", [chapter], "full")
    assert full.sentences("one", holds) == ["Uno,", "dos."]
    assert full.sentences("fate", holds) == brief.sentences("fate", holds)
    assert full.digest() != brief.digest()
    with pytest.raises(UsageError, match="'long' is not known; allowed: brief, full"):
        Narration("es", [chapter], "long")


def test_words_of_the_other_telling_change_nothing(chapter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [Narration("es", [chapter], telling).digest() for telling in ("brief", "full")]
    other = narration.words_of("es") | {"Small": WORDS | {"full": {"one": "Otro."}}}
    monkeypatch.setattr(narration, "words_of", lambda _: other)
    after = [Narration("es", [chapter], telling).digest() for telling in ("brief", "full")]
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False]
