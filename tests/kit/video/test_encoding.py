"""A clip is encoded as its size asks, whatever its process has drawn before."""

from __future__ import annotations

from manim import config, tempconfig

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
    assert encoding.options(480) != encoding.options(1080) != encoding.options(2160)
