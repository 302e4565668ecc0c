"""Every chapter's frames are the same whatever its process has drawn before, and however it was started.

python -m tests.scenes.test_same_frames PARAMS first|again

draws all chapters in one process, whose frames are compared with those of another: `first` in the order of the film;
`again` backwards, each from its middle on, as one of several workers does, and then a second time, wholly.
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

from scenes.film import FILM, Chapter
from scenes.kit.video.segments import SegmentRenderer
from scenes.studio.files.contact import quietly
from scenes.studio.look import Look, chosen
from tests.conftest import ROOT, SMALL
from tests.studio.farm import tiny

pytestmark = pytest.mark.xdist_group("same frames")
HEIGHT, RATE = 108, 1  # px, frames a second
Frames = dict[str, str]  # digest of a play's frames, by its number
WAYS = {"first": ("0", "1"), "again": ("1", "2")}  # the seed of hashes, the threads of numpy


class Digests(SegmentRenderer):
    """Keeps digests of the frames of every play from number ``first`` on; those before are told, not drawn."""

    first = 0

    def init_scene(self, scene: object, *rest: object) -> None:
        self.seen: dict[str, hashlib._Hash] = {}
        super().init_scene(scene, *rest)

    def update_skipping_status(self) -> None:
        super().update_skipping_status()
        if self.num_plays < self.first:
            self.skip_animations = True

    def add_frame(self, frame: np.ndarray, num_frames: int = 1) -> None:
        if not self.skip_animations:
            state = self.seen.setdefault(str(self.num_plays), hashlib.sha256())
            state.update(frame.tobytes() + str(num_frames).encode())
        super().add_frame(frame, num_frames)


def frames(chapter: Chapter, first: int = 0) -> Frames:
    with quietly(HEIGHT, RATE):
        scene = chapter.scene()(type("From", (Digests,), {"first": first}))
        scene.render()
    return {play: state.hexdigest() for play, state in scene.renderer.seen.items()}


def all_frames(way: str) -> Iterator[tuple[str, list[Frames]]]:
    """By chapter: its frames, once or twice."""
    for chapter in FILM if way == "first" else reversed(FILM):
        yield chapter.name, [frames(chapter)] if way == "first" else [frames(chapter, first=6), frames(chapter)]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[Frames]]]:
    params = tmp_path_factory.mktemp("params") / "small.toml"
    params.write_text(SMALL)
    begun = {}
    for way, (seed, threads) in WAYS.items():
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        env = os.environ | {"PYTHONHASHSEED": seed} | dict.fromkeys(names, threads)
        command = [sys.executable, "-m", __name__, str(params), way]
        begun[way] = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    told = {way: process.communicate()[0] for way, process in begun.items()}
    return {way: json.loads(text.splitlines()[-1]) for way, text in told.items()}


@pytest.mark.parametrize("chapter", FILM, ids=lambda chapter: chapter.name)
def test_frames_are_the_same_in_another_process(chapter: Chapter, drawn: dict[str, dict[str, list[Frames]]]) -> None:
    (whole,), (part, second) = drawn["first"][chapter.name], drawn["again"][chapter.name]
    assert second == whole
    assert part == {play: digest for play, digest in whole.items() if play in part}
    assert len(whole) > 2


def test_segments_are_the_same_bytes_for_one_worker_and_for_four(tmp_path: Path, small: Path, monkeypatch) -> None:
    """Equations with fractions, which a process makes time and again."""
    monkeypatch.setattr(tiny.farm, "WORTH", 0.0)
    segments = []
    for jobs in (1, 4):
        media = tmp_path / str(jobs)
        tiny.draw(media, small, ("AtLeastOne",), pool=lambda folder, _, jobs=jobs: tiny.LocalPool(jobs, folder))
        segments.append({path.name: path.read_bytes() for path in (media / "segments").glob("*.mp4")})
    assert segments[0] == segments[1]


if __name__ == "__main__":
    with chosen(Look(), sys.argv[1]):
        print(json.dumps(dict(all_frames(sys.argv[2]))))
