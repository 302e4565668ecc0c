"""Routes drives every route of the small road, and says of the measured shares what they are."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import sim.params
from scenes.figures.routes.figure import RouteFigure
from scenes.film import CHAPTERS
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.stage import stage_for
from scenes.kit.drawing.theme import DARK, TRANSPARENT
from scenes.kit.telling.narration import LANGUAGES
from scenes.routes import in_percent
from sim import store
from tests.conftest import SMALL_FILE
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
    "deep": ["routes.depth=110"],
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


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", SETS)
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
    assert f"{signal:.1f}".replace(".", ",").replace("-", "−") in said["share"]
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
        assert f" {in_percent(first, Numbers(','))} %" in said["highway"]


def test_the_three_stories_differ() -> None:
    lessons = {case: tale(SETS[case])[0]["lesson"] for case in ("vanishing", "long", "overflowing")}
    assert "cortas" in lessons["vanishing"]
    assert "largas" in lessons["long"]
    assert "la señal, no" in lessons["overflowing"]


# the road


@pytest.fixture
def figure() -> RouteFigure:
    return RouteFigure(stage_for("16:9"), DARK, {"input": "x", "loss": "L", "tolls": "t"}, 3)


def test_every_route_has_a_summand_of_its_own(figure: RouteFigure) -> None:
    assert [len(routes) for routes in figure.order] == [2, 4, 8]
    assert set(figure.order[-1]) == set(product((False, True), repeat=3))
    places = {tuple(np.round(figure._slot(taken), 6)) for taken in figure.order[-1]}
    assert len(places) == 8
    heaps = [sum(sum(taken) == tolls for taken in figure.order[-1]) for tolls in range(4)]
    assert heaps == [1, 3, 3, 1]
    assert figure.terms[True, False, True].words == "F'_1 F'_3"  # the last block's choice comes first


def test_a_route_goes_where_it_says(figure: RouteFigure) -> None:
    road = figure.road
    way = road.route((True, False, True))
    assert np.allclose(way[[0, -1]], [(road.right, road.plan.y), (road.left, road.plan.y)])
    assert (np.diff(way[:, 0]) <= 1e-9).all()
    over = way[:, 1] > road.plan.y + road.plan.swing + 0.01
    assert np.all(np.abs(way[over, 0] - road.centre(2)) < road.pitch / 2)
    assert over.any()


def test_summands_stay_once_their_routes_are_driven(figure: RouteFigure) -> None:
    def shown() -> set[str]:
        return {term.words for term in figure.terms.values() if term.get_fill_opacity() > 0}

    figure.show(1.0, 1.0)
    assert shown() == {"1", "F'_3"}
    figure.show(1.5, 1.0)
    assert shown() == {"1", "F'_3"}
    figure.show(2.0, 0.0)
    assert shown() == {"1", "F'_3"}
    figure.show(2.0, 0.99)
    assert shown() == {"1", "F'_3", "F'_2", "F'_2 F'_3"}
    figure.show(3.0, 1.0)
    assert len(shown()) == 8


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0"), (0.00204, "0,2"), (0.426, "43"), (-0.031, "−3"), (1e-7, "≈0"), (-1e-9, "≈0")]
)
def test_shares_are_written_as_they_are(share: float, words: str) -> None:
    assert in_percent(share, Numbers(",")) == words


def test_what_is_not_there_has_no_halo() -> None:
    figure = RouteFigure(stage_for("16:9"), TRANSPARENT, {"input": "x", "loss": "L", "tolls": "t"}, 2)
    figure.show(1.0, 0.0)
    for part in figure.terms[True, True].family_members_with_points():
        assert part.get_fill_opacity() == 0 and part.get_stroke_opacity(background=True) == 0
