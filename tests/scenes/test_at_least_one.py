"""AtLeastOne says of the claim what the record bears out: what cancels, what is certain, what is typical."""

from __future__ import annotations

import numpy as np
import pytest

import sim.params
from scenes.figures.gains.swarm import FLOOR, Scale, heaped, paired, percent
from scenes.film import CHAPTERS
from scenes.kit.claims.sums import digits_below, share_below
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.telling.narration import LANGUAGES
from scenes.studio.look import Look
from sim import store
from tests.conftest import SMALL_FILE
from tests.scenes.telling import tell, told

CHAPTER = next(chapter for chapter in CHAPTERS if chapter.name == "AtLeastOne")
SETS = {
    "small": [],
    "vanishing": ["gains.gain=0.1"],
    "exploding": ["gains.gain=2.5"],
    "huge": ["gains.gain=1000", "gains.activation=linear"],
    "dead": ["gains.gain=1e-300"],
    "idle": ["gains.branch_scale=0"],
    "weighed": ["gains.branch_scale=-0.5", "gains.gain=he"],
    "post": ["gains.order=post", "gains.activation=relu", "gains.gain=he"],
    "conv": ["gains.block=conv", "gains.norm=batch", "gains.order=post", "gains.activation=relu", "gains.width=4"],
    "one": ["gains.depth=1", "gains.width=1", "gains.order=open"],
}


def tale(sets: list[str], lang: str = "es") -> tuple[dict[str, str], object, object]:
    """What is said at each beat, the parameters and the record."""
    net = sim.params.load(SMALL_FILE, sets).gains
    return told(CHAPTER, lang, SMALL_FILE, sets).said, net, store.fetch("gains", net)


def block_of(net: object) -> int:
    return (net.depth - 1) // 2


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "."))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", SETS)
def test_every_case_is_told_to_the_end(case: str, lang: str) -> None:
    said, _, record = tale(SETS[case], lang)
    least = record.scalar_gain.min()
    assert least == 0
    assert said["cancel"].endswith("queda 0." if lang == "es" else "0 is left.")
    assert list(said)[-1] == "keep"


@pytest.mark.parametrize("case", SETS)
def test_the_guarantee_is_void_just_where_it_is(case: str) -> None:
    said, net, record = tale(SETS[case])
    branch = abs(net.branch_scale_value) * record.singular_branch[:, block_of(net)]
    bound = record.bound[:, block_of(net)].min()
    assert np.isclose(bound, 1 - branch.max())
    cases, held = record.bound.size, int((record.bound > 0).sum())
    assert ("ninguno" in said["bound"]) == (held == 0)
    assert ("o más" in said["bound"]) == (held == cases)
    assert f"{cases} casos" in said["bound"] and (held in (0, cases) or f"{held} de" in said["bound"])
    assert (record.singular_total.min(axis=-1) >= record.bound - 1e-9).all()  # the theorem


@pytest.mark.parametrize("case", [case for case in SETS if case != "conv"])
def test_the_share_below_one_is_the_records(case: str) -> None:
    said, net, record = tale(SETS[case])
    share = share_below(record.singular_total[:, block_of(net)])
    assert ("ninguna" in said["total"]) == (share == 0)
    assert ("la mayoría" in said["total"]) == (0.6 <= share < 1)
    assert ("todas" in said["total"]) == (share == 1)
    if 0 < share < 1:
        digits = digits_below(record.singular_total[:, block_of(net)])
        assert f"{percent(share, Numbers(','), digits)} %" in said["total"]
    if case not in ("dead", "idle"):  # there rounding puts some of the exact ones below 1
        assert np.isclose(share, record.singular_below[:, block_of(net)].mean())


@pytest.mark.parametrize("case", SETS)
def test_what_is_typical_is_measured(case: str) -> None:
    said, net, record = tale(SETS[case])
    share = share_below(record.random_gain[1])
    assert ("Ninguno" in said["typical"]) == (share == 0)
    assert ("Solo el" in said["typical"]) == (0 < share < 0.1)
    if np.isfinite(record.random_below).all() and case not in ("dead", "idle"):
        assert np.isclose(share, record.random_below[1].mean())
    if net.order == "post":
        assert "ReLU" in said["keep"]
    else:
        assert ("no una ley" in said["keep"]) == (share < 0.1)


def test_of_estimates_only_the_extremes_are_drawn() -> None:
    found = {}

    def look(scene, beat):
        if beat == "total":
            found["swarm"] = scene.hall.gate.swarms["singular"]

    tell(CHAPTER, Look(), SMALL_FILE, SETS["conv"], look)
    net = sim.params.load(SMALL_FILE, SETS["conv"]).gains
    record = store.fetch("gains", net)
    assert record.method == "estimate"
    swarm = found["swarm"]
    for side, values in enumerate((record.singular_branch, record.singular_total)):
        assert np.array_equal(np.sort(swarm.value[side]), np.sort(values[:, block_of(net)].ravel()))
    assert np.isnan(swarm.cloud.shares).all() and np.array_equal(swarm.now(), swarm.value[1])
    assert "ellipse" not in told(CHAPTER, "es", SMALL_FILE, SETS["conv"]).said  # it would not be exact


