"""Chapters told without being drawn, once for all tests: what is said, what is wrong with the pictures, how it ends.

Tests that change what is told (a record, a method) take :func:`tell`; all others :func:`told`, which remembers. The
tests of one chapter run in one process, so that no telling is made twice: see ``conftest.py`` beside this file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scenes import gradient_flow
from scenes.film import ENCORE, FILM, Chapter
from scenes.kit.drawing.painting import Written
from scenes.kit.drawing.text import texts_in
from scenes.kit.telling.filmed import Filmed
from scenes.kit.video.segments import SegmentRenderer
from scenes.studio.files.bars import Bars, bars
from scenes.studio.files.contact import at_beat_ends, quietly
from scenes.studio.look import Look, chosen
from tests.bench.look import words_on
from tests.conftest import SMALL_FILE
from tests.scenes.layout import in_the_world, problems

CHAPTER = {chapter.name: chapter for chapter in (*FILM, *ENCORE)}
COARSE = 5  # stops on GradientFlow's map, where settings are others than the film's
REMEMBERED = 24  # tellings; a scene takes up to 30 MB
Frames = dict[float, list[NDArray[np.uint8]]]  # of every play, by the time at which it begins
Watch = Callable[[Any, str], None]  # the scene at the end of a beat, and the beat's name


@dataclass(frozen=True)
class Telling:
    """A chapter at its end; and of each beat: what was said, its words at its end, the sizes of these in px at full HD,
    and what is wrong with its pictures: the last one, and those at which a gesture begins with a sentence
    (``beat.0``)."""

    scene: Any
    said: dict[str, str]
    wrong: dict[str, list[str]]
    shown: dict[str, str]
    sizes: dict[str, list[float]]


def tell(
    chapter: Chapter | str,
    look: Look | None = None,
    params: Path | str | None = None,
    sets: Sequence[str] = (),
    watch: Watch | None = None,
) -> Telling:
    """Tell a chapter anew, as a look, a file of parameters and settings say."""
    said, wrong, shown, sizes = {}, {}, {}, {}

    def listen(scene: Any, beat: str) -> None:
        said[beat] = scene.timeline().beats[-1].text
        written = scene.world.texts() if isinstance(scene, Filmed) else []
        glass = [text.words for mobject in scene.mobjects for text in texts_in(mobject)]
        shown[beat] = " ".join([*glass, *(one.words for one in written)])
        sizes[beat] = [px for _, px in words_on(scene, written)]
        lint(scene, beat, written)
        if watch is not None:
            watch(scene, beat)

    def lint(scene: Any, where: str, written: Sequence[Written] | None = None) -> None:
        found = problems(scene.mobjects, scene.stage, scene.theme)
        if isinstance(scene, Filmed):
            found += in_the_world(scene.world, written)
        if found:
            wrong[where] = found

    one = CHAPTER[chapter] if isinstance(chapter, str) else chapter
    with chosen(look or Look(), params and str(params), sets), coarsely() if sets else nullcontext():
        scene = at_beat_ends(one, listen, at_cue=lint)
    return Telling(scene, said, wrong, shown, sizes)


@contextmanager
def coarsely() -> Iterator[None]:
    """With few stops of depth, and of gain, on GradientFlow's map: each is a measurement."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gradient_flow, "GRID", COARSE)
        yield


def told(
    chapter: Chapter | str,
    lang: str = "es",
    params: Path | str | None = None,
    sets: Sequence[str] = (),
    theme: str = "dark",
    aspect: str = "16:9",
    telling: str = "brief",
) -> Telling:
    """A chapter told, or remembered. Look at it only: other tests do, too."""
    name = chapter if isinstance(chapter, str) else chapter.name
    return _told(name, Look(lang, theme, aspect, telling=telling), params and str(params), tuple(sets))


@lru_cache(maxsize=REMEMBERED)
def _told(name: str, look: Look, params: str | None, sets: tuple[str, ...]) -> Telling:
    return tell(name, look, params, sets)


class Plays(SegmentRenderer):
    """Keeps the frames of every play. At a low rate some plays are too short for a frame: hence by time."""

    def add_frame(self, frame: Any, num_frames: int = 1) -> None:
        if not self.skip_animations:
            self.frames.setdefault(round(self.told.now, 6), []).extend([np.array(frame[..., :3])] * num_frames)
        super().add_frame(frame, num_frames)

    def init_scene(self, scene: Any, *rest: object) -> None:
        self.told = scene
        self.frames: Frames = {}
        super().init_scene(scene, *rest)


@lru_cache(maxsize=4)
def drawn(chapter: Chapter, rate: float) -> Frames:
    """A chapter drawn small, once for all tests: ``rate`` frames a second, 120 px high. Look at it only."""
    with chosen(Look(), str(SMALL_FILE)), quietly(120, rate):
        scene = chapter.scene()(Plays)
        scene.render()
    frames: Frames = scene.renderer.frames
    return frames


def bars_of(chapter: Chapter, rate: float) -> Bars:
    """The bars of a chapter that is drawn small."""
    return bars([grey(one) for play in drawn(chapter, rate).values() for one in play], rate)


def grey(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mean of the three colours."""
    red, green, blue = (frame[..., i].astype(np.uint16) for i in range(3))
    return ((red + green + blue) // 3).astype(np.uint8)


def apart_at(chapter: Chapter, rate: float) -> list[float]:
    """How far each frame is from the same at twice the rate: mean difference, of 255. One rate may show one more."""
    whole, fast = drawn(chapter, rate), drawn(chapter, 2 * rate)
    pairs = [pair for play in whole for pair in zip(whole[play], fast.get(play, [])[::2], strict=False)]
    return [float(np.abs(a.astype(int) - b).mean()) for a, b in pairs]
