"""Chapters that are filmed keep the bars of a shot: they move, they open on their subject, and one can read them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from scenes.film import FILM, Chapter
from scenes.kit.telling.filmed import Filmed
from scenes.kit.telling.narration import LANGUAGES, TELLINGS
from scenes.studio.files.bars import bars
from scenes.studio.files.contact import at_beat_ends, strip
from scenes.studio.look import Look, chosen
from tests.bench.look import words_on
from tests.conftest import SMALL_FILE

FILMED = [chapter for chapter in FILM if issubclass(chapter.scene(), Filmed)]
RATE = 4  # frames a second: at so few, a freeze is a quarter of a second at least
NAMES = {"ids": lambda one: getattr(one, "name", one)}


@pytest.mark.parametrize("chapter", FILMED, **NAMES)
def test_a_clip_moves_and_opens_on_its_subject(chapter: Chapter) -> None:
    with chosen(Look(), str(SMALL_FILE)):
        frames = [
            np.asarray(frame[..., :3].mean(axis=-1), dtype=np.uint8) for _, frame in strip(chapter, RATE, height=120)
        ]
    found = bars(frames, RATE)
    assert found.frozen <= 0.2 and found.longest <= 1.5
    assert found.first >= 0.15
    assert found.changing >= 0.25
    assert found.moves >= (1 if chapter.name == "Opening" else 3)


@pytest.mark.parametrize(("lang", "telling"), list(product(LANGUAGES, TELLINGS)))
@pytest.mark.parametrize("chapter", FILMED, **NAMES)
def test_few_texts_large_ones_and_no_longer_than_it_may_be(chapter: Chapter, lang: str, telling: str) -> None:
    found: dict[str, list[tuple[str, float]]] = {}
    with chosen(Look(lang, telling=telling), str(SMALL_FILE)):
        scene = at_beat_ends(chapter, lambda scene, beat: found.update({beat: words_on(scene)}), 240)
    assert max(map(len, found.values())) <= 12 and np.median([len(texts) for texts in found.values()]) <= 10
    assert min((px for texts in found.values() for _, px in texts), default=32) >= 31.9
    assert scene.clock <= (65 if telling == "brief" else 180)
