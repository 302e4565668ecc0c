"""Recorded voices: they set how long a beat lasts, are heard in the clip, and are left out when they would lie."""

from __future__ import annotations

import shutil
import sys
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from scenes.kit.errors import UsageError
from scenes.kit.telling import voice as kit_voice
from scenes.kit.telling.timeline import Timeline
from scenes.studio.files.outputs import deliver
from scenes.studio.sound import speech
from sim.params import load
from tests.conftest import Run, lacking
from tests.studio.conftest import CHAPTER, SOFT, drawn

pytestmark = pytest.mark.xdist_group("clip")


def record(path: Path, seconds: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    tone = (np.sin(np.arange(round(seconds * 22_050)) * 0.1) * 12_000).astype("<i2")
    with wave.open(str(path), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(22_050)
        target.writeframes(tone.tobytes())


def loudness(clip: Path) -> np.ndarray:
    """How loud each tenth of a second is."""
    with av.open(str(clip)) as source:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in source.decode(audio=0)])
    step = 4800
    return np.abs(sound[: len(sound) // step * step].reshape(-1, step)).max(axis=1)


def test_a_recording_sets_the_time_and_is_heard(clip: Path, media: Path, tmp_path: Path, monkeypatch) -> None:
    silent = Timeline.read_beside(clip)  # read before the clip is drawn anew
    monkeypatch.setenv("ATAJOS_VOICE", str(tmp_path / "voice"))
    short, long = silent.beats[1].name, silent.beats[-1].name
    record(tmp_path / "voice" / "es" / CHAPTER.name / f"{short}.wav", 0.2)
    record(tmp_path / "voice" / "es" / CHAPTER.name / f"{long}.wav", 9.1)
    made = drawn(media, SOFT)
    target = deliver([made.path], SOFT, tmp_path, CHAPTER.name, load(media / "small.toml"))
    line = Timeline.read_beside(made.path)
    assert made.drawn > 0
    assert drawn(media, SOFT).drawn == 0
    beats = {beat.name: beat for beat in line.beats}
    assert beats[long].duration == pytest.approx(9.5, abs=0.1)  # whole frames, as it happens
    assert 0.4 <= beats[short].duration < silent.beats[1].duration  # its animations and a breath, no less
    assert line.beats[0].duration == silent.beats[0].duration
    with av.open(str(target)) as whole:
        track = whole.streams.audio[0]
        assert track.codec_context.name == "aac"
        assert track.metadata["language"] == "spa"
        assert float(track.duration * track.time_base) == pytest.approx(line.duration, abs=0.1)
    loud = loudness(target)
    begin = round(beats[long].start * 10)
    assert loud[begin + 2 : begin + 88].min() > 0.2
    assert loud[begin - 10 : begin - 2].max() < 0.01
    assert line.digest != silent.digest


def test_a_recording_that_says_other_words_is_left_out(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("ATAJOS_VOICE", str(tmp_path))
    place = kit_voice.Place(tmp_path, "es", "X", "brief", "a")
    path = place.path
    record(path, 1)
    assert kit_voice.recording_of(place, "falla el 8 %") == path  # nobody knows its words
    path.with_suffix(".txt").write_text("falla el 7 %\n", encoding="utf-8")
    assert kit_voice.recording_of(place, "falla el 8 %") is None
    assert "says other words than the caption now; left out" in capsys.readouterr().err
    assert kit_voice.recording_of(place, "falla el 7 %") == path


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "a.wav"
    bad.write_bytes(b"RIFF, but no more")
    with pytest.raises(UsageError, match="not a sound file"):
        kit_voice.duration_of(bad)


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("llega 10⁻⁸ de ella", "es", "llega 10 a la menos 8 de ella"),
        ("0.5 × 10³ = 500", "en", "0.5 times 10 to the 3 equals 500"),
    ],
)
def test_numbers_are_said_as_one_says_them(text: str, language: str, said: str) -> None:
    assert speech.spoken(text, language) == said


def test_espeak_speaks_what_nobody_recorded(here: Run, tmp_path: Path, small: Path) -> None:
    where = {"ATAJOS_VOICE": str(tmp_path / "voice")}
    done = here("voice", "PlainBlock", "--params", small, "--list", **where)
    first, words = done.stdout.splitlines()[0].split("\t")
    record(Path(first), 1.0)
    recorded = Path(first).read_bytes()
    done = here("voice", "PlainBlock", "--params", small, **where)
    assert done.returncode == 0, done.stderr
    made = [Path(line) for line in done.stdout.splitlines()]
    assert Path(first) not in made
    assert Path(first).read_bytes() == recorded
    assert all(path.with_suffix(".txt").is_file() and kit_voice.duration_of(path) > 0.5 for path in made)
    assert words
    assert here("voice", "PlainBlock", "--params", small, **where).stdout == ""


def test_without_espeak_one_message_says_what_to_do(
    here: Run, tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    done = here("voice", "PlainBlock", "--params", small, PATH=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "espeak-ng is not installed: pip install 'atajos[voice]'" in done.stderr


@pytest.mark.parametrize(("language", "text"), [("es", "El gradiente vuelve."), ("en", "The gradient returns.")])
@pytest.mark.parametrize("installed", [True, False])
def test_both_voices_speak(
    installed: bool, language: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not installed:  # the library of the extra
        monkeypatch.setattr(speech.shutil, "which", lambda program: None)
    elif shutil.which(speech.PROGRAM) is None:
        lacking("no espeak-ng on this machine (Debian: apt-get install espeak-ng)")
    speech.speak(language, text, tmp_path / "said.wav")
    assert 0.6 < kit_voice.duration_of(tmp_path / "said.wav") < 4
