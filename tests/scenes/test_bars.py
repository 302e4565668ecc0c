"""Chapters that are filmed keep the bars of a shot: they move, they open on their subject, and one can read them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from scenes.film import FILM, Chapter
from scenes.kit.telling.filmed import Filmed
from scenes.kit.telling.narration import LANGUAGES, TELLINGS
from tests.conftest import PREVIEW
from tests.scenes.telling import bars_of, told

FILMED = [chapter for chapter in FILM if issubclass(chapter.scene(), Filmed)]
RATE = 4  # frames a second: at so few, a freeze is a quarter of a second at least
NAMES = {"ids": lambda one: getattr(one, "name", one)}


@pytest.mark.parametrize("chapter", FILMED, **NAMES)
def test_a_clip_moves_and_opens_on_its_subject(chapter: Chapter) -> None:
    found = bars_of(chapter, RATE)
    assert found.frozen <= 0.2 and found.longest <= 1.5
    assert found.first >= 0.15
    assert found.changing >= 0.25
    assert found.moves >= (1 if chapter.name == "Opening" else 3)


@pytest.mark.parametrize(("lang", "telling"), list(product(LANGUAGES, TELLINGS)))
@pytest.mark.parametrize("chapter", FILMED, **NAMES)
def test_few_texts_large_ones_and_no_longer_than_it_may_be(chapter: Chapter, lang: str, telling: str) -> None:
    found = told(chapter, lang, PREVIEW, telling=telling)
    assert max(map(len, found.sizes.values())) <= 12 and np.median([len(sizes) for sizes in found.sizes.values()]) <= 10
    assert min((px for sizes in found.sizes.values() for px in sizes), default=32) >= 31.9
    assert found.scene.clock <= (65 if telling == "brief" else 180)
