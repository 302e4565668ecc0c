"""Decks: the HTML in a browser that must ask for nothing, the PPTX as PowerPoint would read it."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pptx
import pytest

from scenes.kit.errors import UsageError
from scenes.kit.telling.timeline import Timeline
from scenes.studio.files import deck
from scenes.studio.look import Look
from tests.conftest import Run
from tests.studio.conftest import SOFT

pytestmark = pytest.mark.xdist_group("clip")


@pytest.fixture(scope="module")
def html(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return deck.deck([clip], SOFT, tmp_path_factory.mktemp("deck"), "PlainBlock-slides", "html")


@pytest.mark.parametrize("served", [False, True], ids=["file", "http"])
def test_a_deck_plays_steps_and_asks_for_nothing(html: Path, clip: Path, blank: Any, served: bool) -> None:
    page, beats = blank, Timeline.read_beside(clip).beats
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(html.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    where = f"http://127.0.0.1:{server.server_port}/{html.name}" if served else html.as_uri()
    asked: list[str] = []
    troubles: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("popup", lambda other: troubles.append(other.url))
    page.on("console", lambda told: troubles.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    try:
        page.goto(where)
        page.wait_for_function("Reveal.isReady()")
        assert page.evaluate("Reveal.getTotalSlides()") == len(beats)
        for number, beat in enumerate(beats[:3]):
            assert page.evaluate("Reveal.getIndices().h") == number
            assert page.evaluate("Reveal.getSlideNotes()").strip() == beat.text
            video = "document.querySelector('section.present video')"
            page.wait_for_function(f"{video}.currentTime > 0.1 && !{video}.paused")
            assert page.evaluate(f"{video}.duration") == pytest.approx(beat.duration, abs=0.05)
            assert page.evaluate(f"{video}.getBoundingClientRect().width") == pytest.approx(1280, abs=2)
            page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
        assert page.evaluate("Reveal.getIndices().h") == 2
    finally:
        server.shutdown()
        server.server_close()
    outside = [url for url in asked if url.split("#")[0] != where and not url.startswith(("data:", "blob:"))]
    assert outside == []
    assert troubles == []


def test_a_deck_names_no_address_to_fetch_from(html: Path) -> None:
    page = html.read_text(encoding="utf-8")
    assert "[[" not in page.split("<style>")[0]
    assert 'src="http' not in page
    assert 'href="http' not in page
    assert "@import" not in page
    assert "Permission is hereby granted" in page  # reveal.js goes with its licence


def test_a_pptx_has_a_slide_for_each_beat(clip: Path, tmp_path: Path) -> None:
    beats = Timeline.read_beside(clip).beats
    path = deck.deck([clip], SOFT, tmp_path, "PlainBlock-slides", "pptx")
    pages = list(pptx.Presentation(str(path)).slides)
    assert [page.notes_slide.notes_text_frame.text for page in pages] == [beat.text for beat in beats]
    for page in pages:
        media = [rel.target_part for rel in page.part.rels.values() if rel.reltype.endswith("/video")]
        assert {part.blob[4:8] for part in media} == {b"ftyp"}


def test_what_cannot_become_a_deck_is_said_at_once(here: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    done = here("slides", "GradientFlow", "--theme", "transparent")
    assert done.returncode == 2
    assert "slides have a background of their own" in done.stderr
    assert here("slides", "GradientFlow", "--to", "pdf").returncode == 2
    monkeypatch.setattr(deck, "version", missing)
    with pytest.raises(UsageError, match=r"pip install -e '\.\[slides\]'"):
        deck.can_convert([Look()])
