"""Worlds and cameras: a frame depends on where the camera looks and how the world stands, and on nothing before."""

from __future__ import annotations

import cairo
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manim import Scene, tempconfig

from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import View, between, still
from scenes.kit.drawing.stage import stage_for
from scenes.kit.drawing.theme import DARK, THEMES
from scenes.kit.drawing.tiles import ALONE, LEFT_OUT, scenery
from scenes.kit.drawing.world import World
from scenes.kit.video.segments import SegmentRenderer

SIZE = (192, 108)
VIEWS = st.builds(View, st.floats(-50, 50), st.floats(-50, 50), st.floats(1, 900))


def picture(world: World, size: tuple[int, int] = SIZE) -> np.ndarray:
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, *size)
    world._paint(cairo.Context(surface), size)
    surface.flush()
    return np.frombuffer(surface.get_data(), np.uint8).reshape(size[1], size[0], 4).astype(int)


def valley(theme: str = "dark", depth: int = 4) -> Valley:
    found = Valley(THEMES[theme], stage_for("16:9"), depth, [["capa 1", "Conv"], ["capa 2", "Conv"]])
    found.deck.built = 1.0
    return found


@given(VIEWS, VIEWS, st.floats(0, 1))
def test_a_zoom_keeps_one_point_in_its_place(one: View, other: View, share: float) -> None:
    """And its width changes at an even rate; both ends are what they are called."""
    assert one.towards(other, 0.0).width == one.width and one.towards(other, 1.0).width == pytest.approx(other.width)
    seen = one.towards(other, share)
    assert np.log(seen.width) == pytest.approx((1 - share) * np.log(one.width) + share * np.log(other.width), abs=1e-9)
    if abs(one.width - other.width) > 1e-3 * one.width:
        fixed = [
            (a * other.width - b * one.width) / (other.width - one.width)
            for a, b in ((one.x, other.x), (one.y, other.y))
        ]
        for view in (one, other, seen):  # the same place on the frame, in its widths
            place = (fixed[0] - view.x) / view.width, (fixed[1] - view.y) / view.width
            first = (fixed[0] - one.x) / one.width, (fixed[1] - one.y) / one.width
            np.testing.assert_allclose(place, first, rtol=1e-5, atol=1e-5)


def test_a_frame_does_not_know_what_was_drawn_before() -> None:
    """Scenery is kept in tiles, and they are the same whoever asked for them first, and in which order."""
    views = [View(20, 0, 60), View(22, 1, 58), View(4, -5, 9), View(20, 4, 300), View(20, 0, 60)]
    travelled = valley()
    for view in views:
        travelled.shot = still(view)
        seen = picture(travelled)
        fresh = valley()
        fresh.shot = still(view)
        np.testing.assert_array_equal(seen, picture(fresh))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("night", [0.0, 0.4, 1.0])
def test_the_map_is_the_scenery_itself(theme: str, night: float) -> None:
    """Cropped and scaled, it differs from scenery that is painted anew by what scaling blurs; at night, too, which is
    on the same map when all of it has fallen."""
    world = valley(theme)
    world.night.dusk = night
    world.shot = still(View(20, 1, 61.3))
    kept = picture(world)
    with scenery(ALONE):
        anew = picture(world)
    assert np.abs(kept - anew).mean() < 2.5
    assert np.ptp(kept) > 100  # there is something to see
    with scenery(LEFT_OUT):
        assert np.abs(kept - picture(world)).mean() > 5


def test_what_is_on_one_map_is_as_if_each_were_on_its_own() -> None:
    """Where a hall is lifted, scenery is painted by itself, and by day and by night as before."""
    for dusk in (0.0, 1.0):
        together, apart = valley(), valley()
        for world in (together, apart):
            world.night.dusk = dusk
            world.shot = still(View(20, 1, 61.3))
        apart.halls.at[3] += 1e-9  # nobody sees it, but it is not where it was built
        assert np.abs(picture(together) - picture(apart)).mean() < 2.5


def test_who_asks_what_is_written_hears_what_a_picture_has_written() -> None:
    """Though no light is painted for it."""
    world = World(DARK, stage_for("16:9"), View(1, 0, 10))
    world.moving(lambda pen, view: pen.lights([(0, 0)], 1.0, "#FFFFFF").text("words", 0, 0, 1.0, "#FFFFFF"))
    seen = picture(world)
    assert [one.words for one in world.written] == ["words"] and np.ptp(seen) > 100
    with tempconfig({"pixel_width": SIZE[0], "pixel_height": SIZE[1]}):
        assert world.texts() == world.written


def test_a_camera_follows_what_another_gesture_moves() -> None:
    class Driven(Scene):
        def construct(self) -> None:
            world = World(DARK, stage_for("16:9"), View(0, 0, 10))
            world.place = 0.0
            self.add(world)
            self.world, self.views = world, []
            world.moving(lambda pen, view: self.views.append((world.place, view)))
            move = world.camera_to(lambda: View(world.place, 0, 5))
            self.play(move, world.turn(world, place=8.0), run_time=1)
            self.play(world.turn(world, place=2.0), run_time=1)

    with tempconfig(
        {
            "frame_rate": 5,
            "pixel_width": 64,
            "pixel_height": 36,
            "format": "none",
            "progress_bar": "none",
            "verbosity": "ERROR",
        }
    ):
        scene = Driven(renderer=_renderer())
        scene.render()
    assert scene.world.view == View(2.0, 0, 5)
    late = scene.views[-4:]
    assert all(view.x == place and view.width == 5 for place, view in late)  # it goes on following


def _renderer() -> SegmentRenderer:
    class Plain(SegmentRenderer):
        def play(self, scene, *args, **kwargs):
            scene.segment_key = lambda index, encoder: f"play {index}"
            super().play(scene, *args, **kwargs)

    return Plain()


def test_a_shot_between_two_is_asked_anew() -> None:
    at = [0.0]
    shot = between(still(View(0, 0, 10)), lambda: View(at[0], 0, 10), 0.5)
    assert shot().x == 0
    at[0] = 8.0
    assert shot().x == 4


def test_words_in_a_world_are_known_to_whoever_looks_at_the_layout() -> None:
    world = World(DARK, stage_for("16:9"), View(0, 0, 32))
    world.moving(lambda pen, view: pen.text("0,36", 0, 0, pen.px(54), "#FFFFFF"))
    with tempconfig({"pixel_width": 480, "pixel_height": 270}):
        (said,) = world.texts()
    assert said.words == "0,36" and said.px == pytest.approx(54)
    left, top, right, bottom = said.box
    assert 940 < (left + right) / 2 < 980 and 480 < top < bottom <= 541  # in the middle of full HD, on its line
