"""AfterTraining: its clip is short, says what three records of training say, and other trainings have other words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenes.after_training import AfterTraining
from scenes.figures.valley import ranges
from scenes.film import ENCORE, FILM
from scenes.kit.claims import lasting
from scenes.kit.claims.lasting import Lasting
from scenes.kit.errors import UsageError
from scenes.kit.telling.setting import refuse_network
from sim import params
from sim.learning.optimisers import Adam
from sim.records.record import PLAIN, RESIDUAL
from tests.conftest import SMALL_FILE
from tests.scenes.telling import apart_at, bars_of, told
from tests.scenes.test_bars import RATE

CHAPTER = next(chapter for chapter in ENCORE if chapter.name == "AfterTraining")
BEATS = ["start", "plain", "residual", "weights", "adam", "learn", "norm", "lesson"]


@pytest.fixture(scope="module")
def facts() -> Lasting:
    found: Lasting = told(CHAPTER, params=SMALL_FILE).scene.facts
    return found


def altered(record: Any, **changes: Any) -> Any:
    """A record with some fields filled with one value each, or with those of an array."""
    return replace(
        record, **{n: np.broadcast_to(v, getattr(record, n).shape).astype(float) for n, v in changes.items()}
    )


@pytest.mark.parametrize(
    ("lang", "telling", "theme", "aspect", "most"),
    [("es", "brief", "dark", "16:9", 50), ("en", "full", "dark", "16:9", 90), ("en", "brief", "light", "9:16", 50)],
)
def test_the_clip_is_short_and_its_pictures_are_sound(
    lang: str, telling: str, theme: str, aspect: str, most: float
) -> None:
    found = told(CHAPTER, lang, SMALL_FILE, theme=theme, aspect=aspect, telling=telling)
    assert found.wrong == {}
    assert found.scene.clock <= most
    assert list(found.said) == BEATS


def test_it_says_what_the_records_say(facts: Lasting) -> None:
    telling = told(CHAPTER, params=SMALL_FILE)
    numbers, said = telling.scene.agreed, telling.said
    for beat, skip in (("plain", PLAIN), ("residual", RESIDUAL)):
        ratio = facts.sgd.gradient_signal[skip, :, -1, 0] / facts.sgd.gradient_signal[skip, :, -1, -1]
        assert numbers.signal(float(np.log10(np.median(ratio)))) in said[beat]
    for skip in (PLAIN, RESIDUAL):
        assert numbers.small(float(np.median(facts.sgd.weight_gradient[skip, :, -1, 0]))) in said["weights"]
        assert numbers.misread(float(np.median(facts.adam.train_error[skip, :, -1]))) in said["learn"]
    steps = facts.sgd.weight_step[PLAIN, ..., 0], facts.adam.weight_step[PLAIN, ..., 0]
    sgd, adam = (np.log10(np.median(one, axis=0))[:-1] for one in steps)
    assert numbers.signal(float(np.median(adam - sgd))) in said["adam"]


def test_networks_without_a_norm_are_those_of_training() -> None:
    tree = params.load(SMALL_FILE, environ={})
    bare = tree.after_training.bare(tree.training, "adam")
    same = set(type(bare).model_fields) - {"norm", "gain", "optimiser", "learning_rates"}
    assert all(getattr(bare, name) == getattr(tree.training, name) for name in same)
    assert bare.norm == "none" and bare.learning_rates == (tree.after_training.adam,)
    few = params.load(SMALL_FILE, ["training.seeds=1", "training.search_seeds=1"], environ={})
    assert few.after_training.bare(few.training, "sgd").seeds == 1


def test_where_training_has_no_norm_nothing_is_said_of_one() -> None:
    said = told(CHAPTER, params=SMALL_FILE, sets=["learner.norm=none"]).said
    assert list(said) == [beat for beat in BEATS if beat != "norm"]


def test_a_signal_is_told_as_it_was_throughout(facts: Lasting) -> None:
    signal = np.ones_like(facts.sgd.gradient_signal)
    signal[PLAIN, ..., 0] = 1e-5
    gone = altered(facts.sgd, gradient_signal=signal)
    assert lasting.last(gone, PLAIN) == "vanishes" and lasting.throughout(gone, PLAIN)
    assert lasting.last(gone, RESIDUAL) == "arrives"
    signal[PLAIN, :, 0, 0] = 1.0
    assert not lasting.throughout(altered(facts.sgd, gradient_signal=signal), PLAIN)
    signal[PLAIN, 0, -1] = np.nan
    assert lasting.last(altered(facts.sgd, gradient_signal=signal), PLAIN) == "unheard"


def test_what_adam_makes_of_a_small_gradient(facts: Lasting) -> None:
    assert Adam.EPSILON == lasting.EPSILON
    told_, step = np.full_like(facts.adam.weight_gradient, 1e-2), np.full_like(facts.adam.weight_step, 1e-3)
    told_[PLAIN], step[PLAIN] = 1e-10, 1e-6
    step[:, :, -1] = np.nan
    adam = altered(facts.adam, weight_gradient=told_, weight_step=step)
    sgd = altered(facts.sgd, weight_gradient=told_, weight_step=step * np.array([1e-5, 1])[:, None, None, None])
    small = facts._replace(sgd=sgd, adam=adam)
    assert lasting.starved(small) and lasting.floored(small)
    assert lasting.lifted(small) == "lifts" and lasting.lift(small) == pytest.approx(5)
    assert lasting.lifted(small._replace(sgd=adam)) == "alike"
    assert lasting.lifted(small._replace(adam=sgd, sgd=adam)) == "lowers"
    large = small._replace(adam=altered(adam, weight_gradient=1e-2))
    assert not lasting.floored(large)
    assert lasting.lifted(small._replace(adam=altered(adam, weight_step=np.nan))) == "lost"


@pytest.mark.parametrize(
    ("plain", "residual", "word"),
    [(90, 20, "residual"), (20, 20, "both"), (20, 90, "plain"), (90, 90, "neither"), (np.nan, 20, "lost")],
)
def test_who_learns(facts: Lasting, plain: float, residual: float, word: str) -> None:
    error = np.array([plain, residual])[:, None, None]
    adam = altered(facts.adam, train_error=error)
    assert lasting.learns(facts._replace(adam=adam)) == word
    normed = altered(facts.normed, train_error=error, gradient_signal=1.0)
    assert lasting.apart(facts._replace(normed=normed)) == (word == "residual")


def test_a_picture_can_turn_into_one_without_an_end() -> None:
    log10 = np.array([-np.inf, 0.0, np.inf, np.nan])
    far = ranges.FAR
    np.testing.assert_array_equal(ranges.drawn(log10), [-far, 0.0, far, np.nan])
    np.testing.assert_array_equal(ranges.lights(log10), [-far, 0.0, far, -far])


def test_it_moves_and_opens_on_its_subject() -> None:
    found = bars_of(CHAPTER, RATE)
    assert found.frozen <= 0.2 and found.longest <= 1.5 and found.changing >= 0.25
    assert found.first >= 0.15 and found.moves >= 3


def test_frames_depend_on_records_and_progress_alone() -> None:
    apart = apart_at(CHAPTER, RATE / 2)
    assert len(apart) >= 20
    assert max(apart) < 0.5


def test_networks_of_ones_own_are_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="while they train"):
        refuse_network(tmp_path / "own.npz", AfterTraining)
    assert CHAPTER not in FILM
