"""Lights as pictures: one by itself lies where it lies among others, and night multiplies what is below it."""

from __future__ import annotations

import cairo
import numpy as np
import pytest

from scenes.kit.drawing.dimming import multiply
from scenes.kit.drawing.sprites import Sheet


@pytest.mark.parametrize("radius", [0.1, 2.0, 9.99, 10.3, 40.0])
@pytest.mark.parametrize("strength", [0.0, 0.01, 0.5, 1.0, 3.0])
def test_one_light_is_as_one_of_many(radius: float, strength: float) -> None:
    sheet = Sheet((1.0, 0.5, 0.2), True, None, True)
    for x, y in ((10.2, -3.7), (0.25, 0.75), (-8.5, 12.0)):
        at = np.array([x, 500.0]), np.array([y, 500.0])
        alone = sheet.placed(at[0][:1], at[1][:1], np.array(radius), np.array(strength))
        among = sheet.placed(*at, np.array(radius), np.array([strength, 0.0]))
        assert alone == among
        assert bool(alone) == (round(strength * 24) > 0)


def test_colours_multiply_opaque_pixels_within_the_clip() -> None:
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, 8, 150)  # more rows than are multiplied at once
    ctx = cairo.Context(surface)
    ctx.set_source_rgb(1, 1, 1)
    ctx.paint()
    ctx.rectangle(0, 10, 8, 130)
    ctx.clip()
    colours = np.linspace(0, 1, 8)[:, None] * [1.0, 0.5, 0.0]
    multiply(ctx, colours)
    pixels = np.ndarray((150, 8, 4), np.uint8, surface.get_data()).copy()
    assert (pixels[:10] == 255).all()
    assert (pixels[140:] == 255).all()
    assert (pixels[..., 3] == 255).all()
    assert np.abs(pixels[10:140, :, :3] - 255 * colours).max() <= 1
