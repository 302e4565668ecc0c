"""What drawing costs: the CPU time of rendering chapters against that of encoding their frames alone.

    python tests/bench/encode_floor.py [CHAPTER…] [--quality h] [--set highway.traffic=6]

Both in one run, in this process and its threads: a chapter is rendered with nothing cached, its frames kept; then the
same frames are encoded once more, play by play, by the same encoder. The ratio is what drawing adds; it is to be 2 at
most at 1080 lines, and 3 at 480, where encoding costs next to nothing.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from manim import tempconfig

from scenes.film import FILM, Chapter
from scenes.kit.video.segments import SegmentRenderer, SegmentWriter, WholeSegmentEncoder
from scenes.studio.look import QUALITIES

BOUNDS = {"t": 9.0, "l": 3.0, "m": 2.5, "h": 2.0, "k": 2.0}


def cpu() -> float:
    """CPU seconds of this process so far, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(chapter: Chapter, quality: str) -> tuple[float, float, int]:
    """CPU seconds of rendering a chapter, of encoding its frames alone, and the number of frames."""
    height, rate = QUALITIES[quality]
    encoding, frames = 0.0, 0

    class Floor(SegmentWriter):
        """Keeps the frames of one play and encodes them again, alone, before the next."""

        def __init__(self, settings: object) -> None:
            super().__init__(settings)
            self.kept: list[tuple[np.ndarray, int]] = []

        def write_frame(self, pixels: np.ndarray, *, repeat: int = 1) -> None:
            self.kept.append((pixels, repeat))
            super().write_frame(pixels, repeat=repeat)

        def end_animation(self, allow_write: bool = False) -> None:
            nonlocal encoding, frames
            super().end_animation(allow_write)
            self.join_all_encode_jobs()
            begun = cpu()
            encoder = WholeSegmentEncoder(target=Path(folder) / "floor.mp4", spec=self.video_encoder)
            for pixels, repeat in self.kept:
                encoder.write_frame(pixels, repeat=repeat)
                frames += repeat
            encoder.finish()
            encoding += cpu() - begun
            self.kept.clear()

    class Renderer(SegmentRenderer):
        def __init__(self, **kwargs: object) -> None:
            super().__init__(**kwargs)
            self._file_writer_class = Floor

    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "pixel_height": height,
            "pixel_width": round(height * 16 / 18) * 2,
            "frame_rate": rate,
            "media_dir": folder,
            "progress_bar": "none",
            "verbosity": "ERROR",
            "input_file": str(chapter.file),
        }
        with tempconfig(settings):
            scene = chapter.scene()
            begun = cpu()
            scene(Renderer).render()
            whole = cpu() - begun - encoding
    return whole, encoding, frames


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", default=[chapter.name for chapter in FILM])
    parser.add_argument("--quality", choices=QUALITIES, default="h")
    parser.add_argument("--set", action="append", default=[], help="a parameter, as for atajos; repeatable")
    options = parser.parse_args(arguments)
    os.environ["ATAJOS_SET"] = ";".join(options.set)
    bound = BOUNDS[options.quality]
    print(f"{'chapter':<16}{'frames':>8}{'render s':>10}{'encode s':>10}{'ratio':>8}   CPU time, bound {bound}")
    worst = 0.0
    for chapter in FILM:
        if chapter.name in options.chapters:
            whole, encoding, frames = measure(chapter, options.quality)
            worst = max(worst, whole / encoding)
            print(f"{chapter.name:<16}{frames:>8}{whole:>10.1f}{encoding:>10.1f}{whole / encoding:>8.2f}", flush=True)
    return int(worst > bound)


if __name__ == "__main__":
    raise SystemExit(main())
