"""Every chapter keeps the rules of layout at the end of every beat: both languages, both themes, all formats."""

from __future__ import annotations

import pytest

from scenes.film import CHAPTERS, Chapter
from tests.conftest import PREVIEW
from tests.scenes.telling import told


@pytest.mark.parametrize(("theme", "aspect"), [("dark", "16:9"), ("light", "16:9"), ("dark", "1:1"), ("light", "9:16")])
@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_every_beat_is_clean(chapter: Chapter, lang: str, theme: str, aspect: str) -> None:
    telling = told(chapter, lang, PREVIEW, theme=theme, aspect=aspect)
    assert len(telling.said) >= 3
    assert not telling.wrong
