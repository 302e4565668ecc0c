"""Chapters that are filmed keep the bars of a shot: they move, and they open on their subject. That one can read them,
see test_layout."""

from __future__ import annotations

import pytest

from scenes.film import FILM, Chapter
from scenes.kit.telling.filmed import Filmed
from tests.scenes.telling import bars_of

FILMED = [chapter for chapter in FILM if issubclass(chapter.scene(), Filmed)]
RATE = 3  # frames a second: at so few, a freeze is a third of a second at least. Who compares rates draws it, too


@pytest.mark.parametrize("chapter", FILMED, ids=lambda chapter: chapter.name)
def test_a_clip_moves_and_opens_on_its_subject(chapter: Chapter) -> None:
    found = bars_of(chapter, RATE)
    assert found.frozen <= 0.2 and found.longest <= 1.5
    assert found.first >= 0.15
    assert found.changing >= 0.25
    assert found.moves >= (1 if chapter.name == "Opening" else 3)
