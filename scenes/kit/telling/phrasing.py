"""How words become captions: where a line is broken, and how long a sentence takes to be said and read."""

from __future__ import annotations

from scenes.kit.errors import UsageError

WORDS_PER_SECOND = 2.6
CHARACTERS_PER_SECOND = 17
LINE = 42  # characters
LINES = 2
BREATH = 0.4  # s of rest at the end of a sentence


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
