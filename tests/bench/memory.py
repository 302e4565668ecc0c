"""How much memory a worker takes to draw a beat, at each quality: python tests/bench/memory.py [l,m,h,k]

The figures are those of WORKER and PIXEL in scenes/studio/farm/orders.py, by which workers are counted.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import sim.params
from scenes.film import CHAPTERS
from scenes.studio.farm import farm, orders
from scenes.studio.farm.pool import LocalPool
from scenes.studio.look import Look

CHAPTER, BEAT = next(chapter for chapter in CHAPTERS if chapter.name == "AtLeastOne"), "total"
BOUND = {"k": 2.0}  # GB


def main() -> None:
    for quality in sys.argv[1].split(",") if len(sys.argv) > 1 else "lmhk":
        shot = orders.shot_of(CHAPTER, Look(quality=quality), sim.params.load(), BEAT)
        taken = 0.0
        while not taken:  # a worker that has computed a record as well is not counted
            with tempfile.TemporaryDirectory() as folder:
                (clip,) = farm.draw([shot], Path(folder), lambda segments, _: LocalPool(1, segments))
            taken = clip.memory / 1e9
        expected = (orders.WORKER + orders.PIXEL * shot.pixels) / 1e9
        told = f", bound {BOUND[quality]}" if quality in BOUND else ""
        print(f"{quality}: a worker took {taken:.2f} GB, counted with {expected:.2f}{told}")


if __name__ == "__main__":
    main()
