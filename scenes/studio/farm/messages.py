"""What goes to workers and comes back, all of it picklable; worker.py is what they do. Needs no manim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scenes.film import Chapter, Cut
from scenes.kit.telling.setting import Setting


@dataclass(frozen=True)
class Shot:
    """One chapter in one look: all that is needed to draw it, wherever that is."""

    chapter: Chapter
    setting: Setting  # language, theme … and the parameters
    video: tuple[tuple[str, Any], ...]  # manim's settings: size, frame rate …
    beat: str | None = None  # the one that is wanted; None: all
    cuts: tuple[Cut, ...] = ()  # what is wanted, if these are given

    @property
    def pixels(self) -> int:
        """Of a frame."""
        video = dict(self.video)
        return int(video["pixel_width"] * video["pixel_height"])

    @property
    def suffix(self) -> str:
        return f".{dict(self.video).get('format', 'mp4')}"


@dataclass(frozen=True)
class Disk:
    """Where a job finds and leaves files. A folder that is None is not shared: bytes travel instead.

    ``records`` are files of records to put into the worker's own store first.
    """

    scratch: Path | None = None  # for whatever nobody else is to see
    store: Path | None = None
    segments: Path | None = None
    records: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class Play:
    """One play of a chapter: its segment's name, how many frames it lasts, and whether anything moves."""

    key: str
    frames: int
    moving: bool


@dataclass(frozen=True)
class Told:
    """What a chapter is in one look, found by telling it without drawing."""

    plays: tuple[Play, ...]
    sections: Mapping[str, str]  # of the parameters, in canonical form: what it reads
    records: tuple[tuple[str, Any], ...]  # experiment and parameters
    sources: Mapping[str, str]  # digests of the experiments' source
    words: str  # digest of what it may say
    names: tuple[str, ...]  # under which it looks for words
    code: str  # digest of the code that can change its pixels
    timeline: Any  # beats and captions, for JSON; None where the kit keeps none
    seconds: float  # CPU time that telling took
    glimpses: Mapping[str, str] = field(default_factory=dict)  # by beat: digest of its last picture, if asked for


@dataclass(frozen=True)
class Glanced:
    """The first beat whose last picture is another than before, and that picture as a PNG; None if there is none."""

    beat: str | None
    picture: bytes


@dataclass(frozen=True)
class Drawn:
    """A slice: its segments by name, with the CPU seconds each took, and their bytes if no folder is shared."""

    seconds: Mapping[str, float]
    content: Mapping[str, bytes]
    drawn: int  # of them made now, not found
    memory: int  # bytes that the worker has held at most


@dataclass(frozen=True)
class Missing:
    """Not done: these records are to be computed first, or sent along."""

    records: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Failure:
    """Not done, and why, for the user."""

    message: str
