"""What stands on the glass: painted as manim's own camera paints it, however often, and whatever came before."""

from __future__ import annotations

import numpy as np
import pytest
from manim import DOWN, Camera, Square, VMobject, tempconfig

from scenes.kit.drawing.camera import PaintingCamera
from scenes.kit.drawing.text import Label
from scenes.kit.drawing.theme import DARK

GROUND = (40, 80, 120, 255)


def painted(camera: Camera, mobject: VMobject) -> np.ndarray:
    camera.background[...] = GROUND
    camera.reset()
    camera.capture_mobjects([mobject])
    return camera.pixel_array.astype(int)


@pytest.mark.parametrize("shift", [0.0, 0.013, 3.9, 6.0])
def test_words_are_painted_as_manim_paints_them(shift: float) -> None:
    """Pixel by pixel: where they stand, where the frame cuts them, and where nothing of them is seen; again, too."""
    with tempconfig({"pixel_width": 320, "pixel_height": 180}):
        words = Label("Una línea, y otra", DARK).set_opacity(0.8)
        mine, manims = PaintingCamera(), Camera()
        painted(mine, words)  # elsewhere, before
        words.shift(shift * DOWN)
        expected = painted(manims, words)
        for _ in range(2):
            np.testing.assert_array_equal(painted(mine, words), expected)
    assert (np.ptp(expected, axis=(0, 1)) > 0).any() == (shift < 5)


def test_strokes_and_what_cannot_be_seen() -> None:
    with tempconfig({"pixel_width": 320, "pixel_height": 180}):
        for mobject in (
            Square(stroke_width=4),
            Label("una", DARK).set_opacity(0),
            Label("dos", DARK).set_stroke(width=2),
        ):
            np.testing.assert_array_equal(painted(PaintingCamera(), mobject), painted(Camera(), mobject))
