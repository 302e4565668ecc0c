"""The words viewers read: looked up by chapter and beat, filled with measured numbers, cut into caption lines."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from .errors import UsageError, choose
from .numbers import Numbers

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "narration"
LANGUAGES = ("es", "en")
WORDS_PER_SECOND = 2.6
CHARACTERS_PER_SECOND = 17
LINE = 42  # characters
LINES = 2
BREATH = 0.4  # s of rest at the end of a beat


@cache
def _read(language: str) -> dict[str, Any]:
    path = FOLDER / f"{language}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not valid TOML: {error}") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8 text") from None


class Narration:
    """All that one chapter says in one language. Raises :class:`UsageError` naming file and key of what is missing.

    ``names`` are the chapter's own name and those of the chapters it varies; the first with a text speaks, so that a
    variant of a chapter is a small subclass.
    """

    def __init__(self, language: str, names: Sequence[str]) -> None:
        self.language = choose("ATAJOS_LANG", language, LANGUAGES)
        self._all = _read(language)
        self.chapter = next((name for name in names if name in self._all), names[0])
        self.numbers = Numbers(*(self._find(f"number.{key}") for key in ("decimal_mark", "thousand", "million")))

    def _find(self, key: str) -> Any:
        found: Any = self._all
        for part in key.split("."):
            if not isinstance(found, dict) or part not in found:
                raise UsageError(f"{FOLDER / self.language}.toml: {key}: missing; add the text")
            found = found[part]
        return found

    def text(self, key: str, /, **fields: object) -> str:
        """The text at a dotted key of this chapter, or else of the shared words, with its ``{fields}`` filled."""
        own = self._all.get(self.chapter, {})
        head = key.split(".")[0]
        full = f"{self.chapter}.{key}" if head in own else f"shared.{key}"
        template = self._find(full)
        if not isinstance(template, str):
            raise UsageError(f"{FOLDER / self.language}.toml: {full}: must be a text in quotes")
        try:
            return template.format(**fields)
        except (KeyError, ValueError, IndexError) as error:
            allowed = ", ".join(fields) or "none"
            place = f"{FOLDER / self.language}.toml: {full} = {template!r}"
            raise UsageError(f"{place}: field {error} is not known here; allowed: {allowed}") from None

    def lines(self, text: str) -> list[str]:
        """A caption as one or two lines of at most 42 characters, broken where one would breathe."""
        return caption_lines(text, hold=frozenset(self._find("grammar.hold")))

    def digest(self) -> str:
        """Changes whenever a word of this chapter or of the shared ones does."""
        said = {part: self._all.get(part) for part in (self.chapter, "shared", "number", "grammar")}
        return hashlib.sha256(repr(said).encode()).hexdigest()


def caption_lines(text: str, hold: frozenset[str] = frozenset()) -> list[str]:
    """Cut ``text`` into at most two lines of at most 42 characters.

    The best cut follows punctuation, leaves lines of like length, and does not tear a word of ``hold`` (articles,
    prepositions) from the word it belongs to. Raises :class:`UsageError` if two lines do not hold the text.
    """
    if len(text) <= LINE:
        return [text]
    words = text.split(" ")
    cuts = [[" ".join(words[:i]), " ".join(words[i:])] for i in range(1, len(words))]

    def cost(cut: list[str]) -> float:
        first, second = cut
        torn = first.rsplit(" ", 1)[-1].lower() in hold
        torn = torn or second[0] in "(%"  # a bracket belongs to what it explains, % to its number
        return abs(len(first) - len(second)) + 30 * torn - 18 * (first[-1] in ",;:") - 28 * (first[-1] in ".?!…")

    fitting = [cut for cut in cuts if max(map(len, cut)) <= LINE]
    if not fitting:
        raise UsageError(
            f"caption of {len(text)} characters does not fit {LINES} lines of {LINE}: {text!r}; shorten it"
        )
    return min(fitting, key=cost)


def reading_time(text: str) -> float:
    """Seconds that a text needs to be said (2.6 words a second) and read (17 characters a second), with a breath."""
    return max(len(text.split()) / WORDS_PER_SECOND, len(text) / CHARACTERS_PER_SECOND) + BREATH
