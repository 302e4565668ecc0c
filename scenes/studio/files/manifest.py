"""The manifest beside every clip: what it was made from, and what belongs to it."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scenes.kit.telling.timeline import Timeline
from scenes.kit.video import made_with
from scenes.studio.look import QUALITIES, Look
from sim.own.file import load
from sim.params import Params


def describe(
    timelines: Sequence[Timeline], look: Look, parameters: Params, source: str, files: Sequence[Path]
) -> dict[str, Any]:
    """The manifest of one clip or film: parameters, digests, versions, durations in seconds, and its files as they are:
    size in bytes and digest of each, none of one that cannot be read."""
    width, height = look.pixels
    return {
        "file": files[0].name,
        "files": [path.name for path in files],
        "sizes": {path.name: size for path in files if (size := _size(path)) is not None},
        "sha256": {path.name: digest for path in files if (digest := digest_of(path)) is not None},
        "made_from": source,
        "look": {
            "language": look.lang,
            "theme": look.theme,
            "transparent": look.transparent,
            "aspect": look.aspect,
            "quality": look.quality,
            "format": look.format,
            "captions": look.captions,
        },
        "width": width,
        "height": height,
        "frame_rate": QUALITIES[look.quality][1],
        "duration": round(sum(line.duration for line in timelines), 3),
        "chapters": [
            {
                "name": line.chapter,
                "title": line.title,
                "duration": round(line.duration, 3),
                "records": line.digest,
                "decided": list(line.decided),
                "beats": [{"name": beat.name, "start": beat.start, "duration": beat.duration} for beat in line.beats],
            }
            for line in timelines
        ],
        **({"networks": _networks(Path(look.network))} if look.network else {}),
        "parameters": parameters.model_dump(mode="json"),
        "versions": {"python": platform.python_version(), "atajos": version("atajos"), **made_with.versions()},
        "measured_with": _all(line.measured_with for line in timelines),
    }


def _all(found: Iterable[Mapping[str, Sequence[str]]]) -> dict[str, list[str]]:
    """The versions that records were computed with, by library: others, maybe, than are installed now."""
    together: dict[str, set[str]] = {}
    for one in found:
        for library, versions in one.items():
            together.setdefault(library, set()).update(versions)
    return {library: sorted(versions) for library, versions in sorted(together.items())}


def _networks(path: Path) -> list[dict[str, Any]]:
    """What networks of one's own are in a file: their names, the digests of their weights, how they were measured."""
    kept = ("name", "weights_digest", "data_digest", "source_digest")
    return [{**{key: getattr(one, key) for key in kept}, "measured": dict(one.params)} for one in load(path)]


def text(told: dict[str, Any]) -> str:
    """A manifest as it is written."""
    return json.dumps(told, ensure_ascii=False, indent=2)


def read(record: Path) -> str | None:
    """What stands in a manifest; None if there is none that can be read."""
    try:
        return record.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def digest_of(path: Path) -> str | None:
    """SHA-256 of a file; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
