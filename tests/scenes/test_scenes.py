"""Chapters as a whole: their length, their purity, and what they must not import."""

from __future__ import annotations

import pytest

from scenes.film import CHAPTERS, FILM, Chapter
from tests.conftest import PREVIEW, ROOT
from tests.scenes.telling import apart_at, told
from tests.scenes.test_bars import RATE

LENGTHS = {
    "Opening": (8, 11.5),
    "Degradation": (40, 59.5),
    "PlainBlock": (35, 42),
    "ResidualBlock": (35, 59),
    "PlainRoad": (50, 65),
    "Shortcuts": (50, 61),
    "WaterPipes": (30, 37),
    "PlusOne": (45, 65),
    "GradientFlow": (40, 65),
    "Routes": (45, 49),
    "AtLeastOne": (35, 52),
    "Summary": (20, 30),
}  # seconds: from the storyboard's least to a share of the film's ten minutes


@pytest.mark.parametrize(("lang", "theme"), [("es", "dark"), ("en", "light")])  # as test_layout tells them
@pytest.mark.parametrize("chapter", FILM, ids=lambda chapter: chapter.name)
def test_chapters_last_as_long_as_the_storyboard_says(chapter: Chapter, lang: str, theme: str) -> None:
    scene = told(chapter, lang, PREVIEW, theme=theme).scene
    low, high = LENGTHS[chapter.name]
    assert low <= scene.clock <= high
    assert len(set(scene.beats)) == len(scene.beats)
    assert all(beat.isascii() and beat.isidentifier() for beat in scene.beats)


def test_the_film_lasts_six_to_ten_minutes() -> None:
    """Because each of its chapters keeps to its length."""
    least, most = (sum(length) for length in zip(*(LENGTHS[chapter.name] for chapter in FILM), strict=True))
    assert least >= 360 and most <= 600


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_frames_depend_on_records_and_progress_alone(chapter: Chapter) -> None:
    """At twice the frame rate, every second frame is the same; that slices are, see test_same_frames."""
    apart = apart_at(chapter, RATE / 2)
    assert len(apart) >= 20
    assert max(apart) < 0.5


def test_no_scene_names_torch_and_no_simulator_names_manim() -> None:
    for folder, forbidden in (("scenes", "torch"), ("sim", "manim")):
        for path in (ROOT / folder).rglob("*.py"):
            lines = path.read_text(encoding="utf-8").splitlines()
            assert not [
                line for line in lines if line.strip().startswith((f"import {forbidden}", f"from {forbidden}"))
            ], path
