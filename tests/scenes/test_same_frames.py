"""Every chapter's frames are the same whatever its process has drawn before, and however it was started.

python -m tests.scenes.test_same_frames PARAMS

draws all chapters backwards, each from its middle on, as one of several workers does, and then up to there, in a
process with other hashes and threads than that of the tests, which draws them in the order of the film.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from manim.utils.exceptions import EndSceneEarlyException

from scenes.film import FILM, Chapter
from scenes.kit.video.segments import SegmentRenderer
from scenes.studio.files.contact import quietly
from scenes.studio.look import Look, chosen
from tests.conftest import ROOT, SMALL_FILE
from tests.studio.farm import tiny
from tests.studio.farm.here import Here

pytestmark = pytest.mark.xdist_group("same frames")
HEIGHT, RATE = 108, 0.5  # px, frames a second: of most plays one
MIDDLE = 6  # a play
Frames = dict[str, str]  # digest of a play's frames, by its number
OTHERWISE = {"PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}


class Digests(SegmentRenderer):
    """Keeps digests of the frames of some plays; those before are told, not drawn, and those behind not told either."""

    plays = range(10_000)

    def init_scene(self, scene: object, *rest: object) -> None:
        self.seen: dict[str, hashlib._Hash] = {}
        super().init_scene(scene, *rest)

    def update_skipping_status(self) -> None:
        super().update_skipping_status()
        if self.num_plays >= self.plays.stop:
            raise EndSceneEarlyException
        if self.num_plays < self.plays.start:
            self.skip_animations = True

    def add_frame(self, frame: np.ndarray, num_frames: int = 1) -> None:
        if not self.skip_animations:
            state = self.seen.setdefault(str(self.num_plays), hashlib.sha256())
            state.update(frame.tobytes() + str(num_frames).encode())
        super().add_frame(frame, num_frames)


def frames(chapter: Chapter, plays: range = Digests.plays) -> Frames:
    with quietly(HEIGHT, RATE):
        scene = chapter.scene()(type("Some", (Digests,), {"plays": plays}))
        scene.render()
    return {play: state.hexdigest() for play, state in scene.renderer.seen.items()}


def backwards() -> Iterator[tuple[str, list[Frames]]]:
    """By chapter: its frames from the middle on, and those before."""
    for chapter in reversed(FILM):
        yield chapter.name, [frames(chapter, Digests.plays[MIDDLE:]), frames(chapter, Digests.plays[:MIDDLE])]


@pytest.fixture(scope="module")
def forwards() -> dict[str, Frames]:
    with chosen(Look(), str(SMALL_FILE)):
        return {chapter.name: frames(chapter) for chapter in FILM}


@pytest.fixture(scope="module")
def elsewhere(forwards: dict[str, Frames]) -> dict[str, list[Frames]]:
    """After ``forwards``, so that the records are there."""
    command = [sys.executable, "-m", __name__, str(SMALL_FILE)]
    env = os.environ | OTHERWISE
    told = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
    frames_of, torch = told.splitlines()[-2:]
    assert torch == "False"  # which takes seconds to import: no chapter does so from a warm store
    found: dict[str, list[Frames]] = json.loads(frames_of)
    return found


@pytest.mark.parametrize("chapter", FILM, ids=lambda chapter: chapter.name)
def test_frames_are_the_same_in_another_process(
    chapter: Chapter, forwards: dict[str, Frames], elsewhere: dict[str, list[Frames]]
) -> None:
    whole, (last, first) = forwards[chapter.name], elsewhere[chapter.name]
    assert first | last == whole and not first.keys() & last.keys()
    assert len(whole) > 2


def test_segments_are_the_same_bytes_of_this_process_and_of_four_workers(
    tmp_path: Path, small: Path, monkeypatch
) -> None:
    """Equations with fractions, which a process makes time and again."""
    monkeypatch.setattr(tiny.farm, "WORTH", 0.0)
    segments = []
    for name, pool in (("here", Here), ("four", lambda folder, _: tiny.LocalPool(4, folder))):
        media = tmp_path / name
        tiny.draw(media, small, ("AtLeastOne",), pool=pool)
        segments.append({path.name: path.read_bytes() for path in (media / "segments").glob("*.mp4")})
    assert segments[0] == segments[1] and segments[0]


if __name__ == "__main__":
    with chosen(Look(), sys.argv[1]):
        print(json.dumps(dict(backwards())))
    print("torch" in sys.modules)
