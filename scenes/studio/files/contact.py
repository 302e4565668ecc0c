"""Contact sheets, by which chapters are reviewed: the end of every beat, or a strip of frames, on one PNG."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from manim import tempconfig
from manim.utils.exceptions import EndSceneEarlyException
from PIL import Image, ImageDraw, ImageFont

from scenes.film import Chapter
from scenes.kit.drawing.text import FONT_FILES
from scenes.kit.drawing.tiles import ALONE, scenery
from scenes.kit.errors import UsageError
from scenes.kit.telling.lecture import Lecture
from scenes.kit.video.pictures import Frame, seen
from scenes.kit.video.segments import SegmentRenderer
from scenes.studio.bar import at_times
from sim.paths import kept
from sim.records import atomic

GAP, STRIP = 12, 34  # px between pictures, and of the line of text above each


@contextmanager
def quietly(height: int, frame_rate: float = 30) -> Iterator[None]:
    """manim set to draw frames ``height`` px high (the short side) and to write nothing but glyphs."""
    settings = {
        "pixel_height": height,
        "pixel_width": round(height * 16 / 18) * 2,
        "frame_rate": frame_rate,
        "format": "none",
        "progress_bar": "none",
        "verbosity": "ERROR",
        "media_dir": str(kept() / "glyphs"),
    }
    with tempconfig(settings):
        yield


def at_beat_ends(
    chapter: Chapter,
    look: Callable[[Lecture, str], None],
    height: int = 540,
    at_cue: Callable[[Lecture, str], None] | None = None,
) -> Lecture:
    """Tell a chapter without drawing it, and call ``look(scene, beat)`` at the end of every beat, and ``at_cue(scene,
    beat.sentence)`` where a gesture has waited for its sentence. Returns the scene."""
    with quietly(height):
        scene = chapter.scene()(skip_animations=True)
        scene.at_beat_end.append(look)
        if at_cue is not None:
            scene.at_cue.append(at_cue)
        with at_times(f"telling {chapter.name}"):
            scene.render()
    return scene


def beat_ends(chapter: Chapter, height: int = 540) -> list[tuple[str, Frame]]:
    """The picture at the end of every beat, with the beat's id; nothing in between is drawn."""
    found: list[tuple[str, Frame]] = []

    def look(scene: Lecture, beat: str) -> None:
        found.append((beat, seen(scene)))

    at_beat_ends(chapter, look, height)
    return found


def still(chapter: Chapter, beat: str, height: int = 1080) -> Image.Image:
    """The picture at the end of one beat: no other is drawn, and what comes after it is not told.

    Raises :class:`UsageError` naming the beats there are.
    """
    told: list[str] = []
    found: list[Frame] = []

    def look(scene: Lecture, name: str) -> None:
        told.append(name)
        if name == beat:
            with scenery(ALONE):
                found.append(seen(scene))
            raise EndSceneEarlyException

    at_beat_ends(chapter, look, height)
    if not found:
        raise UsageError(f"{chapter.name} has no beat {beat!r}; there are: {', '.join(told)}")
    return Image.fromarray(found[0])


def strip(chapter: Chapter, rate: float, height: int = 270) -> list[tuple[str, Frame]]:
    """``rate`` frames a second of the whole chapter, with the time of each in seconds; stills are shown once."""
    found: list[tuple[str, Frame]] = []

    class Watcher(SegmentRenderer):
        def add_frame(self, frame: Frame, num_frames: int = 1) -> None:
            if not self.skip_animations:
                found.append((f"{self.time:.2f} s", frame))
            super().add_frame(frame, num_frames)

    with quietly(height, rate):
        chapter.scene()(Watcher).render()
    return found


def sheet(pictures: list[tuple[str, Frame]], columns: int) -> Image.Image:
    """All pictures on one, row by row, each under its name. On checks where they are transparent."""
    height, width = pictures[0][1].shape[:2]
    rows = math.ceil(len(pictures) / columns)
    page = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (height + GAP + STRIP) + GAP), "#777777")
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(str(FONT_FILES[0]), 24)
    for i, (name, frame) in enumerate(pictures):
        x, y = GAP + i % columns * (width + GAP), GAP + i // columns * (height + GAP + STRIP)
        picture = Image.fromarray(np.ascontiguousarray(frame), "RGBA")
        pen.text((x, y + 2), name, fill="white", font=font)
        page.paste(picture, (x, y + STRIP), picture)
    return page


def gallery(chapters: Sequence[Chapter], height: int = 360) -> Image.Image:
    """The poster of each chapter, with its name, all on one picture."""
    found = [(chapter.name, poster(chapter, height)[0]) for chapter in chapters]
    return sheet(found, columns=min(3, len(found)))


def poster(chapter: Chapter, height: int = 540) -> tuple[Frame, str]:
    """A chapter's best picture (see ``Lecture.poster``), and its title; nothing else of it is drawn."""
    found: list[Frame] = []

    def look(scene: Lecture, beat: str) -> None:
        if beat == scene.poster:
            with scenery(ALONE):
                found.append(seen(scene))

    scene = at_beat_ends(chapter, look, height)
    if not found:
        with scenery(ALONE):
            found.append(seen(scene))
    return found[0], scene.timeline().title


def save(page: Image.Image, out: Path) -> Path:
    """Write a PNG, whole or not at all."""
    atomic.whole(out, lambda part: page.save(part, "PNG"))
    return out
