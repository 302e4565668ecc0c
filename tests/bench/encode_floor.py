"""What drawing costs: the CPU time of rendering chapters against that of encoding their frames alone.

    python tests/bench/encode_floor.py [CHAPTER…] [--quality h] [--rate 6] [--set highway.traffic=6]

All in one run, in this process and its threads: a chapter is rendered with nothing cached, its frames kept; then the
same frames are encoded once more, play by play, as manim does it, and by our own settings, which at 480 lines take a
sixth of the time. The ratio is what drawing adds to encoding. Against manim's encoder it is to be 2 at most at 1080
lines, and 3 at 480; the other says how much there is left to gain by drawing less.

A first telling, which is not measured, computes what records are missing, and imports what is needed. ``--rate`` draws
fewer frames of each second than the quality has: a sample, where a chapter would take a quarter of an hour.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from manim import tempconfig
from manim._config.video_encoder import VideoEncoderSpec

from scenes.film import ENCORE, FILM, Chapter
from scenes.kit.video.segments import SegmentRenderer, SegmentWriter, WholeSegmentEncoder
from scenes.studio.files.contact import quietly
from scenes.studio.look import QUALITIES

MANIMS = (("crf", "23"),)  # what manim's own encoder is told
BOUNDS = {"t": 9.0, "l": 3.0, "m": 2.5, "h": 2.0, "k": 2.0}


def cpu() -> float:
    """CPU seconds of this process so far, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Cost(NamedTuple):
    """CPU seconds of rendering a chapter, and of encoding its frames alone, by manim's settings and by ours."""

    frames: int
    render: float
    manims: float
    ours: float


def encoded(folder: str, spec: VideoEncoderSpec, kept: Sequence[tuple[np.ndarray, int]]) -> float:
    """CPU seconds of encoding the frames of a play."""
    begun = cpu()
    encoder = WholeSegmentEncoder(target=Path(folder) / "floor.mp4", spec=spec)
    for pixels, repeat in kept:
        encoder.write_frame(pixels, repeat=repeat)
    encoder.finish()
    return cpu() - begun


def measure(chapter: Chapter, quality: str, rate: int | None = None) -> Cost:
    """What a chapter costs, drawn ``rate`` times a second."""
    height, usual = QUALITIES[quality]
    manims, ours, frames = 0.0, 0.0, 0

    class Floor(SegmentWriter):
        """Keeps the frames of one play and encodes them again, alone, before the next."""

        def __init__(self, settings: object) -> None:
            super().__init__(settings)
            self.kept: list[tuple[np.ndarray, int]] = []

        def write_frame(self, pixels: np.ndarray, *, repeat: int = 1) -> None:
            self.kept.append((pixels, repeat))
            super().write_frame(pixels, repeat=repeat)

        def end_animation(self, allow_write: bool = False) -> None:
            nonlocal manims, ours, frames
            super().end_animation(allow_write)
            self.join_all_encode_jobs()
            frames += sum(repeat for _, repeat in self.kept)
            ours += encoded(folder, self.video_encoder, self.kept)
            manims += encoded(folder, replace(self.video_encoder, options=MANIMS), self.kept)
            self.kept.clear()

    class Renderer(SegmentRenderer):
        def __init__(self, **kwargs: object) -> None:
            super().__init__(**kwargs)
            self._file_writer_class = Floor

    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "pixel_height": height,
            "pixel_width": round(height * 16 / 18) * 2,
            "frame_rate": rate or usual,
            "media_dir": folder,
            "progress_bar": "none",
            "verbosity": "ERROR",
            "input_file": str(chapter.file),
        }
        with tempconfig(settings):
            scene = chapter.scene()
            with quietly(108, 1):
                scene(SegmentRenderer).render()
            begun = cpu()
            scene(Renderer).render()
            whole = cpu() - begun - manims - ours
    return Cost(frames, whole, manims, ours)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", default=[chapter.name for chapter in FILM])
    parser.add_argument("--quality", choices=QUALITIES, default="h")
    parser.add_argument("--rate", type=int, help="frames a second that are drawn, where not all are")
    parser.add_argument("--set", action="append", default=[], help="a parameter, as for atajos; repeatable")
    options = parser.parse_args(arguments)
    os.environ["ATAJOS_SET"] = ";".join(options.set)
    bound, worst = BOUNDS[options.quality], 0.0
    print(f"CPU seconds; the first ratio is bound by {bound}")
    print(f"{'chapter':<16}{'frames':>8}{'render':>10}{'manim’s':>10}{'ratio':>8}{'ours':>10}{'ratio':>8}")
    for chapter in (*FILM, *ENCORE):
        if chapter.name in options.chapters:
            cost = measure(chapter, options.quality, options.rate)
            first, second = cost.render / cost.manims, cost.render / cost.ours
            worst = max(worst, first)
            line = (
                f"{cost.frames:>8}{cost.render:>10.1f}{cost.manims:>10.1f}{first:>8.2f}{cost.ours:>10.1f}{second:>8.2f}"
            )
            print(f"{chapter.name:<16}{line}", flush=True)
    return int(worst > bound)


if __name__ == "__main__":
    raise SystemExit(main())
