"""Routes follows every route of a few blocks, and says of the measured shares what they are."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

import sim.params
from scenes.figures.routes.factors import Factors
from scenes.figures.routes.traces import Traces
from scenes.figures.valley.land import point
from scenes.film import CHAPTERS
from scenes.kit.claims.sums import lean
from scenes.kit.drawing.camera import still
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.reading.agreement import digits_of
from scenes.routes import Routes, in_percent
from sim import store
from tests.conftest import PREVIEW, SMALL_FILE
from tests.scenes.telling import told

CHAPTER = next(chapter for chapter in CHAPTERS if chapter.name == "Routes")
TANH = ["routes.block=mlp", "routes.norm=none", "routes.activation=tanh", "routes.width=32", "routes.depth=12"]
LINEAR = ["routes.block=mlp", "routes.norm=none", "routes.activation=linear", "routes.width=16"]
SETS = {
    "small": [],
    "vanishing": [*TANH, "routes.gain=torch"],
    "exploding": [*TANH, "routes.gain=3"],
    "post": ["routes.order=post"],
    "one block": ["routes.depth=1"],
    "deep": ["routes.depth=60"],
    "cancelling": [*LINEAR, "routes.branch_scale=-1", "routes.depth=6"],
    "long": ["routes.gain=5", "routes.norm=none", "routes.order=open"],
    "overflowing": [*LINEAR, "routes.gain=1000", "routes.depth=300"],
    "zero": [*LINEAR, "routes.width=1", "routes.branch_scale=0"],
}


def tale(sets: list[str], lang: str = "es") -> tuple[dict[str, str], object]:
    """What is said at each beat, and the record."""
    record = store.fetch("routes", sim.params.load(SMALL_FILE, sets).routes)
    return told(CHAPTER, lang, SMALL_FILE, sets).said, record


def means(record: object) -> tuple[float, float]:
    whole = np.isfinite(record.signed_share).all(axis=1)
    count = record.count / record.count.sum()
    return float(record.mean_length()[whole].mean()), float(count @ np.arange(len(count)))


@pytest.mark.parametrize(("case", "lang"), [*((case, "es") for case in SETS), *((case, "en") for case in [*SETS][::2])])
def test_every_case_is_told_to_the_end(case: str, lang: str) -> None:
    said, _ = tale(SETS[case], lang)
    assert list(said)[-1] == "lesson"


@pytest.mark.parametrize("case", SETS)
def test_mean_lengths_are_compared_as_measured(case: str) -> None:
    said, record = tale(SETS[case])
    if not np.isfinite(record.signed_share).all(axis=1).any():
        assert "que repartir" in said["share"]
        assert "highway" not in said
        return
    signal, routes = means(record)
    assert ("solo" in said["share"]) == (signal < 0.8 * routes)
    assert ("más que las rutas" in said["share"]) == (signal > 1.25 * routes)
    whole = np.isfinite(record.signed_share).all(axis=1)
    if lean(record) != "cancel":
        assert f" {Numbers(',').significant(signal, digits_of(record.mean_length()[whole]))} peajes" in said["share"]
    assert f"{routes:.1f}".replace(".", ",") in said["many"]


@pytest.mark.parametrize("case", SETS)
def test_the_bold_sentence_needs_the_numbers(case: str) -> None:
    said, record = tale(SETS[case])
    if "highway" not in said:
        return
    signal, routes = means(record)
    share = record.signed_share[np.isfinite(record.signed_share).all(axis=1)].mean(axis=0)
    short = np.arange(len(share)) <= (signal + routes) / 2
    bold = (
        signal < 0.8 * routes and share[short].sum() >= 0.9 and record.count[~short].sum() >= 0.9 * record.count.sum()
    )
    assert ("casi toda la señal" in said["lesson"]) == bold
    assert ("mandan las rutas largas" in said["lesson"]) == (signal > 1.25 * routes)
    first = share[0]
    assert ("casi nada" in said["highway"]) == (abs(first) < 5e-4)
    assert ("solo el" in said["highway"]) == (5e-4 <= first < 0.05)
    if "%" in said["highway"]:
        digits = digits_of(record.signed_share[np.isfinite(record.signed_share).all(axis=1), 0])
        assert f" {in_percent(first, Numbers(','), digits)} %" in said["highway"]


def test_the_three_stories_differ() -> None:
    lessons = {case: tale(SETS[case])[0]["lesson"] for case in ("vanishing", "long", "overflowing")}
    assert "cortas" in lessons["vanishing"]
    assert "largas" in lessons["long"]
    assert "la señal, no" in lessons["overflowing"]


# the road, the bricks and the hill


@pytest.fixture(scope="module")
def scene() -> Routes:
    """The chapter of 27 blocks at its end."""
    return told(CHAPTER, "es", PREVIEW).scene


def test_every_route_has_a_summand_and_a_brick_of_its_own(scene: Routes) -> None:
    routes, slots = scene.traces.routes, scene.bricks.slots
    assert set(routes) == set(product((False, True), repeat=3)) and len(routes) == 8
    assert len({tuple(np.round(slot, 6)) for slot in slots}) == 8
    columns = np.round(slots[:, 0], 6)
    heaps = [int((columns == x).sum()) for x in np.unique(columns)]
    assert heaps == [1, 3, 3, 1]
    assert all((columns == columns[i]).tolist() == [sum(r) == sum(routes[i]) for r in routes] for i in range(8))
    assert scene.factors.summand((True, False, True)) == "F'_25 F'_27"  # the last block's choice comes first
    assert scene.factors.product(2) == "(1 + F'_26) (1 + F'_27)"


def test_a_route_goes_where_it_says(scene: Routes) -> None:
    land = scene.valley.land
    way = scene.traces.whole((True, False, True))
    for one, next_one in pairwise(way):
        assert np.allclose(one[-1], next_one[0], atol=0.35)  # traces of one bundle, side by side
    for block, stretch, toll in zip((27, 26, 25), way, (True, False, True), strict=True):
        hall = np.array(point(*land.hall(block)))
        assert (np.hypot(*(stretch - hall).T).min() < 1.0) == toll
        assert stretch[0, 0] > stretch[-1, 0]
    tips = np.array([scene.traces.stretch(taken)[-1] for taken in scene.traces.routes])
    assert len(np.unique(np.round(tips, 6), axis=0)) == 8  # no trace hides another


def test_lights_double_at_every_crossing(scene: Routes) -> None:
    traces = Traces(scene.valley, 3)
    seen = []
    for driven in (-0.2, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0):
        traces.driven = driven
        seen.append(traces.lights)
    assert seen == [1, 1, 2, 2, 4, 4, 8, 8]


def test_what_has_not_come_yet_is_not_written(scene: Routes) -> None:
    factors = Factors(scene.valley, scene.theme, 3, "bare", ("t", "s"))
    scene.valley.above.pop()
    before = [one.words for one in scene.valley.texts()]
    assert not any("F'" in words for words in before)
    scene.valley.above.append(factors._paint)
    scene.valley.shot, factors.shown = still(scene.over(2)), 2.0
    written = [one.words for one in scene.valley.texts()]
    scene.valley.above.pop()
    scene.valley.shot = still(scene.home)
    assert {"F'_27", "F'_26", "(1 + F'_26) (1 + F'_27)"} <= set(written)
    assert not any("25" in words for words in written)


def test_the_hill_and_the_light_over_it_are_to_scale(scene: Routes) -> None:
    hill, record = scene.hill, scene.record
    part = record.count / record.count.sum()
    grains = np.bincount(hill.column, minlength=len(part))
    assert np.abs(grains / len(hill.column) - part).max() < 1e-3
    tops = np.array([hill.at[hill.column == k, 1].max(initial=hill.base) - hill.base for k in range(len(part))])
    high = part > 0.01
    assert np.abs(tops[high] / tops.max() - (part / part.max())[high]).max() < 0.06
    shares = record.signed_share.mean(axis=0)
    assert np.allclose(hill.share * hill.scale, shares * hill.high.max() / shares.max())
    brick = hill.start[np.argsort(hill.column, kind="stable"), 0]
    assert brick[:200].max() < brick[-200:].min()  # few tolls come from bricks with few tolls
    brightest = int(np.argmax(hill.share))
    assert hill.x[brightest] < hill.x[int(np.argmax(part))]


def test_the_counter_ends_with_what_is_said(scene: Routes) -> None:
    assert scene.so_many() == "134 millones" and scene.so_many() in scene.amount()


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0"), (0.00204, "0,2"), (0.426, "43"), (-0.031, "−3"), (1e-7, "≈0"), (-1e-9, "≈0")]
)
def test_shares_are_written_as_they_are(share: float, words: str) -> None:
    assert in_percent(share, Numbers(",")) == words


def test_seeds_that_disagree_leave_one_digit() -> None:
    assert in_percent(0.426, Numbers(","), 1) == "40" and in_percent(0.00204, Numbers(","), 1) == "0,2"