def test_beads_stick_at_what_was_measured_and_slide_to_what_the_shortcut_makes_of_it() -> None:
    found = {}

    def look(scene, beat):
        swarm = scene.hall.gate.active
        found[beat] = swarm.places()[:, 1], swarm.value, swarm.scale, swarm.below()

    tell(CHAPTER, Look(), SMALL_FILE, [], look)
    _, net, record = tale([])
    for beat, side in (("branch", 0), ("total", 1), ("typical", 1)):
        height, value, scale, below = found[beat]
        assert np.allclose(height, scale.x_of(value[side]))
        assert below == share_below(record.random_gain[1] if beat == "typical" else measured(record, net)[side])
    assert np.isin(found["total"][1], measured(record, net)).all()


def measured(record: object, net: object) -> list[np.ndarray]:
    """Singular values of the block that is shown, alone and with its shortcut."""
    block, beta = block_of(net), abs(net.branch_scale_value)
    return [beta * record.singular_branch[:, block], record.singular_total[:, block]]


@pytest.mark.parametrize("case", [case for case in SETS if case != "conv"])
def test_the_circle_becomes_the_ellipse_of_the_worst_example(case: str) -> None:
    said, net, record = tale(SETS[case])
    values = record.singular_total[:, block_of(net)].reshape(-1, record.singular_total.shape[-1])
    most, least = values[values[:, -1].argmin()][[0, -1]]
    grows, shrinks = most > 1 + 1e-9, least < 1 - 1e-9
    words = {(1, 1): "crecen", (1, 0): "Ni en su peor", (0, 1): "las encoge todas", (0, 0): "nada cambia"}
    assert words[int(grows), int(shrinks)] in said["ellipse"]
    ellipse = told(CHAPTER, "es", SMALL_FILE, SETS[case]).scene.hall.ellipse
    for angle in (0.0, 0.7, 2.0):
        x, y = ellipse.place(angle, 1.0)
        assert np.isclose(((x - ellipse.x) / most) ** 2 + ((y - ellipse.y) / least) ** 2, ellipse.unit**2) or least == 0


def test_an_overflowing_block_has_no_cloud() -> None:
    said, _, record = tale(
        ["gains.gain=1000", "gains.activation=gelu", "gains.depth=300", "gains.dtype=float32", "gains.width=4"]
    )
    assert not np.isfinite(record.singular_branch[:, 149]).all()  # else the next lines say nothing
    assert "desbordan" in said["overflow"]
    assert "typical" not in said


# the clouds


def test_thinning_keeps_pairs_ends_and_shares() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(1, 0.3, 50_000)
    other = values + rng.uniform(0, 0.1, len(values))
    few = paired(other, values, 1300)
    assert 1298 <= few.shape[1] <= 1300
    for kept, whole in zip(few, (other, values), strict=True):
        assert kept.min() == whole.min() and kept.max() == whole.max()
    assert (few[0] >= few[1]).all()  # pairs stay pairs
    assert abs(share_below(few[1]) - share_below(values)) < 0.002
    assert np.array_equal(paired([3.0, np.nan, 1.0, 2.0], [1.0, 2.0, np.inf, 4.0], 9), [[3.0, 2.0], [1.0, 4.0]])


def test_dots_of_a_heap_stay_within_it_and_apart() -> None:
    x = np.sort(np.random.default_rng(1).normal(0, 1, 400))
    y = heaped(x, 0.03, 1.0)
    assert np.abs(y).max() <= 1.0
    crowd = heaped(np.zeros(1000), 0.03, 1.0)
    assert len(np.unique(crowd)) == 1000
    assert np.abs(crowd).max() <= 1.0
    assert len(heaped([], 0.03, 1.0)) == 0


def test_scales_hold_all_values() -> None:
    near = Scale.for_values(0, 10, [0.0, 0.4, 1.7])
    assert not near.log and near.x_of(1.0) == 5.0 and "1" in [text for _, text in near.ticks(Numbers(","))]
    far = Scale.for_values(0, 10, [0.0, 0.2, 3000.0])
    assert far.log and 0 < far.x_of(1.0) < far.x_of(3000.0) < 10
    assert far.x_of(0.0) == 0 and "1" in [text for _, text in far.ticks(Numbers(","))]
    assert Scale.for_values(0, 1, [FLOOR / 10, 1e9]).low == -8


@pytest.mark.parametrize(("share", "words"), [(0, "0"), (1e-4, "<1"), (0.469, "47"), (0.9999, ">99"), (1, "100")])
def test_a_share_is_not_rounded_to_none_or_all(share: float, words: str) -> None:
    assert percent(share, Numbers(",")) == words


def test_a_share_that_seeds_agree_little_on_is_told_in_tens_but_not_as_all() -> None:
    assert [percent(share, Numbers(","), 1) for share in (0.469, 0.07, 0.96)] == ["50", "7", "96"]
