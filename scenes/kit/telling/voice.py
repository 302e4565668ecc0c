"""Recorded voices: a sound file of a beat, or of each of its sentences, sets how long it lasts.

A recording says numbers too. Where ``<beat>.txt`` lies beside it, it holds the words that were recorded, and the
recording is left out when the caption now says something else: a changed parameter does not make the film lie.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import av

from scenes.kit.errors import UsageError


@dataclass(frozen=True)
class Place:
    """Whose recording it is: a beat's, in a telling of a chapter."""

    folder: Path
    language: str
    chapter: str
    telling: str
    beat: str

    @property
    def path(self) -> Path:
        """Where the recording belongs: ``es/PlainRoad/road.wav``, or ``es/PlainRoad/full/road.wav`` in that telling."""
        folder = self.folder / self.language / self.chapter
        return folder / ("" if self.telling == "brief" else self.telling) / f"{self.beat}.wav"

    def sentence(self, index: int) -> Place:
        """Whose it is if a sentence (from 0) has one of its own: ``road-1.wav`` is the first."""
        return replace(self, beat=f"{self.beat}-{index + 1}")


def words_of(recording: Path) -> str | None:
    """The words that were recorded, where they are known."""
    script = recording.with_suffix(".txt")
    return script.read_text(encoding="utf-8").strip() if script.is_file() else None


def recording_of(place: Place, text: str) -> Path | None:
    """The recording of a place if there is one that says ``text``."""
    path = place.path
    if not path.is_file():
        return None
    recorded = words_of(path)
    if recorded is not None and recorded != text:
        print(f"atajos: {path}: says other words than the caption now; left out", file=sys.stderr)
        return None
    return path


def marks_of(recording: Path, sentences: int) -> list[float] | None:
    """The seconds at which each sentence of a recorded beat begins, a line each in ``road.marks``; None if not marked.

    Raises :class:`UsageError` if they are not as many rising numbers as there are sentences, from 0 on.
    """
    path = recording.with_suffix(".marks")
    if not path.is_file():
        return None
    wanted = f"{path}: must be {sentences} rising numbers of seconds from 0 on, a line each: where each sentence begins"
    try:
        marks = [float(line) for line in path.read_text(encoding="utf-8").split()]
    except ValueError:
        raise UsageError(wanted) from None
    rising = all(a < b for a, b in pairwise(marks))
    if len(marks) != sentences or not rising or not marks[0] >= 0 or not marks[-1] < duration_of(recording):
        raise UsageError(wanted)
    return [0.0, *marks[1:]]


def duration_of(recording: Path) -> float:
    """Seconds that a recording lasts. Raises :class:`UsageError` if it is no sound file."""
    return _duration(recording, recording.stat().st_mtime_ns)


@cache
def _duration(recording: Path, _: int) -> float:
    try:
        with av.open(str(recording)) as source:
            sound = source.streams.audio[0]
            if sound.duration is None:
                raise UsageError(f"{recording}: says not how long it is; save it as a plain WAV file")
            return float(sound.duration * sound.time_base)
    except (av.FFmpegError, IndexError):
        raise UsageError(f"{recording}: not a sound file; save it as WAV") from None
