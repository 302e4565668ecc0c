"""Decks that step beat by beat: one HTML file that needs no network, and PPTX, both by manim-slides.

Of manim-slides only ``convert`` is used, on the same clips that everything else is made of, cut at the beats. Its own
HTML template fetches reveal.js from the network; ours (assets/reveal/deck.html) has it inside.
"""

from __future__ import annotations

import html
import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from scenes.kit.drawing.theme import THEMES
from scenes.kit.errors import UsageError
from scenes.kit.telling.timeline import Timeline
from scenes.studio.files.mux import cut
from scenes.studio.files.outputs import extras_of, whole
from scenes.studio.look import Look
from sim.paths import ASSETS
from sim.work.scratch import scratch

REVEAL = ASSETS / "reveal"
KINDS = ("html", "pptx")


def can_convert(looks: Sequence[Look]) -> None:
    """Raise :class:`UsageError` if no deck can be made: said before anything is drawn."""

    try:
        version("manim-slides")
    except PackageNotFoundError:
        raise UsageError(
            "slides need manim-slides, which is not installed: .venv/bin/pip install -e '.[slides]'"
        ) from None
    if any(look.transparent for look in looks):
        raise UsageError("slides have a background of their own: take --theme dark or light")


def deck(clips: Sequence[Path], look: Look, out: Path, name: str, kind: str) -> Path:
    """Write one deck of finished pictures, a slide for each beat, and return its path."""

    target = (out / look.name(name)).with_suffix(f".{kind}")
    timelines = [Timeline.read_beside(clip) for clip in clips]
    title = extras_of(timelines, look, name).title
    with scratch("deck") as made:
        folder = Path(made)
        pages: list[dict[str, str]] = []
        for clip, line in zip(clips, timelines, strict=True):
            for beat in line.beats:
                part = folder / f"{len(pages):03}-{line.chapter}-{beat.name}.mp4"
                cut(clip, beat.start, beat.end, part)
                pages.append({"file": str(part), "rev_file": str(part), "notes": beat.text})
        config = {"slides": pages, "resolution": look.pixels, "background_color": _background(look)}
        (folder / "deck.json").write_text(json.dumps(config), encoding="utf-8")
        (folder / "deck.html").write_text(template(look, title), encoding="utf-8")
        whole(target, lambda part: _convert(folder, part, kind, look))
    return target


def template(look: Look, title: str) -> str:
    """The template of an HTML deck with reveal.js inside, for manim-slides to put the clips into."""

    width, height = look.pixels
    files = {name: (REVEAL / name).read_text(encoding="utf-8") for name in ("reveal.css", "reveal.js", "notes.js")}
    fields = {name: text.replace("</script", r"<\/script") for name, text in files.items()} | {
        "LICENSE": (REVEAL / "LICENSE").read_text(encoding="utf-8"),
        "language": look.lang,
        "title": html.escape(title),
        "background": THEMES[look.theme].background,
        "accent": THEMES[look.theme].skip,
        "width": str(round(720 * width / height) if width > height else 720),
        "height": str(720 if width > height else round(720 * height / width)),
    }
    page = (REVEAL / "deck.html").read_text(encoding="utf-8")
    for name, text in fields.items():
        page = page.replace(f"[[{name}]]", "{% raw %}" + text + "{% endraw %}")
    return page


def _background(look: Look) -> str:

    return THEMES[look.theme].background


def _convert(folder: Path, target: Path, kind: str, look: Look) -> None:

    width, height = look.pixels
    size = [f"-cwidth={round(720 * width / height / 2) * 2}", "-cheight=720"]
    kinds = {
        "html": ["--to", "html", "--one-file", "--use-template", str(folder / "deck.html")],
        "pptx": ["--to", "pptx", *size],
    }
    command = [sys.executable, "-m", "manim_slides", "convert", "--folder", str(folder), *kinds[kind]]
    done = subprocess.run([*command, "deck", str(target.absolute())], cwd=folder, capture_output=True, text=True)
    if done.returncode or not target.is_file():
        told = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
        raise UsageError(f"manim-slides could not make {kind}: {told[-1]}")
