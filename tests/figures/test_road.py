"""Roads and traffic: who drives follows the lane, keeps distance, arrives; a detour is longer than the overpass."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.figures.road.road import Road, RoadPlan
from scenes.figures.road.streams import Fork, Stream
from scenes.figures.road.traffic import RADII, Cars, Messengers, radius
from scenes.kit.drawing.course import Course, convoy
from scenes.kit.drawing.signal import FLOOR
from scenes.kit.drawing.theme import DARK
from scenes.kit.reading.sample import sampled

DEPTHS = [2, 3, 7, 10, 14, 20, 56, 110]


def plan(depth: int, most: int = 14, width: float = 11.3) -> RoadPlan:
    return RoadPlan.between(-width / 2, width / 2, 0.4, sampled(depth, most)[1])


@pytest.mark.parametrize("depth", DEPTHS)
def test_states_lie_where_the_chart_has_them_and_every_stretch_has_its_toll(depth: int) -> None:
    road = plan(depth)
    states = np.array(sampled(depth, 14)[1])
    np.testing.assert_allclose(road.x, -5.65 + 11.3 * states / depth)
    assert (road.tolls[:, 0] > road.x[:-1]).all() and (road.tolls[:, 0] < road.x[1:]).all()
    course = road.road()
    there = course.place(course.distance(road.tolls[:, 0]))
    np.testing.assert_allclose(there, road.tolls, atol=0.01)  # the road leads through the tolls
    width, height = road.toll_size
    assert (np.diff(road.tolls[:, 0]) > width).all()
    assert (np.abs(np.diff(road.tolls[:, 1])) + np.diff(road.tolls[:, 0]) > height / 2).all()


@pytest.mark.parametrize("most", [14, 7])
@pytest.mark.parametrize("depth", DEPTHS)
def test_the_detour_takes_longer(depth: int, most: int) -> None:
    road = plan(depth, most, 11.3 if most == 14 else 5.6)
    course = road.road()
    ends = course.distance(road.x)
    for i, way in enumerate(np.diff(ends)):
        assert way > 1.02 * road.overpass(i).length


@pytest.mark.parametrize("depth", DEPTHS)
def test_overpasses_run_over_their_tolls(depth: int) -> None:
    road = plan(depth)
    for i, (x, y) in enumerate(road.tolls):
        deck = road.overpass(i)
        at = deck.place(deck.distance(np.array([x])))[0]
        assert at[0] == pytest.approx(x, abs=0.01)
        assert at[1] > road.y + 0.05  # it has risen over the road
        if y > road.y:  # and hides the lower half of a toll on this side of it
            assert abs(at[1] - y) < road.toll_size[1] / 2


@given(st.integers(1, 6), st.floats(0, 1), st.sampled_from(DEPTHS))
def test_cars_keep_their_distance_and_look_where_they_drive(traffic: int, progress: float, depth: int) -> None:
    road = plan(depth)
    course = road.road().beside(road.width / 4)
    gap = course.length / (len(road.x) - 1) / traffic
    ends = np.arange(0, course.length, gap)
    s, out = convoy(course, ends, progress, course.length)
    driving = np.sort(s[out])
    assert (np.diff(driving) > 0.999 * gap).all()
    cars = Cars(DARK, gap)
    assert cars.length < gap
    ahead = course.place(s + 1e-3) - course.place(s)
    inside = (s < course.length - 2e-3) & out
    turned = np.arctan2(ahead[:, 1], ahead[:, 0]) - course.heading(s)
    assert np.abs(np.angle(np.exp(1j * turned[inside]))).max(initial=0) < 0.2
    if progress == 1:
        assert out.all()


@pytest.mark.parametrize("traffic", [1, 3, 6])
def test_messengers_never_overlap_however_strong_they_are(traffic: int) -> None:
    road = plan(14)
    stream = Stream(road, DARK, np.full(15, 30.0), traffic)
    stream.show(1.0)
    assert stream.messengers.most < np.diff(stream.ends).min() / 2
    circles = stream.messengers.discs.points.reshape(-1, 16, 3)
    assert len(circles) == 14 * traffic + 1
    width = np.ptp(circles[:, :, 0], axis=1)
    assert (width <= 2 * stream.messengers.most + 1e-9).all()


def test_a_messenger_is_as_large_as_its_signal_and_goes_out_below_the_floor() -> None:
    sizes = radius([FLOOR - 0.1, FLOOR, -4, 0, 4, 8, 20, -np.inf, np.inf, np.nan])
    assert sizes[0] == sizes[7] == sizes[9] == 0
    assert (np.diff(sizes[1:6]) > 0).all() and sizes[1] == RADII[0] and sizes[5] == sizes[6] == sizes[8] == RADII[2]
    messengers = Messengers(DARK).show(np.array([[0.0, 0], [1, 0], [2, 0]]), [-9.0, -np.inf, 5.0])
    assert len(messengers.discs.points) == 16  # one disc
    assert len(messengers.rings.points) == 2 * 8 * 4  # two dashed rings
    assert len(messengers.hatch.points)  # and the strong one is hatched


def test_a_signal_changes_at_the_toll_and_nowhere_else() -> None:
    road = plan(2)
    stream = Stream(road, DARK, np.array([-4.0, -2.0, 0.0]), 6)
    seen = {}
    stream.messengers.show = lambda place, log10, out: seen.update(zip(np.round(place[:, 0], 6), log10, strict=True))
    stream.show(1.0)
    half = road.toll_size[0] / 2
    for x, value in seen.items():
        before = np.searchsorted(road.tolls[:, 0] + half, x)
        if np.abs(road.tolls[:, 0] - x).min() > half:
            assert value == [-4.0, -2.0, 0.0][before]


def test_the_two_streams_are_as_wide_as_the_shares() -> None:
    road = plan(2)
    fork = Fork(road, DARK, np.zeros(3), np.array([0.75, 0.5]), 1)
    fork.show(1.0)
    low, high = (np.ptp(band.points[:, 1]) for band in fork.bands)
    assert low and high

    def width(band: object, x: float) -> float:
        near = band.points[np.abs(band.points[:, 0] - x) < 0.05]
        return float(np.ptp(near[:, 1]))

    deck = [width(fork.bands[1], x) for x in road.tolls[:, 0]]
    toll = [width(fork.bands[0], x) for x in road.tolls[:, 0]]
    assert deck[0] > deck[1] and toll[0] < toll[1]
    assert deck[1] == pytest.approx(toll[1], abs=0.02)


def test_what_takes_away_is_dashed() -> None:
    road = plan(2)
    whole = Fork(road, DARK, np.zeros(3), np.array([0.9, 0.9]), 1)
    taking = Fork(road, DARK, np.zeros(3), np.array([1.1, 1.1]), 1)
    for fork in (whole, taking):
        fork.show(1.0)
    pieces = [len(fork.bands[0].get_subpaths()) for fork in (whole, taking)]
    assert pieces[0] == 2 and pieces[1] > 6


def test_a_copy_carries_what_it_is_a_copy_of() -> None:
    road = plan(3)
    log10 = np.array([-0.3, -0.1, 0.2, 0.0])
    fork = Fork(road, DARK, log10, np.array([0.9, 1.0, -0.5]), 1)
    (road_x, on_road), (deck_x, on_deck) = fork.carried()
    for i, (x, _) in enumerate(road.tolls):
        assert np.interp(x, deck_x, on_deck) == pytest.approx(log10[i + 1])
        beyond = x - road.toll_size[0] / 2
        rest = log10[i] + np.log10(abs(1 - fork.share[i])) if fork.share[i] != 1 else -400.0
        assert np.interp(beyond, road_x, on_road) == pytest.approx(rest)
    assert np.interp(road.x, road_x, on_road) == pytest.approx(log10)


def test_a_course_is_driven_at_constant_speed() -> None:
    course = Course.through([(0, 0), (3, 0), (3, 4)])
    assert course.length == 7
    step = np.diff(course.place(np.linspace(0, 7, 8)), axis=0)
    np.testing.assert_allclose(np.hypot(*step.T), 1)
    np.testing.assert_allclose(course.back().place([1.0]), course.place([6.0]))


def test_a_road_is_built_and_overpasses_rise_by_degrees() -> None:
    road = Road(plan(5), DARK, 2, skip=True)
    road.build(0.5).raise_overpasses(0)
    assert road.asphalt.points[:, 0].max() < 0.5
    assert not len(road.deck.points)
    road.build(1.0).raise_overpasses(0.5)
    half = road.deck.points[:, 1].max()
    road.raise_overpasses(1)
    assert len(road.deck.get_subpaths()) >= 1 and road.deck.points[:, 1].max() >= half
