"""The words viewers read: looked up by chapter and beat, chosen by what was measured, filled with its numbers.

A file for each chapter and language, ``assets/narration/es/PlainRoad.toml``, and one of shared words. In a chapter's
file, ``[beats]`` is the telling ``brief`` and ``[full]`` the telling ``full``; a beat, or a version of one, that is not
in the second is told as in the first. What a beat says is a sentence, or a list of sentences, or a table of such, one
for each claim: the first whose claim holds is said. In a list, ``{when = "claim", say = "…"}`` is said only if that
claim holds. Claims are predicates on records. ``{steps:paso|pasos}`` is the first word if the field is 1, else the
second.
"""

from __future__ import annotations

import hashlib
import string
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from scenes.kit.claims.chapters import TABLES
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.errors import UsageError, choose
from scenes.kit.telling.phrasing import caption_lines
from sim.paths import ASSETS

FOLDER = ASSETS / "narration"
LANGUAGES = ("es", "en")
TELLINGS = ("brief", "full")  # captions carry it; or a voice does, with the whole script
SHARED = ("shared", "number", "grammar")  # what all chapters have a part in
Holds = Callable[[str, str], bool]  # beat, claim


@cache
def words_of(language: str) -> dict[str, Any]:
    """All words of a language: the tables of shared.toml, and a table for each chapter."""
    found: dict[str, Any] = {}
    for path in sorted((FOLDER / language).glob("*.toml")):
        try:
            words = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"{path}: not valid TOML: {error}") from None
        except OSError as error:
            raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise UsageError(f"{path}: not UTF-8 text") from None
        found |= words if path.stem == "shared" else {path.stem: words}
    if not found:
        raise UsageError(f"{FOLDER / language}: no words in this folder")
    return found


class Phrases(string.Formatter):
    """``{count} {count:step|steps}``: a word for one and another for more, beside what str.format knows."""

    def format_field(self, value: Any, spec: str) -> str:
        one, bar, many = spec.partition("|")
        if not bar:
            return str(super().format_field(value, spec))
        return one if str(value) == "1" else many


PHRASES = Phrases()


class Narration:
    """All that one chapter says in one language. Raises :class:`UsageError` naming file and key of what is missing.

    ``names`` are the chapter's own name and those of the chapters it varies; the first with a text speaks, so that a
    variant of a chapter is a small subclass.
    """

    def __init__(self, language: str, names: Sequence[str], telling: str = "brief") -> None:
        self.language = choose("ATAJOS_LANG", language, LANGUAGES)
        self.telling = choose("ATAJOS_TELLING", telling, TELLINGS)
        self._all = words_of(language)
        self.chapter = next((name for name in names if name in self._all), names[0])
        self._own: dict[str, Any] = self._all.get(self.chapter, {})
        self.numbers = Numbers(
            *(self._find(f"number.{key}") for key in ("decimal_mark", "thousand", "million", "percent", "one_million"))
        )

    def text(self, key: str, /, **fields: object) -> str:
        """The text at a dotted key of this chapter, or else of the shared words, with its ``{fields}`` filled."""
        own = key.split(".")[0] in self._own
        full = f"{self.chapter}.{key}" if own else f"shared.{key}"
        return self._filled(full, self._find(full), fields)

    def clause(self, table: str, about: Any, **fields: object) -> str:
        """The text of a table of clauses (see ``claims.chapters.TABLES``) that is true of what it is about; or ""."""
        word = next((word for word, claim in TABLES[table].items() if claim(about)), None)
        return "" if word is None else self.text(f"{table}.{word}", **fields)

    def sentences(self, beat: str, holds: Holds, /, **fields: object) -> list[str]:
        """What is said in a beat, sentence by sentence; ``holds(beat, claim)`` says which claims are true."""
        full, said = self._said(beat)
        if isinstance(said, dict):
            name = next((name for name in said if holds(beat, name)), None)
            if name is None:
                raise RuntimeError(f"{_place(self.language, full)}: none of its claims holds: {', '.join(said)}")
            full, said = f"{full}.{name}", said[name]
        return list(self._chosen(beat, full, said if isinstance(said, list) else [said], holds, fields))

    def _chosen(
        self, beat: str, full: str, said: Sequence[Any], holds: Holds, fields: dict[str, object]
    ) -> Iterator[str]:
        for sentence in said:
            if isinstance(sentence, dict):
                if set(sentence) != {"when", "say"}:
                    raise UsageError(f"{_place(self.language, full)}: a table in a list has the keys when and say")
                if not holds(beat, sentence["when"]):
                    continue
                yield self._filled(full, sentence["say"], fields)
            else:
                yield self._filled(full, sentence, fields)

    def _said(self, beat: str) -> tuple[str, Any]:
        """Where a beat's words stand in this telling, and the words."""
        brief = self._at("beats", beat)
        full = self._at("full", beat) if self.telling == "full" else None
        if full is None:
            return f"{self.chapter}.beats.{beat}", self._find(f"{self.chapter}.beats.{beat}")
        if isinstance(full, dict) and isinstance(brief, dict):
            full = {claim: full.get(claim, said) for claim, said in brief.items()} | full
        return f"{self.chapter}.full.{beat}", full

    def _at(self, table: str, beat: str) -> Any:
        """What a table has for a beat; None where it has nothing."""
        found: Any = self._own.get(table, {})
        for part in beat.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found

    def _find(self, key: str) -> Any:
        found: Any = self._all
        for part in key.split("."):
            if not isinstance(found, dict) or part not in found:
                raise UsageError(f"{_place(self.language, key)}: missing; add the text")
            found = found[part]
        return found

    def _filled(self, key: str, template: Any, fields: dict[str, object]) -> str:
        if not isinstance(template, str):
            raise UsageError(f"{_place(self.language, key)}: must be a text in quotes")
        try:
            return PHRASES.vformat(template, (), fields)
        except (KeyError, ValueError, IndexError) as error:
            allowed = ", ".join(fields) or "none"
            place = f"{_place(self.language, key)} = {template!r}"
            raise UsageError(f"{place}: field {error} is not known here; allowed: {allowed}") from None

    def lines(self, text: str) -> list[str]:
        """A caption as one or two lines of at most 42 characters, broken where one would breathe."""
        return caption_lines(text, hold=frozenset(self._find("grammar.hold")))

    def digest(self) -> str:
        """Changes whenever a word of this telling of this chapter, or of the shared ones, does."""
        own = {key: words for key, words in self._own.items() if key != "full" or self.telling == "full"}
        said = [self.telling, own, *(self._all.get(part) for part in SHARED)]
        return hashlib.sha256(repr(said).encode()).hexdigest()


def _place(language: str, key: str) -> str:
    """The file that a key of the words stands in, and the key inside it."""
    head, _, rest = key.partition(".")
    inside = key if head in SHARED else rest
    return f"{FOLDER / language / ('shared' if head in SHARED else head)}.toml: {inside}"
