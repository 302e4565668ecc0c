"""Every chapter keeps the rules of layout at the end of every beat and at every cue: in both languages, each in both
themes, in formats wide and narrow, and in the full telling."""

from __future__ import annotations

import pytest

from scenes.film import CHAPTERS, Chapter
from tests.conftest import PREVIEW
from tests.scenes import telling
from tests.scenes.telling import tell, told

LOOKS = [
    ("es", "dark", "16:9", "brief"),
    ("es", "light", "9:16", "brief"),
    ("en", "light", "16:9", "brief"),
    ("en", "dark", "1:1", "brief"),
    ("en", "light", "9:16", "full"),
    ("es", "dark", "1:1", "full"),
]


@pytest.mark.parametrize(("lang", "theme", "aspect", "way"), LOOKS)
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_every_beat_is_clean(chapter: Chapter, lang: str, theme: str, aspect: str, way: str) -> None:
    found = told(chapter, lang, PREVIEW, theme=theme, aspect=aspect, telling=way)
    assert len(found.said) >= 3
    assert not found.wrong


def test_pictures_at_cues_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "problems", lambda *_: ["everything"])
    found = tell("PlainBlock", params=PREVIEW)
    assert {"wanted.1", "wanted", "train.1", "train"} <= found.wrong.keys()
