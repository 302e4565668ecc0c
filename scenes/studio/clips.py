"""Clips and the film: chapters rendered with chosen settings, under names that say what they are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

import sim.params
from scenes.film import Chapter
from scenes.kit.errors import UsageError, choose
from scenes.kit.joining import join, part_beside
from scenes.kit.narration import LANGUAGES
from scenes.kit.stage import ASPECTS
from scenes.kit.theme import THEMES

QUALITIES = {"l": (480, 15), "m": (720, 30), "h": (1080, 60), "k": (2160, 60)}  # short side in px, frames a second
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Look:
    """How clips are made. Raises :class:`UsageError` for a language, theme, aspect or quality that does not exist."""

    lang: str = "es"
    theme: str = "dark"
    aspect: str = "16:9"
    quality: str = "l"

    def __post_init__(self) -> None:
        choose("--lang", self.lang, LANGUAGES)
        choose("--theme", self.theme, THEMES)
        choose("--aspect", self.aspect, ASPECTS)
        choose("--quality", self.quality, QUALITIES)

    @property
    def suffix(self) -> str:
        """File ending of a clip: a transparent one needs a format with an alpha channel."""
        return ".mov" if THEMES[self.theme].opacity < 1 else ".mp4"

    def stem(self, title: str) -> str:
        """A readable name: title and language, and whatever is not default."""
        extras = [self.theme] * (self.theme != "dark") + [self.aspect.replace(":", "x")] * (self.aspect != "16:9")
        return "-".join([title, self.lang, *extras])

    def name(self, title: str) -> str:
        """The file name of a clip: ``GradientFlow-es-480p.mp4``."""
        return f"{self.stem(title)}-{QUALITIES[self.quality][0]}p{self.suffix}"


@contextmanager
def chosen(look: Look, params: str | None = None, sets: Sequence[str] = ()) -> Iterator[None]:
    """The environment that scenes read, set for a while; the parameters are read once, so that mistakes show at once.

    Raises ParamsError.
    """
    sim.params.load(params, sets)
    environment = {"ATAJOS_LANG": look.lang, "ATAJOS_THEME": look.theme, "ATAJOS_ASPECT": look.aspect}
    if params is not None:
        environment["ATAJOS_PARAMS"] = str(Path(params).resolve())
    if sets:
        already = os.environ.get("ATAJOS_SET")
        environment["ATAJOS_SET"] = ";".join([*([already] if already else []), *sets])
    before = {key: os.environ.get(key) for key in environment}
    os.environ.update(environment)
    try:
        yield
    finally:
        for key, value in before.items():
            os.environ.pop(key) if value is None else os.environ.update({key: value})


def render(chapter: Chapter, look: Look, out: Path, console: Console) -> tuple[Path, int, int]:
    """Render one chapter to ``out``; what did not change comes from the cache.

    Returns the clip, the number of its segments and how many of them were drawn now.
    """
    from manim import tempconfig

    height, rate = QUALITIES[look.quality]
    media = Path(os.environ.get("ATAJOS_MEDIA") or ROOT / ".atajos" / "media")
    work = media / f"{look.lang}-{look.theme}-{look.aspect.replace(':', 'x')}"
    settings = {
        "pixel_height": height,
        "pixel_width": round(height * 16 / 18) * 2,
        "frame_rate": rate,
        "media_dir": str(work),
        "input_file": str(chapter.file),
        "progress_bar": "none",
        "verbosity": "ERROR",
        "max_files_cached": -1,
    }
    with tempconfig(settings), console.status(f"{chapter.name} …") as status:
        scene = chapter.scene()()
        scene.at_beat_end.append(lambda scene, beat: status.update(f"{chapter.name} · {beat}"))
        scene.render()
        writer = scene.renderer.file_writer
        clip, drawn = Path(writer.final_file_path), scene.renderer.drawn
        total = len(writer.partial_movie_files)
    target = out / look.name(chapter.name)
    copy([clip], target)
    return target, total, drawn


def copy(clips: Sequence[Path], target: Path) -> None:
    """Join clips into a file that appears under its name only when whole. Raises :class:`UsageError` if it cannot."""
    try:
        part = part_beside(target)
    except OSError as error:
        raise UsageError(f"--out {target.parent}: cannot be made ({error.strerror}); give another folder") from None
    try:
        join(clips, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
