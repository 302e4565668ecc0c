"""What a clip is like to look at: the bars of a shot, measured on its pictures alone.

python tests/bench/look.py CLIP…              a line for each
python tests/bench/look.py CLIP… --json -     or as JSON, to a file or to the standard output
python tests/bench/look.py --told PlainRoad   texts and views at the ends of a chapter's beats, without a clip

frozen     share of frames in which less than 0.02 % of the pixels change; longest: the longest run of them, in seconds
changing   share of frames in which more than 2 % of the pixels change
ink        share of the pixels that are not of the commonest grey: in the median frame, and in the first
moves      spells in which more than 70 % of an 8 × 8 grid of the picture changes: what a camera's move does
The lower 13 %, where captions are, does not count.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from scenes.film import ENCORE, FILM
from scenes.kit.drawing.painting import Written
from scenes.kit.drawing.text import texts_in
from scenes.kit.telling.lecture import Lecture
from scenes.studio.files.bars import Bars, bars_of
from scenes.studio.files.contact import at_beat_ends

CAP = 0.67  # height of the font's capitals, in em


def words_on(scene: Lecture, written: Sequence[Written] | None = None) -> list[tuple[str, float]]:
    """The texts on the picture but for captions, each with its size in px at full HD: on the glass, and in the
    world. ``written`` are these, if they have been asked for already."""
    glass = [text for m in scene.mobjects if not getattr(m, "is_caption", False) for text in texts_in(m)]
    found = [(str(text.words), text.px_now) for text in glass if text.words and text.get_fill_opacity() > 0.1]
    if written is None:
        written = scene.world.texts() if hasattr(scene, "world") else []
    return found + [(one.words, one.px) for one in written]


def line(name: str, bars: Bars) -> str:
    still = f"frozen {bars.frozen:.0%}, longest {bars.longest:.1f} s; changing {bars.changing:.0%}"
    ink = f"ink {bars.ink:.0%}, first frame {bars.first:.0%}"
    return f"{name}: {bars.seconds:.1f} s; {still}; {ink}; {bars.moves} moves of the camera"


def told(name: str) -> str:
    """What a chapter's world shows at the ends of its beats: texts, the smallest of them, and how far its camera
    goes."""
    chapter = next(one for one in (*FILM, *ENCORE) if one.name == name)
    counts, smallest, widths = [], [], []

    def look(scene: Lecture, beat: str) -> None:
        texts = words_on(scene)
        counts.append(len(texts))
        smallest.extend(px for _, px in texts)
        world = getattr(scene, "world", None)
        widths.append(world.view.width if world is not None else 1.0)

    begun = time.process_time()
    scene = at_beat_ends(chapter, look, 240)
    seconds = time.process_time() - begun
    cap = CAP * min(smallest, default=0) / 1080
    texts = f"at most {max(counts)} texts at a beat's end, median {sorted(counts)[len(counts) // 2]}"
    views = f"widths of views {max(widths) / min(widths):.1f} : 1"
    small = f"smallest capitals {cap:.1%} of the short side"
    return f"{name}: {texts}; {small}; {views}; told in {seconds:.1f} s of CPU ({scene.clock:.0f} s)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="*", type=Path, metavar="CLIP")
    parser.add_argument("--told", nargs="*", default=[], metavar="CHAPTER")
    parser.add_argument("--json", metavar="OUT", help="a file, or - for the standard output")
    chosen = parser.parse_args()
    missing = [str(clip) for clip in chosen.clips if not clip.is_file()]
    for name in chosen.told:
        print(told(name))
    if missing:
        parser.error(f"no such file: {', '.join(missing)}")
    found = {str(clip): bars_of(clip) for clip in chosen.clips}
    if chosen.json:
        text = json.dumps({name: bars._asdict() for name, bars in found.items()}, indent=1)
        print(text) if chosen.json == "-" else Path(chosen.json).write_text(text, encoding="utf-8")
    else:
        sys.stdout.writelines(f"{line(name, bars)}\n" for name, bars in found.items())


if __name__ == "__main__":
    main()
