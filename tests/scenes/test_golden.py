"""Two small frames of every chapter as they were looked at and found good, so that a move of house is seen to change
nothing.

python -m tests.scenes.test_golden [CHAPTER …]   draws them anew, after a change that is meant to be seen: look at it
first.

They are small, so that another version of a font renderer or of cairo passes and another picture does not: a frame may
differ by 2 of 255 on average, and by more than 48 in one pixel of a hundred.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scenes.film import FILM, Chapter
from scenes.studio.files.contact import beat_ends
from scenes.studio.look import Look, chosen
from tests.conftest import SMALL_FILE

FOLDER = Path(__file__).resolve().parents[1] / "golden"
HEIGHT = 108  # px; 192 wide
MEAN, LARGE, MANY = 2.0, 48, 0.01  # of 255: mean difference; what is a large one; share of pixels that may have one


def frames(chapter: Chapter) -> dict[str, np.ndarray]:
    """The ends of a beat in the middle and of the last one, in Spanish, 16:9, dark."""
    with chosen(Look(), str(SMALL_FILE)):
        ends = beat_ends(chapter, HEIGHT)
    return {beat: frame[..., :3] for beat, frame in dict([ends[len(ends) // 2], ends[-1]]).items()}


def differ(one: np.ndarray, other: np.ndarray) -> str | None:
    """How a frame differs from what it should be, beyond what is tolerated; None if it does not."""
    if one.shape != other.shape:
        return f"{one.shape[1]}×{one.shape[0]} instead of {other.shape[1]}×{other.shape[0]} px"
    away = np.abs(one.astype(int) - other.astype(int)).max(axis=-1)
    mean, many = float(away.mean()), float((away > LARGE).mean())
    return f"mean difference {mean:.1f}, {many:.1%} of pixels far off" if mean > MEAN or many > MANY else None


def path_of(chapter: Chapter, beat: str) -> Path:
    return FOLDER / f"{chapter.name}-{beat}.png"


@pytest.mark.parametrize("chapter", FILM, ids=lambda chapter: chapter.name)
def test_a_chapter_looks_as_it_did(chapter: Chapter) -> None:
    drawn = frames(chapter)
    assert {path_of(chapter, beat) for beat in drawn} == set(FOLDER.glob(f"{chapter.name}-*.png"))
    for beat, frame in drawn.items():
        said = differ(frame, np.asarray(Image.open(path_of(chapter, beat)).convert("RGB")))
        assert said is None, f"{chapter.name}.{beat}: {said}; if it is meant, python -m tests.scenes.test_golden"


def test_another_picture_does_not_pass() -> None:
    golden = [np.asarray(Image.open(path).convert("RGB")) for path in sorted(FOLDER.glob("*.png"))]
    moved = [np.roll(frame, 3, axis=1) for frame in golden]
    assert all(differ(frame, frame) is None for frame in golden)
    assert all(differ(*pair) is not None for pair in zip(moved, golden, strict=True))


if __name__ == "__main__":
    import sys

    chosen_ones = [one for one in FILM if one.name in sys.argv[1:]] or FILM
    for one in chosen_ones:
        for old in FOLDER.glob(f"{one.name}-*.png"):
            old.unlink()
        for name, picture in frames(one).items():
            Image.fromarray(picture).save(path_of(one, name), optimize=True)
            print(path_of(one, name).relative_to(Path.cwd()))
