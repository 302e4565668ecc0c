"""Every chapter keeps the rules of layout at the end of every beat: both languages, both themes, all formats."""

from __future__ import annotations

import pytest

from scenes.film import CHAPTERS, Chapter
from scenes.studio.files.contact import at_beat_ends
from scenes.studio.look import Look, chosen
from tests.conftest import PREVIEW
from tests.scenes.layout import problems


@pytest.mark.parametrize(("theme", "aspect"), [("dark", "16:9"), ("light", "16:9"), ("dark", "1:1"), ("light", "9:16")])
@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_every_beat_is_clean(chapter: Chapter, lang: str, theme: str, aspect: str) -> None:
    found = {}

    def look(scene, beat):
        if wrong := problems(scene.mobjects, scene.stage, scene.theme):
            found[beat] = wrong

    with chosen(Look(lang, theme, aspect), str(PREVIEW)):
        scene = at_beat_ends(chapter, look)
    assert len(scene.beats) >= 3
    assert not found
