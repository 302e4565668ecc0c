"""Recorded voices: a sound file of a beat sets how long the beat lasts.

A recording says numbers too. Where ``<beat>.txt`` lies beside it, it holds the words that were recorded, and the
recording is left out when the caption now says something else: a changed parameter does not make the film lie.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import av

from .errors import UsageError

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "voice"


def path_of(language: str, chapter: str, beat: str) -> Path:
    """Where the recording of a beat belongs; the folder is ``ATAJOS_VOICE`` or assets/voice."""
    return Path(os.environ.get("ATAJOS_VOICE") or FOLDER).resolve() / language / chapter / f"{beat}.wav"


def words_of(recording: Path) -> str | None:
    """The words that were recorded, where they are known."""
    script = recording.with_suffix(".txt")
    return script.read_text(encoding="utf-8").strip() if script.is_file() else None


def recording_of(language: str, chapter: str, beat: str, text: str) -> Path | None:
    """The recording of a beat if there is one that says ``text``."""
    path = path_of(language, chapter, beat)
    if not path.is_file():
        return None
    recorded = words_of(path)
    if recorded is not None and recorded != text:
        print(f"atajos: {path}: says other words than the caption now; left out", file=sys.stderr)
        return None
    return path


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
