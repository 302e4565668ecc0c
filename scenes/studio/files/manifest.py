"""The manifest beside every clip: what it was made from, and what belongs to it."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scenes.kit.telling.timeline import Timeline
from scenes.studio.look import QUALITIES, Look
from sim.own.file import load
from sim.params import Params

PACKAGES = ("atajos", "manim", "av", "numpy", "torch")


def describe(
    timelines: Sequence[Timeline], look: Look, parameters: Params, source: str, files: Sequence[str]
) -> dict[str, Any]:
    """The manifest of one clip or film: parameters, digests, versions, durations in seconds, and its files."""
    width, height = look.pixels
    return {
        "file": files[0],
        "files": list(files),
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
                "beats": [{"name": beat.name, "start": beat.start, "duration": beat.duration} for beat in line.beats],
            }
            for line in timelines
        ],
        **({"networks": _networks(Path(look.network))} if look.network else {}),
        "parameters": parameters.model_dump(mode="json"),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
    }


def _networks(path: Path) -> list[dict[str, Any]]:
    """What networks of one's own are in a file: their names, the digests of their weights, how they were measured."""
    kept = ("name", "weights_digest", "data_digest", "source_digest")
    return [{**{key: getattr(one, key) for key in kept}, "measured": dict(one.params)} for one in load(path)]


def made_from(record: Path) -> str | None:
    """The digest that a manifest holds; None if there is no manifest, or a file it names is gone."""
    try:
        told = json.loads(record.read_text(encoding="utf-8"))
        there = all(record.with_name(name).is_file() for name in told["files"])
        return str(told["made_from"]) if there else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
