"""Chapters so small that they are drawn in a second, through the farm; and the same as a command, to be killed.

python -m tests.studio.farm.tiny MEDIA PARAMS CHAPTER…
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import sim.params
from scenes.film import CHAPTERS
from scenes.studio.farm import farm, orders
from scenes.studio.farm.messages import Shot
from scenes.studio.farm.pool import LocalPool
from scenes.studio.look import Look

SIZE = ("-r", "192,108", "--fps", "1", "--progress_bar", "none")  # the same for the plain manim command
SETTINGS = (("pixel_height", 108), ("pixel_width", 192), ("frame_rate", 1), ("format", "mp4"))


def shots(params: Path, names: Sequence[str], *sets: str, beat: str | None = None) -> list[Shot]:
    parameters = sim.params.load(params, sets)
    chapters = [chapter for chapter in CHAPTERS if chapter.name in names]
    return [replace(orders.shot_of(chapter, Look(), parameters, beat), video=SETTINGS) for chapter in chapters]


def draw(media: Path, params: Path, names: Sequence[str], *sets: str, pool: object = None) -> list[orders.Clip]:
    make = pool or (lambda segments, need: LocalPool(2, segments))
    return farm.draw(shots(params, names, *sets), media, make)  # type: ignore[arg-type]


if __name__ == "__main__":
    from scenes.kit.errors import one_message

    with one_message():
        for clip in draw(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:], *filter(None, [os.environ.get("SETS")])):
            print(clip.summary, file=sys.stderr)
            print(clip.path)
        print("torch" in sys.modules, "manim" in sys.modules, file=sys.stderr)
