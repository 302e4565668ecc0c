"""The film as a whole: its order, and that it holds for networks that tell another story."""

from __future__ import annotations

import numpy as np
import pytest

import sim.params
from scenes.film import CHAPTERS, FILM, OPENING, Chapter
from scenes.kit.telling.narration import LANGUAGES, words_of
from scenes.studio.look import Look
from sim import store
from sim.sections.network import Network
from tests.conftest import PREVIEW, ROOT
from tests.scenes.telling import tell, told

STORYBOARD = ["Degradation", "PlainBlock", "ResidualBlock", "PlainRoad", "Shortcuts", "WaterPipes", "PlusOne"]
STORYBOARD += ["GradientFlow", "Routes", "AtLeastOne", "Summary"]
PRESETS = ROOT / "assets" / "params"
SMALLER = {  # what does not make the story
    "highway": ("seeds=2", "batch=8", "width=4", "dtype=float32"),
    "profile": ("seeds=2", "batch=8", "width=16", "depth=20"),
    "gradient_flow": ("depths=[4,8]", "bn.seeds=2", "bn.batch=8", "bn.width=4", "bn.depth=4"),
    "routes": ("seeds=2", "batch=8"),
    "gains": ("seeds=2", "batch=4", "depth=20", "width=32"),
    "identity": ("seeds=2", "learning_rates=[0.03]", "steps=30", "snapshots=[0,3,10,30]", "longer=2", "wider=2"),
    "degradation": ("block=mlp", "width=16", "seeds=2", "search_seeds=1", "batch=32", "learning_rates=[0.05]")
    + ("depths=[8,20]", "steps=20", "eval_every=10"),
}
OTHERS = [f"{table}.{setting}" for table, settings in SMALLER.items() for setting in settings]
POST = [f"{table}.order=post" for table in ("highway", "profile", "routes", "gains", "identity")]
STORIES = {
    "vanishing": (PRESETS / "vanishing.toml", [*OTHERS, "gains.gain=0.2", "routes.gain=torch", "routes.norm=none"]),
    "exploding": (
        PRESETS / "exploding.toml",
        [*OTHERS, "highway.width=8", "gains.gain=2.5", "routes.gain=2.5", "routes.norm=none"],
    ),
    "post": (PREVIEW, [*OTHERS, *POST]),
}


def test_the_chapters_come_in_the_order_of_the_storyboard() -> None:
    assert [chapter.name for chapter in CHAPTERS] == STORYBOARD
    assert (OPENING, *CHAPTERS) == FILM


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
@pytest.mark.parametrize("story", STORIES)
def test_other_networks_make_a_whole_film_too(story: str, chapter: Chapter) -> None:
    """What is said follows the record in each chapter's own tests; here the pictures, and what may never be said."""
    params, sets = STORIES[story]
    telling = told(chapter, "es", params, sets)
    said = telling.said
    assert not telling.wrong
    assert len(said) >= 3
    everything = " ".join(said.values())
    if story == "exploding" and chapter.name in ("PlainRoad", "GradientFlow", "PlusOne", "WaterPipes"):
        assert "seca" not in everything.lower().split() and "casi no llega nada" not in everything
    if story == "post" and chapter.name in ("Shortcuts", "PlusOne", "Routes", "AtLeastOne", "Summary"):
        assert "copia exacta" not in everything
    if story != "exploding" and chapter.name in ("PlainRoad", "PlusOne"):
        net = sim.params.load(*STORIES[story]).highway
        log10 = store.fetch("profile", net.only(Network)).mean_log10_relative()[0, 0]
        assert log10 < -3  # else the next line says nothing
        assert "explota" not in said.get("plain", "") + said.get("back", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_credits_say_what_the_film_was_made_of(lang: str) -> None:
    shown = told("Summary", lang, PREVIEW, ["highway.depth=12"]).shown
    net = sim.params.load(str(PREVIEW), ["highway.depth=12"]).highway
    record = store.fetch("profile", net.only(Network))
    for word in (record.data_digest[:12], "2.13" if "2.13" in record.versions["torch"] else "PyTorch", "manim", "MIT"):
        assert word in shown["credits"]
    assert 'learner.block = "mlp"' in shown["credits"]


@pytest.mark.parametrize(("faster", "sentence"), [(True, "es fácil"), (False, "para no hacer nada")])
def test_the_summary_calls_nothing_easy_that_was_not(
    faster: bool, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from scenes import summary

    records = summary.Summary.records

    def other(scene: summary.Summary, experiment: str, wanted: list) -> list:
        found = records(scene, experiment, wanted)
        if faster or experiment != "identity":
            return found
        return [replace(record, relative_error=np.ones_like(record.relative_error)) for record in found]

    monkeypatch.setattr(summary.Summary, "records", other)
    assert sentence in tell("Summary", Look(), PREVIEW).said["zero"]


def test_no_chapter_blames_degradation_on_gradients() -> None:
    words = words_of("es")
    for chapter in STORYBOARD:
        assert "degradación ocurre porque" not in str(words[chapter])


def test_tests_of_one_chapter_go_to_one_process(request: pytest.FixtureRequest) -> None:
    """Else every process would tell every chapter for itself."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@tests.scenes.test_film")
