"""GoodStart: its clip is short, counts what the map holds, and other maps have other words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scenes.film import ENCORE, FILM
from scenes.good_start import GoodStart
from scenes.kit.claims import starting
from scenes.kit.claims.starting import PLAIN, PLAIN_NORM, RESIDUAL, RESIDUAL_NORM, SCALED
from scenes.kit.errors import UsageError
from scenes.kit.telling.setting import refuse_network
from sim.experiments.starts import KINDS, StartsRecord
from tests.conftest import SMALL_FILE
from tests.scenes.telling import apart_at, bars_of, told
from tests.scenes.test_bars import RATE

CHAPTER = next(chapter for chapter in ENCORE if chapter.name == "GoodStart")
BEATS = ["start", "plain", "residual", "scaled", "norm", "train", "learn", "lesson"]


@pytest.fixture(scope="module")
def record() -> StartsRecord:
    found: StartsRecord = told(CHAPTER, params=SMALL_FILE).scene.facts
    return found


def mapped(record: StartsRecord, *signals: float) -> StartsRecord:
    """A record whose maps have one signal each."""
    signal = np.ones_like(record.signal) * np.array(signals)[:, None, None, None]
    return replace(record, signal=signal)


def missed(record: StartsRecord, *errors: float) -> StartsRecord:
    """A record in which each kind of network ends at one error, from every point."""
    error = np.ones_like(record.train_error) * np.array(errors)[:, None, None, None]
    return replace(record, train_error=error, diverged_at=np.full_like(record.diverged_at, -1))


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


def test_it_counts_what_the_map_holds(record: StartsRecord) -> None:
    said = told(CHAPTER, params=SMALL_FILE).said
    level = (np.abs(np.median(record.signal, axis=-1)) <= 1).sum(axis=(1, 2))
    cells = len(record.depths) * len(record.gains)
    assert f"en {level[PLAIN]} de {cells}" in said["plain"] and str(level[RESIDUAL]) in said["residual"]
    assert str(level[PLAIN_NORM]) in said["norm"] and str(level[RESIDUAL_NORM]) in said["norm"]
    learned = (np.median(record.final_error(), axis=-1) < 45).sum(axis=1)
    assert f"{learned[PLAIN]} de {len(record.point_depths)}" in said["learn"]
    assert told(CHAPTER, params=SMALL_FILE).scene.atlas.counts[SCALED].startswith(str(learned[SCALED]))


def test_without_points_nobody_is_trained() -> None:
    said = told(CHAPTER, params=SMALL_FILE, sets=["starts.points=[]"]).said
    assert list(said) == [beat for beat in BEATS if beat not in ("train", "learn")]
    assert "Este es el mapa" in said["lesson"]


def test_points_beyond_the_map_have_no_pin() -> None:
    scene = told(CHAPTER, params=SMALL_FILE, sets=["starts.points=[[4, 1.0], [8, 3.0]]"]).scene
    np.testing.assert_allclose(scene.atlas.pins, [[2, 1]])
    assert scene.atlas.counts[PLAIN].endswith("2")


def test_what_the_maps_show(record: StartsRecord) -> None:
    better = mapped(record, -5.0, 0.5, 0.0, 2.0, 1.5)
    assert starting.wider(better) == "wider" and starting.everywhere(better)
    assert not starting.lit(better) and starting.unscaled(better)
    assert starting.wider(mapped(record, 0.0, 2.0, 2.0, 0.0, 0.0)) == "narrower"
    assert starting.lit(mapped(record, 0.0, 2.0, 2.0, 0.0, 0.0))
    assert not starting.lit(mapped(record, 0.0, -2.0, 2.0, 0.0, 0.0))
    assert starting.wider(mapped(record, 0, 0, 0, 0, 0)) == "alike" and not starting.unscaled(
        mapped(record, 0, 0, 0, 0, 0)
    )
    signal = np.zeros_like(record.signal)
    assert not starting.narrows(replace(record, signal=signal))
    signal[PLAIN, 1:, -1] = -4
    assert starting.narrows(replace(record, signal=signal))
    signal[PLAIN_NORM, 0] = 3.0  # at one weight scale alone
    assert not starting.unscaled(replace(record, signal=signal))
    signal[PLAIN_NORM] = -np.inf
    assert not starting.unscaled(replace(record, signal=signal))


def test_who_learns_and_what_that_teaches(record: StartsRecord) -> None:
    alone = missed(record, 90, 5, 5, 5, 5)
    assert starting.rescued(alone) and starting.lesson(alone) == "alone"
    error = alone.train_error.copy()
    error[PLAIN, 0] = 5
    some = replace(alone, train_error=error)
    assert starting.rescued(some) and starting.lesson(some) == "forgives"
    assert starting.lesson(missed(record, 5, 5, 5, 5, 5)) == "other"
    assert starting.lesson(missed(record, 90, 90, 5, 5, 5)) == "other"
    lost = replace(
        alone, train_error=np.where(np.arange(5)[:, None, None, None] == RESIDUAL, np.nan, alone.train_error),
        diverged_at=np.where(np.arange(5)[:, None, None] == RESIDUAL, 1, alone.diverged_at),
    )  # fmt: skip
    assert not starting.rescued(lost)
    assert len(KINDS) == 5


def test_it_moves_and_opens_on_its_subject() -> None:
    found = bars_of(CHAPTER, RATE)
    assert found.frozen <= 0.2 and found.longest <= 1.5 and found.changing >= 0.25
    assert found.first >= 0.15 and found.moves >= 3


def test_frames_depend_on_records_and_progress_alone() -> None:
    apart = apart_at(CHAPTER, RATE / 2)
    assert len(apart) >= 20
    assert max(apart) < 0.5


def test_networks_of_ones_own_are_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="many depths"):
        refuse_network(tmp_path / "own.npz", GoodStart)
    assert CHAPTER not in FILM
