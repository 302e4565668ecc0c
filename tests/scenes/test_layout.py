"""Every chapter keeps the rules of layout at the end of every beat: in both languages, each in both themes and in
formats wide and narrow."""

from __future__ import annotations

import pytest

from scenes.film import CHAPTERS, Chapter
from tests.conftest import PREVIEW
from tests.scenes.telling import told

LOOKS = [("es", "dark", "16:9"), ("es", "light", "9:16"), ("en", "light", "16:9"), ("en", "dark", "1:1")]
LOOKS += [("en", "light", "9:16"), ("es", "dark", "1:1")]


@pytest.mark.parametrize(("lang", "theme", "aspect"), LOOKS)
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_every_beat_is_clean(chapter: Chapter, lang: str, theme: str, aspect: str) -> None:
    telling = told(chapter, lang, PREVIEW, theme=theme, aspect=aspect)
    assert len(telling.said) >= 3
    assert not telling.wrong
