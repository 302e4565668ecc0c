"""Clips and the film: chapters rendered with chosen settings, under names that say what they are."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from rich.console import Console

import sim.params
from scenes.film import Chapter
from scenes.kit.errors import UsageError
from scenes.kit.timeline import Timeline
from scenes.studio.look import QUALITIES, Look, chosen
from scenes.studio.mux import cut
from scenes.studio.outputs import deliver, whole

__all__ = ["QUALITIES", "ROOT", "Look", "beat_of", "chosen", "draw", "media", "render"]
ROOT = Path(__file__).resolve().parents[2]


def media() -> Path:
    """The folder of segments and finished pictures."""
    return Path(os.environ.get("ATAJOS_MEDIA") or ROOT / ".atajos" / "media")


def render(chapter: Chapter, look: Look, out: Path, console: Console) -> tuple[Path, int, int]:
    """Render one chapter to ``out``; what did not change comes from the cache.

    Returns the clip, the number of its segments and how many of them were drawn now.
    """
    clip, total, drawn = draw(chapter, look, console)
    return deliver([clip], look, out, chapter.name, sim.params.load()), total, drawn


def draw(chapter: Chapter, look: Look, console: Console) -> tuple[Path, int, int]:
    """The finished pictures of one chapter, in the media folder, with ``.beats.json`` beside; drawn where not cached.

    Returns the file, the number of its segments and how many of them were drawn now.
    """
    from manim import tempconfig

    height, rate = QUALITIES[look.quality]
    work = media() / f"{look.lang}-{look.theme}-{look.aspect.replace(':', 'x')}-{look.captions}"
    settings = {
        "pixel_height": height,
        "pixel_width": round(height * 16 / 18) * 2,
        "frame_rate": rate,
        "media_dir": str(work),
        "input_file": str(chapter.file),
        "format": look.drawn_as.removeprefix("."),
        "progress_bar": "none",
        "verbosity": "ERROR",
        "max_files_cached": -1,
    }
    with tempconfig(settings), console.status(f"{chapter.name} …") as status:
        scene = chapter.scene()()
        scene.at_beat_end.append(lambda scene, beat: status.update(f"{chapter.name} · {beat}"))
        scene.render()
        writer = scene.renderer.file_writer
        return Path(writer.final_file_path), len(writer.partial_movie_files), scene.renderer.drawn


def beat_of(clip: Path, name: str) -> Path:
    """One beat of finished pictures, as finished pictures of its own. Raises :class:`UsageError` naming the beats."""
    line = Timeline.read_beside(clip)
    beat = next((beat for beat in line.beats if beat.name == name), None)
    if beat is None:
        there = ", ".join(beat.name for beat in line.beats)
        raise UsageError(f"{line.chapter} has no beat {name!r}; there are: {there}")
    part = clip.with_name(f"{clip.stem}.{name}{clip.suffix}")
    whole(part, lambda path: cut(clip, beat.start, beat.end, path))
    replace(line, beats=(beat.later(-beat.start),)).write_beside(part)
    return part
