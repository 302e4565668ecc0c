"""What a clip was made from, kept beside the segments, so that nothing need be told again when nothing has changed.

A plan is a small file for each chapter and look: a digest, and below it the JSON it is the digest of. It names the
segments, what each cost to draw, and all that the chapter read: sections of the parameters, source of the experiments,
words, code, libraries. What differs now is why it renders.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sim.params
from scenes.kit.telling.narration import Narration
from scenes.kit.video import code, made_with
from scenes.studio.farm.messages import Play, Shot, Told
from sim.records import atomic, source

FORM = 4  # of the file
STILL, MOVING = 0.004, 0.016  # s of CPU for a frame, where nothing is known: encoding alone, or drawing too


@dataclass(frozen=True)
class Plan:
    """What a chapter in one look was made from, last time."""

    plays: tuple[Play, ...]
    sections: Mapping[str, str]
    sources: Mapping[str, str]
    words: str
    names: tuple[str, ...]
    code: str
    versions: Mapping[str, str]  # of the libraries that pixels are made with
    voices: str
    timeline: Any
    telling: float  # s of CPU
    costs: tuple[float, ...]  # s of CPU that each play took to draw, or is expected to take
    memory: int  # bytes that a worker took at most to draw it; 0: not known
    glimpses: Mapping[str, str]  # by beat: digest of its last picture; none where nobody asked for them

    @classmethod
    def of(cls, told: Told, shot: Shot, old: Plan | None) -> Plan:
        """The plan of what has been told. What plays will cost is guessed from what they cost in an older plan."""
        return cls(
            plays=told.plays,
            sections=dict(told.sections),
            sources=dict(told.sources),
            words=told.words,
            names=told.names,
            code=told.code,
            versions=dict(made_with.versions()),
            voices=_voices(shot),
            timeline=told.timeline,
            telling=told.seconds,
            costs=expected(told.plays, old),
            memory=old.memory if old else 0,
            glimpses=dict(told.glimpses),
        )

    def costing(self, measured: Mapping[str, float], memory: int) -> Plan:
        """The plan with what was measured, by segment, in place of what was expected."""
        pairs = zip(self.plays, self.costs, strict=True)
        costs = tuple(measured.get(play.key) or cost for play, cost in pairs)
        return replace(self, costs=costs, memory=memory or self.memory)

    @property
    def digest(self) -> str:
        """Names the clip: its segments and what is said when."""
        made = json.dumps([[play.key for play in self.plays], self.timeline])
        return hashlib.sha256(made.encode()).hexdigest()[:24]

    def changed(self, shot: Shot) -> str | None:
        """What has changed since, in words; None if nothing has."""
        if code.digest([shot.chapter.file]) != self.code:
            return "code changed"
        if late := made_with.replaced(self.versions):
            return ", ".join(late)
        if keys := _differences(self.sections, shot.setting.parameters):
            return f"parameters changed: {', '.join(keys)}"
        if late := [name for name, digest in self.sources.items() if source.digest(name) != digest]:
            return f"simulator changed: {', '.join(late)}"
        if Narration(shot.setting.lang, self.names, shot.setting.telling).digest() != self.words:
            return "words changed"
        return "voice changed" if _voices(shot) != self.voices else None

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        told = {key: value for key, value in vars(self).items() if key != "plays"}
        told["plays"] = [[play.key, play.frames, play.moving] for play in self.plays]
        content = json.dumps({"form": FORM, "for": path.name, **told}, ensure_ascii=False).encode()
        atomic.write(path, hashlib.sha256(content).hexdigest().encode() + b"\n" + content)

    @classmethod
    def read(cls, path: Path) -> Plan | None:
        """The plan in a file; None if there is none, or none that is whole and of this form."""
        try:
            digest, _, content = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if hashlib.sha256(content).hexdigest().encode() != digest:
            return None
        told: Any = json.loads(content)
        if (told.pop("form"), told.pop("for")) != (FORM, path.name):
            return None
        told["plays"] = [Play(*play) for play in told["plays"]]
        lists: Any = {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
        return cls(**lists)


def path_of(shot: Shot, media: Path) -> Path:
    """Where the plan of a chapter in a look is kept."""
    look = json.dumps([shot.setting.seen, shot.video])
    return media / "plans" / f"{shot.chapter.name}-{hashlib.sha256(look.encode()).hexdigest()[:16]}.plan"


def expected(plays: Sequence[Play], old: Plan | None) -> tuple[float, ...]:
    """What drawing each play will cost, in seconds of CPU: what it, or its like, cost in an older plan."""
    before = dict(enumerate(zip(old.plays, old.costs, strict=True))) if old else {}
    rates = {}
    for moving, guess in ((True, MOVING), (False, STILL)):
        known = [cost / play.frames for play, cost in before.values() if play.moving == moving]
        rates[moving] = sum(known) / len(known) if known else guess

    def one(i: int, play: Play) -> float:
        if i in before and before[i][0].moving == play.moving:
            return before[i][1] * play.frames / before[i][0].frames
        return rates[play.moving] * play.frames

    return tuple(one(i, play) for i, play in enumerate(plays))


def _differences(sections: Mapping[str, str], parameters: sim.params.Params) -> list[str]:
    """Dotted keys whose values are others than they were."""
    found: list[str] = []

    def compare(name: str, then: Any, now: Any) -> None:
        if isinstance(then, dict) and isinstance(now, dict):
            for key in dict.fromkeys([*then, *now]):
                compare(f"{name}.{key}", then.get(key), now.get(key))
        elif then != now:
            found.append(name)

    for section, canonical in sections.items():
        model = getattr(parameters, section, None)
        now = json.loads(sim.params.canonical(model)) if model is not None else None
        compare(section, json.loads(canonical), now)
    return found


def _voices(shot: Shot) -> str:
    """Digest of the recordings there are for a chapter: their names, sizes and times."""
    folder = shot.setting.voices / shot.setting.lang / shot.chapter.name
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr(stats).encode()).hexdigest()[:16]
