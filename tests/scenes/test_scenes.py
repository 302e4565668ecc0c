"""Chapters as a whole: their length, their purity, and what they must not import."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from scenes.film import CHAPTERS
from scenes.kit.telling.narration import LANGUAGES
from scenes.studio.files.contact import at_beat_ends, strip
from scenes.studio.look import Look, chosen
from tests.conftest import PREVIEW, ROOT, Run

LENGTHS = {
    "Degradation": (40, 60),
    "PlainBlock": (35, 60),
    "ResidualBlock": (35, 60),
    "PlainRoad": (50, 75),
    "Shortcuts": (50, 75),
    "PlusOne": (45, 70),
    "WaterPipes": (30, 45),
    "GradientFlow": (40, 70),
    "Summary": (20, 35),
    "Routes": (45, 70),
    "AtLeastOne": (35, 60),
}  # seconds, from the storyboard


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_chapters_last_as_long_as_the_storyboard_says(chapter, lang: str) -> None:
    with chosen(Look(lang), str(PREVIEW)):
        scene = at_beat_ends(chapter, lambda scene, beat: None)
    low, high = LENGTHS[chapter.name]
    assert low <= scene.clock <= high
    assert len(set(scene.beats)) == len(scene.beats)
    assert all(beat.isascii() and beat.isidentifier() for beat in scene.beats)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_frames_depend_on_records_and_progress_alone(chapter, small: Path) -> None:
    """Told twice in one process, at two frame rates, the frames at equal times are equal."""
    with chosen(Look(), str(small)):
        slow, again, fast = (dict(strip(chapter, rate, height=120)) for rate in (1, 1, 2))
    assert slow.keys() == again.keys()
    assert all(np.array_equal(slow[time], again[time]) for time in slow)
    assert len(fast) > len(slow)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_a_chapter_from_a_warm_store_never_imports_torch(chapter, small: Path, run: Run) -> None:
    code = f"""
import json, sys
from scenes.film import CHAPTERS
from scenes.studio.files.contact import at_beat_ends
chapter = next(c for c in CHAPTERS if c.name == {chapter.name!r})
beats = at_beat_ends(chapter, lambda scene, beat: None).beats
print(json.dumps([beats, "torch" in sys.modules]))
"""
    with chosen(Look(), str(small)):
        warm = at_beat_ends(chapter, lambda scene, beat: None)
    done = run("python", "-c", code, ATAJOS_PARAMS=str(small))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [warm.beats, False]


def test_no_scene_names_torch_and_no_simulator_names_manim() -> None:
    for folder, forbidden in (("scenes", "torch"), ("sim", "manim")):
        for path in (ROOT / folder).rglob("*.py"):
            lines = path.read_text(encoding="utf-8").splitlines()
            assert not [
                line for line in lines if line.strip().startswith((f"import {forbidden}", f"from {forbidden}"))
            ], path
