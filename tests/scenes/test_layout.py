"""Every chapter keeps the rules of layout at the end of every beat and at every cue: in both languages, each in both
themes, in formats wide and narrow, and in both tellings. Where it is wide, it has few texts and large ones.
"""

from __future__ import annotations

import numpy as np
import pytest

from scenes.film import FILM, OPENING, Chapter
from tests.conftest import PREVIEW
from tests.scenes import telling
from tests.scenes.telling import tell, told

USUAL = [("es", "dark", "16:9", "brief"), ("en", "light", "16:9", "brief")]
IN_TURN = [  # beside those; of every second chapter the ones, of the rest the others
    [("es", "light", "16:9", "full"), ("en", "dark", "9:16", "brief"), ("es", "dark", "1:1", "full")],
    [("en", "dark", "16:9", "full"), ("es", "light", "1:1", "brief"), ("en", "light", "9:16", "full")],
]
EVERY = [(chapter, *look) for place, chapter in enumerate(FILM) for look in (*USUAL, *IN_TURN[place % 2])]
NAMES = {"ids": lambda one: getattr(one, "name", one)}


@pytest.mark.parametrize(("chapter", "lang", "theme", "aspect", "way"), EVERY, **NAMES)
def test_every_beat_is_clean(chapter: Chapter, lang: str, theme: str, aspect: str, way: str) -> None:
    found = told(chapter, lang, PREVIEW, theme=theme, aspect=aspect, telling=way)
    assert len(found.said) >= 3 or chapter is OPENING
    assert not found.wrong
    assert found.scene.clock <= (65 if way == "brief" else 180)
    if aspect == "16:9":
        many = [len(sizes) for sizes in found.sizes.values()]
        assert max(many) <= 12 and np.median(many) <= 10
        assert min((px for sizes in found.sizes.values() for px in sizes), default=32) >= 31.9


def test_pictures_at_cues_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "problems", lambda *_: ["everything"])
    found = tell("PlainBlock", params=PREVIEW)
    assert {"wanted.1", "wanted", "train.1", "train"} <= found.wrong.keys()
