"""`atajos check`: is all there that rendering needs, and if not, which line mends it."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import click
import numpy as np

from scenes.kit.video.made_with import installed
from scenes.studio.sound import speech
from sim import store
from sim.paths import ASSETS, media

INSTALL = ".venv/bin/pip install -e ."
SYSTEM = "apt-get install libcairo2-dev libpango1.0-dev, then ./setup.sh; on macOS: brew install cairo pango pkg-config"
ENCODERS = ("libx264", "qtrle", "libvpx-vp9", "gif", "png", "aac", "libopus", "mov_text")
ENOUGH = 2e9  # bytes free on disk; the film at 1080p with all its segments takes less than one of them


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. ``mend`` is the line that helps; None if all is well."""

    what: str
    told: str
    mend: str | None = None
    needed: bool = True  # to render; else only for what it says


@click.command()
def check() -> None:
    """Look whether all is there that rendering needs; what is missing is told with the line that mends it.

    \b
    Example:
      atajos check
    """
    findings = list(look_at_all())
    for found in findings:
        mark = "ok  " if found.mend is None else "MISSING" if found.needed else "–   "
        click.echo(f"{mark:8}{found.what:12}{found.told}")
        if found.mend is not None:
            click.echo(f"{'':8}{'':12}mend it: {found.mend}")
    if any(found.mend is not None and found.needed for found in findings):
        raise SystemExit(2)


def look_at_all() -> Iterator[Finding]:
    """Everything, each by itself: one that breaks does not hide the others."""
    looks: list[tuple[str, Callable[[], Finding], str]] = [
        ("Python", python, "install Python 3.11 or newer"),
        ("manim", lambda: package("manim", "manim", "0.22"), INSTALL),
        ("cairo", lambda: imported("cairo", "cairo", lambda module: module.cairo_version_string()), SYSTEM),
        ("pango", lambda: imported("pango", "manimpango", lambda module: module.pango_version()), SYSTEM),
        ("torch", lambda: package("torch", "torch"), INSTALL),
        ("Typst", typst, INSTALL),
        ("fonts", fonts, "git checkout assets/fonts"),
        ("glyphs", glyphs, "use other characters in assets/narration"),
        ("codecs", codecs, "pip install --force-reinstall av"),
        ("disk", disk, "free some space, or set ATAJOS_MEDIA to a folder on another disk; atajos clean helps too"),
    ]
    for what, look, mend in looks:
        try:
            yield look()
        except Exception as error:  # whatever it is, it is what the user has to know
            yield Finding(what, f"{type(error).__name__}: {error}", mend)
    yield records(store.folder())
    yield optional("slides", _there("manim-slides"), f"{INSTALL}[slides]", "atajos slides")
    yield optional("voice", speech.available(), speech.MEND, "atajos voice")


def python() -> Finding:
    told = sys.version.split()[0]
    return Finding("Python", told, None if sys.version_info >= (3, 11) else "install Python 3.11 or newer")


def package(what: str, name: str, wanted: str = "") -> Finding:
    """A Python package, which is not imported."""
    try:
        there = version(name)
    except PackageNotFoundError:
        return Finding(what, "not installed", INSTALL)
    right = there == wanted or there.startswith(f"{wanted}.") if wanted else True
    return Finding(what, there if right else f"{there}, but {wanted} is needed", None if right else INSTALL)


def imported(what: str, module: str, told: Callable[[Any], str]) -> Finding:
    """A library of the system, by the module that binds it."""
    return Finding(what, told(importlib.import_module(module)))


def typst() -> Finding:
    import typst as compiler

    svg = compiler.compile(b"#set page(width: auto, height: auto)\n$ H(x) = F(x) + x $", format="svg")
    return Finding("Typst", f"{version('typst')}, compiles a formula" if svg else "compiles nothing", None)


def fonts() -> Finding:
    there = sorted(path.name for path in (ASSETS / "fonts").glob("*.ttf"))
    lacking = None if len(there) >= 3 else "git checkout assets/fonts"
    return Finding("fonts", f"{len(there)} files of Atkinson Hyperlegible Next", lacking)


def glyphs() -> Finding:
    """Every character that viewers read must be in the font."""
    from scenes.kit.drawing.text import missing_characters

    used: dict[str, str] = {}  # character: the file it is in
    for path in sorted((ASSETS / "narration").rglob("*.toml")):
        for text in _texts(tomllib.loads(path.read_text(encoding="utf-8"))):
            used |= dict.fromkeys(text.replace("\n", " "), path.name)
    lacking = missing_characters("".join(used))
    told = ", ".join(f"{character!r} in {used[character]}" for character in lacking)
    if lacking:
        return Finding("glyphs", f"the font lacks {told}", "use other characters in assets/narration")
    return Finding("glyphs", f"all {len(used)} characters of the narration are in the font")


def _texts(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict | list):
        for part in tree.values() if isinstance(tree, dict) else tree:
            yield from _texts(part)


def codecs() -> Finding:
    import av

    lacking = []
    for name in ENCODERS:
        try:
            av.codec.Codec(name, "w")
        except ValueError:
            lacking.append(name)
    if lacking:
        return Finding("codecs", f"PyAV lacks {', '.join(lacking)}", "pip install --force-reinstall av")
    return Finding("codecs", f"PyAV {version('av')} has {', '.join(ENCODERS)}")


def disk() -> Finding:
    folder = media()
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(there).free
    if not os.access(there, os.W_OK):
        return Finding("disk", f"{there} cannot be written to", "set ATAJOS_MEDIA to a folder of yours")
    mend = None if free > ENOUGH else f"free some space on the disk of {there}; atajos clean helps"
    return Finding("disk", f"{free / 1e9:.0f} GB free", mend)


def records(folder: Path) -> Finding:
    """Records that were computed with other versions than are installed: they are used, and their manifests say so."""
    late: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.npz")):
        with contextlib.suppress(OSError, ValueError, KeyError, BadZipFile), np.load(path, allow_pickle=False) as file:
            for name, then in json.loads(str(file["versions"])).items():
                now = installed(name) if name != "python" else None  # of which numbers do not depend
                if now is not None and then != now:
                    late.setdefault(f"{name} {then} ({now} is installed)", []).append(path)
    told = ", ".join(f"{len(paths)} with {name}" for name, paths in late.items())
    mend = f"delete *.npz in {folder}: they are computed anew when they are wanted" if late else None
    return Finding("records", f"computed {told}" if late else "computed with what is installed", mend, needed=False)


def _there(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def optional(what: str, there: bool, mend: str, purpose: str) -> Finding:
    """What only one command needs."""
    return Finding(
        what, f"for {purpose}" if there else f"not installed; only {purpose} needs it", None if there else mend, False
    )
