"""No sentence without a claim, save those that are listed by name; no claim without its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from scenes.film import ENCORE, FILM
from scenes.kit.claims.chapters import CLAIMS, TABLES
from scenes.kit.claims.plain import LABELS, PLAIN
from scenes.kit.telling.narration import LANGUAGES, TELLINGS, words_of

CARRIER = re.compile(r"\{\w+\}")  # a sentence that is a clause, which has a claim of its own


def plain(said: Any, name: str, claims: dict[str, Any]) -> Iterator[str]:
    """The names of the sentences of a beat that have no claim. Fails where a claim is not known."""
    if isinstance(said, dict):
        assert said.keys() <= claims.keys(), f"{name}: no claim {said.keys() - claims.keys()}"
        for word in said.values():
            for sentence in word if isinstance(word, list) else []:
                if isinstance(sentence, dict):
                    assert sentence["when"] in claims, f"{name}: no claim {sentence['when']}"
    elif isinstance(said, list):
        for i, sentence in enumerate(said):
            if isinstance(sentence, dict):
                assert sentence["when"] in claims, f"{name}: no claim {sentence['when']}"
            elif not CARRIER.fullmatch(sentence):
                yield f"{name}.{i}"
    elif not CARRIER.fullmatch(said):
        yield name


def unclaimed(words: dict[str, Any]) -> set[str]:
    """All sentences of a language that have no claim."""
    found = set()
    for chapter in (*FILM, *ENCORE):
        for table, prefix in (("beats", ""), ("full", "full.")):
            for beat, said in words[chapter.name].get(table, {}).items():
                claims = CLAIMS.get(chapter.name, {}).get(beat, {})
                found |= set(plain(said, f"{chapter.name}.{prefix}{beat}", dict(claims)))
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_has_a_claim_or_is_listed(lang: str) -> None:
    assert unclaimed(words_of(lang)) == PLAIN


def conditions(said: Any) -> set[str]:
    """The claims that sentences in lists need."""
    lists = said.values() if isinstance(said, dict) else [said]
    return {one["when"] for some in lists if isinstance(some, list) for one in some if isinstance(one, dict)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_claim_has_its_words(lang: str) -> None:
    """In every beat that has a family; and every table of texts is one of clauses, or one of labels."""
    words = words_of(lang)
    for chapter, beats in CLAIMS.items():
        for beat, claims in beats.items():
            brief, full = (words[chapter].get(table, {}).get(beat) for table in ("beats", "full"))
            keys = [set(said) if isinstance(said, dict) else set() for said in (brief, full)]
            assert keys[1] <= keys[0] or not keys[0], f"{chapter}.{beat}: the brief telling would be silent"
            assert keys[0] | keys[1] | conditions(brief) | conditions(full) == claims.keys(), f"{chapter}.{beat}"
    for name, table in words.items():
        for key, said in table.items() if name not in ("number", "grammar", "page") else ():
            if isinstance(said, dict) and key not in ("beats", "full"):
                assert key in LABELS or said.keys() == TABLES[key].keys(), f"{name}.{key}"


def test_every_chapter_uses_its_claims() -> None:
    for chapter in (*FILM, *ENCORE):
        assert chapter.scene().claims == CLAIMS.get(chapter.name, {}), chapter.name


def test_a_new_sentence_without_a_claim_would_be_seen() -> None:
    words = {chapter.name: {} for chapter in (*FILM, *ENCORE)}
    words["Opening"] = {"beats": {"new": "Esto es siempre así.", "list": ["{told}", "Y esto."]}}
    assert unclaimed(words) == {"Opening.new", "Opening.list.1"}
    words["PlainRoad"] = {"full": {"back": {"vanishes": ["Una.", "Dos."], "invented": "Tres."}}}
    with pytest.raises(AssertionError, match="no claim"):
        unclaimed(words)
    assert TELLINGS == ("brief", "full")  # one table each
