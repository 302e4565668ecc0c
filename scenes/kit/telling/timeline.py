"""When what is said: the beats of one clip, kept in a small file beside it, so that no scene need be told again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from scenes.kit.errors import UsageError
from sim.records import atomic


@dataclass(frozen=True)
class Sentence:
    """One sentence, a caption of its own. Times are in seconds from the clip's start, and whole frames."""

    start: float
    duration: float
    lines: tuple[str, ...]  # the caption, as it is broken
    voice: str | None = None  # the recording that says it

    @property
    def end(self) -> float:
        return self.start + self.duration

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    def later(self, seconds: float) -> Sentence:
        return replace(self, start=self.start + seconds)


@dataclass(frozen=True)
class Beat:
    """One beat of a clip. Times are in seconds from the clip's start, and whole frames."""

    name: str
    start: float
    duration: float
    sentences: tuple[Sentence, ...]
    voice: str | None = None  # the recording that says all of them

    @property
    def end(self) -> float:
        return self.start + self.duration

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def heading(self) -> str:
        """What stands for the beat in a list: its first sentence."""
        return self.sentences[0].text if self.sentences else self.name

    @property
    def recordings(self) -> list[tuple[float, float, str]]:
        """What is heard: start, end and file of each recording."""
        parts = [self] if self.voice else self.sentences
        return [(part.start, part.end, part.voice) for part in parts if part.voice]

    def later(self, seconds: float) -> Beat:
        sentences = tuple(sentence.later(seconds) for sentence in self.sentences)
        return replace(self, start=self.start + seconds, sentences=sentences)


@dataclass(frozen=True)
class Timeline:
    """The beats of one clip, and what the clip is."""

    chapter: str  # the scene's name
    title: str  # in the clip's language
    language: str
    captions: str  # burn or soft
    telling: str  # brief or full
    digest: str  # of all parameters and records the clip was made from
    frame_rate: float
    beats: tuple[Beat, ...]
    poster: str = ""  # the beat that ends with the clip's best picture; "" for the last one
    measured_with: dict[str, list[str]] = field(default_factory=dict)  # versions by library, of all records
    decided: tuple[str, ...] = ()  # what was measured and what decides how that comes out, a sentence an experiment

    @property
    def duration(self) -> float:
        return self.beats[-1].end if self.beats else 0.0

    @property
    def best(self) -> float:
        """When the poster is seen, in seconds from the clip's start."""
        return next((beat.end for beat in self.beats if beat.name == self.poster), self.duration) - 1 / self.frame_rate

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(sentence for beat in self.beats for sentence in beat.sentences)

    def write_beside(self, clip: Path) -> Path:
        """Write ``clip.beats.json``, whole or not at all."""
        target = beside(clip)
        atomic.write(target, self.text.encode())
        return target

    @property
    def text(self) -> str:
        """What is written: JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    def only(self, name: str) -> Timeline:
        """One beat as a clip of its own. Raises :class:`UsageError` naming the beats there are."""
        beat = next((beat for beat in self.beats if beat.name == name), None)
        if beat is None:
            there = ", ".join(beat.name for beat in self.beats)
            raise UsageError(f"{self.chapter} has no beat {name!r}; there are: {there}")
        return replace(self, beats=(beat.later(-beat.start),))

    @classmethod
    def of(cls, told: dict[str, Any]) -> Timeline:
        """What :func:`dataclasses.asdict` made of it, which may have been JSON meanwhile."""

        def sentence(said: dict[str, Any]) -> Sentence:
            return Sentence(**said | {"lines": tuple(said["lines"])})

        beats = [Beat(**beat | {"sentences": tuple(map(sentence, beat["sentences"]))}) for beat in told["beats"]]
        return cls(**told | {"beats": tuple(beats), "decided": tuple(told.get("decided", ()))})

    @classmethod
    def read_beside(cls, clip: Path) -> Timeline:
        """What :meth:`write_beside` wrote. Raises OSError or ValueError if there is no such file."""
        return cls.of(json.loads(beside(clip).read_text(encoding="utf-8")))


def beside(clip: Path) -> Path:
    """Where the beats of a clip lie: ``GradientFlow.mp4`` has ``GradientFlow.beats.json``."""
    return clip.with_suffix(".beats.json")


def merged(timelines: Sequence[Timeline]) -> tuple[Beat, ...]:
    """The beats of clips shown one after the other, timed from the start of the first."""
    told: list[Beat] = []
    offset = 0.0
    for line in timelines:
        told += [beat.later(offset) for beat in line.beats]
        offset += line.duration
    return tuple(told)


def versions_of(records: Iterable[Any]) -> dict[str, list[str]]:
    """The versions that records were computed with, by library; there are several where they are of several times."""
    found: dict[str, set[str]] = {}
    for record in records:
        for library, version in record.versions.items():
            found.setdefault(library, set()).add(version)
    return {library: sorted(versions) for library, versions in sorted(found.items())}
