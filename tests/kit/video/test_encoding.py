"""A clip is encoded as its size asks, whatever its process has drawn before."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np
import pytest
from manim import config, tempconfig
from numpy.typing import NDArray

from scenes.film import OPENING
from scenes.kit.video import encoding
from scenes.studio.look import Look, chosen
from tests.conftest import SMALL_FILE


def test_a_size_leaves_nothing_to_the_next() -> None:
    with chosen(Look(), str(SMALL_FILE)), tempconfig({"video_encoder_options": dict(config.video_encoder_options)}):
        for lines in (480, 1080, 108, 2160):
            with tempconfig({"pixel_height": lines, "pixel_width": lines * 16 // 9 // 2 * 2}):
                OPENING.scene()()
                found = dict(config.video_encoder_options)
            config.video_encoder_options = found  # as a process that draws one after the other may have it
            assert found == encoding.options(lines)
    assert encoding.options(480) != encoding.options(1080)


@pytest.mark.parametrize("lines", [480, 1080])
def test_the_same_pictures_are_the_same_bytes(lines: int) -> None:
    """Whatever stood in memory before; x264 may read what it has not written. A square of noise moves over a ground."""
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (64, 64, 4), np.uint8)
    pictures = [np.zeros((240, 320, 4), np.uint8) for _ in range(8)]
    for k, picture in enumerate(pictures):
        picture[40 : 40 + 64, 12 * k : 12 * k + 64] = noise
    found, before = set(), []
    for k in range(10):
        before = [np.full(rng.integers(1, 2_000_000), 17 * k, np.uint8) for _ in range(6)] + before[:6]
        found.add(encoded(pictures, encoding.options(lines)))
    assert len(found) == 1


def encoded(pictures: list[NDArray[np.uint8]], options: dict[str, str]) -> bytes:
    into = io.BytesIO()
    with av.open(into, "w", format="mp4") as clip:
        stream = clip.add_stream("libx264", rate=15, options={"crf": "23"} | options)
        stream.height, stream.width = pictures[0].shape[:2]
        for k, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, "rgba").reformat(format="yuv420p")
            frame.pts, frame.time_base = k, Fraction(1, 15)
            clip.mux(stream.encode(frame))
        clip.mux(stream.encode())
    return into.getvalue()
