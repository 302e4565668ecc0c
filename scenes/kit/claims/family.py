"""What may be said, and when it is true.

A claim is a predicate on what a chapter knows, its *facts*: a record, or several. A *family* is a table of claims of
which exactly one holds, so that there is always something to say: the words of a signal's fate, say. The predicates
stand in this folder by subject; which sentences they choose, in ``chapters.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

Claim = Callable[[Any], bool]  # of the facts of a chapter
Family = Mapping[str, Claim]
Reads = Callable[[Any], Any]


def itself(facts: Any) -> Any:
    """The facts, where a claim is about all of them."""
    return facts


def always(facts: Any) -> bool:
    """The claim of what is true of whatever was measured: the last of a family."""
    return True


def family(words: Iterable[str], which: Callable[[Any], str]) -> Family:
    """Claims of which one holds: that ``which`` of the facts is this word."""
    return {word: partial(_is, which, word) for word in words}


def either(claim: Claim, yes: str, no: str) -> Family:
    """A claim, and that it does not hold."""
    return {yes: claim, no: lambda facts: not claim(facts)}


def of(reads: Reads, claims: Family) -> Family:
    """The same claims, of what is read from the facts."""
    return {word: partial(_of, reads, claim) for word, claim in claims.items()}


def _is(which: Callable[[Any], str], word: str, facts: Any) -> bool:
    return which(facts) == word


def _of(reads: Reads, claim: Claim, facts: Any) -> bool:
    return claim(reads(facts))
