"""Sentences in turn: when each is said, what waits for it, and what is seen of it."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from manim import Square, linear

from scenes.kit.errors import UsageError
from scenes.kit.telling import narration
from scenes.kit.telling.lecture import Lecture
from scenes.kit.telling.narration import words_of
from scenes.kit.telling.phrasing import reading_time
from scenes.kit.video.segments import SegmentRenderer
from scenes.studio.files.contact import quietly

SENTENCES = ["La primera frase es esta.", "La segunda frase es otra.", "Y esta es la tercera y última."]
RATE = 10


class Told(Lecture):
    """Three sentences, a gesture with the second, and one that goes on while the third begins."""

    def construct(self) -> None:
        self.seen: list[tuple[float, str]] = []
        square = Square(1).shift([0, 1, 0])
        with self.beat("all") as beat:
            self.add(square)
            beat.cue(1)
            self.second = self.clock
            self.play(square.animate(rate_func=linear).shift([1, 0, 0]), run_time=4)
            beat.cue(2)
            self.third = self.clock


class Watcher(SegmentRenderer):
    """Notes which caption is in the picture at every frame."""

    def add_frame(self, frame: object, num_frames: int = 1) -> None:
        if not self.skip_animations:
            box = self.scene_told._caption
            shown = [list(each) == box.submobjects for each in box.boxes].index(True)
            lines = box.script.sentences[shown].text
            self.frames += [lines] * num_frames
        super().add_frame(frame, num_frames)

    def init_scene(self, scene: Lecture, *rest: object) -> None:
        self.scene_told, self.frames = scene, []
        super().init_scene(scene, *rest)


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    all_words = words_of("es")
    told = {"title": "x", "beats": {"all": SENTENCES}}
    monkeypatch.setattr(narration, "words_of", lambda _: all_words | {"Told": told})
    monkeypatch.setenv("ATAJOS_VOICE", str(tmp_path))
    return tmp_path / "es" / "Told"


def tell(skip: bool = False) -> Told:
    with quietly(120, RATE):
        scene = Told(Watcher, skip_animations=skip)
        scene.render()
    return scene


def record(folder: Path, name: str, seconds: float) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / f"{name}.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(int(2 * 8000 * seconds)))


def starts(scene: Told) -> list[float]:
    return [sentence.start for sentence in scene.timeline().sentences]


def test_each_sentence_has_its_time_and_gestures_wait_for_it(words: Path) -> None:
    scene = tell(skip=True)
    times = np.cumsum([0, *map(reading_time, SENTENCES)])
    assert starts(scene) == pytest.approx(times[:-1], abs=0.5 / RATE)
    assert scene.second == pytest.approx(starts(scene)[1], abs=0.5 / RATE)
    assert scene.third == pytest.approx(scene.second + 4)  # the third began while the gesture went on
    assert starts(scene)[2] < scene.third
    assert scene.clock == pytest.approx(max(times[-1], scene.third + 0.4), abs=1 / RATE)
    ends = [sentence.end for sentence in scene.timeline().sentences]
    assert ends == pytest.approx([*starts(scene)[1:], scene.clock])


def test_the_caption_in_the_picture_is_the_sentence_that_is_said(words: Path) -> None:
    scene = tell()
    frames = scene.renderer.frames
    assert len(frames) == round(scene.clock * RATE)
    for i, text in enumerate(frames):
        said = [one.text for one in scene.timeline().sentences if one.start * RATE < i + 1 and i - 1 < one.end * RATE]
        assert text in said, i  # to the frame in which another begins
    assert list(dict.fromkeys(frames)) == SENTENCES


def test_a_recording_of_the_beat_is_shared_or_marked(words: Path) -> None:
    record(words, "all", 12.0)
    times = [reading_time(text) for text in SENTENCES]
    shared = tell(skip=True)
    assert starts(shared) == pytest.approx(np.cumsum([0, *times[:-1]]) * 12 / sum(times), abs=0.5 / RATE)
    assert shared.timeline().beats[0].recordings == [(0.0, shared.clock, str(words / "all.wav"))]
    (words / "all.marks").write_text("0\n2.0\n9\n")
    assert starts(tell(skip=True)) == pytest.approx([0, 2, 9])
    (words / "all.marks").write_text("0\n9\n2\n")
    with pytest.raises(UsageError, match=r"all\.marks: must be 3 rising numbers"):
        Told.construct(Told(Watcher, skip_animations=True))


def test_a_sentence_may_have_a_recording_of_its_own(words: Path) -> None:
    record(words, "all-2", 6.0)
    scene = tell(skip=True)
    first = reading_time(SENTENCES[0])
    assert starts(scene) == pytest.approx([0, first, first + 6.4], abs=1 / RATE)
    assert [file for *_, file in scene.timeline().beats[0].recordings] == [str(words / "all-2.wav")]
