"""A digest of code, so that nothing drawn by other code is taken for this code's. Needs no manim."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from sim.paths import ASSETS
from sim.records import source

FONTS = ASSETS / "fonts"

# What cannot change a pixel: what is read through it, parameters and records, names every segment by its own values.
LEFT_OUT = frozenset(
    {
        "sim.params",
        "sim.paths",
        "sim.records.atomic",
        "sim.records.source",
        "sim.registry",
        "sim.store",
        "scenes.kit.video.code",
    }
)


def modules(own: Iterable[Path]) -> dict[str, Path]:
    """All code that can change a pixel of a scene written in the files ``own``: they and what they import, by name.

    Raises FileNotFoundError if one of ``own`` is gone.
    """
    return source.closure(own, LEFT_OUT)


def digest(own: Iterable[Path]) -> str:
    """Digest of all code that can change a pixel of a scene written in the files ``own``, and of the fonts.

    Raises FileNotFoundError if one of ``own`` is gone.
    """
    state = hashlib.sha256(source.digest_of(modules(own).items()).encode())
    for path in sorted(FONTS.glob("*.ttf")):
        state.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()


@cache
def digest_of(classes: tuple[type, ...]) -> str:
    """Digest of all code that can change a pixel of a scene of these classes, manim's aside.

    Taken once in a process: what counts is the code that is running.
    """
    own = [base for base in classes if base.__module__.split(".")[0] not in ("manim", "builtins")]
    return digest(Path(inspect.getfile(base)) for base in own)
