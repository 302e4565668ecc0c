"""One page and one browser for a session: a small film, a network of one's own, and whatever the browser has to say."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from scenes.film import CHAPTERS
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.telling.narration import Narration
from scenes.studio.files.page.content import content
from scenes.studio.files.page.document import document
from scenes.studio.files.page.networks import own_network
from scenes.studio.files.page.pictures import Figure
from sim import params
from sim.own.file import save
from sim.own.measure import measure
from sim.paths import records_in
from tests.conftest import wait_for

SMALL = """
[network]
seeds = 2
batch = 16
width = 16

[profile]
depth = 6

[gradient_flow]
depths = [2, 14]
gains = ["torch", 2.5]

[gradient_flow.bn]
depth = 3
width = 4
batch = 8

[highway]
depth = 4
width = 4
batch = 8

[routes]
depth = 4
width = 4
batch = 8
"""
LOOKS = [("es", "dark"), ("en", "light")]
READY = "window.atajos && atajos.shown.done && atajos.shown.worst !== null"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process has the page and the browser, and maybe another what needs neither."""
    for item in items:
        if item.path.parent.name == "page" and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group("page"))


@dataclass
class Built:
    """A page on disk, and what it was made of."""

    path: Path
    parameters: params.Params
    data: dict[str, Any]


@pytest.fixture(scope="session")
def small_film(tmp_path_factory: pytest.TempPathFactory) -> params.Params:
    path = tmp_path_factory.mktemp("film") / "small.toml"
    path.write_text(SMALL)
    return params.load(path, environ={})


@pytest.fixture(scope="session")
def own_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of one's own at two stops; one of its blocks has no shortcut."""
    from torch import nn

    from tests.tower import Block

    def build(depth: int) -> nn.Module:
        return nn.Sequential(*(Block(8) for _ in range(depth)), nn.Linear(8, 8), nn.Tanh(), Block(8))

    told = {"vary": ["depth", [2, 4]]}
    stops = [
        measure(lambda n=n: build(n), "vector:8", seeds=2, name="mine", told={**told, "kwargs": {"depth": n}})
        for n in (2, 4)
    ]
    path = tmp_path_factory.mktemp("own") / "mine.npz"
    save(path, stops)
    return path


@pytest.fixture(scope="session")
def built(small_film: params.Params, own_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The page in both languages, with a grey picture for each chapter of the tour."""
    folder = tmp_path_factory.mktemp("page")
    with records_in(Path(os.environ.get("ATAJOS_STORE") or folder / "records")):
        data = content(small_film, ["es", "en"], [own_network(own_file)])
    stopped_at = {step["chapter"] for step in data["tour"]}
    figures = [
        Figure(chapter.name, code, f"{chapter.name} ({code})", grey(), (32, 18))
        for code in ("es", "en")
        for chapter in CHAPTERS
        if chapter.name in stopped_at
    ]
    path = folder / "page.html"
    path.write_text(document(data, figures), encoding="utf-8")
    return Built(path, small_film, data)


def grey() -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.full((18, 32, 3), 80, np.uint8)).save(out, "WEBP")
    return out.getvalue()


@dataclass
class Reader:
    """Somebody with a browser. heard: messages, errors and requests, of which there must be none."""

    page: Any
    path: Path
    heard: list[str] = field(default_factory=list)

    def open(self, address: str = "", width: int = 1280, height: int = 800, **media: str) -> Any:
        """The page, at rest: everything computed, nothing moving."""
        self.page.emulate_media(**{"color_scheme": "dark", "reduced_motion": "reduce", "media": "screen", **media})
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.goto("about:blank")  # another address of the same page would not load it again
        self.page.goto(f"{self.path.as_uri()}{address}")
        self.until(READY)
        return self.page

    def until(self, expression: str) -> None:
        self.until_in(self.page, expression)

    def until_in(self, frame: Any, expression: str) -> None:
        # Not wait_for_function: it evaluates text in the page, which the page's own policy forbids.
        wait_for(lambda: frame.evaluate(expression))

    def text(self, selector: str) -> str:
        return str(self.page.text_content(selector)).strip()


@pytest.fixture
def reader(browser: Any, built: Built) -> Iterator[Reader]:
    """A reader who fails the test if the browser says a word or asks for anything."""
    page = browser.pages[0]
    someone = Reader(page, built.path)
    listeners: dict[str, Callable[[Any], None]] = {
        "console": lambda message: someone.heard.append(f"console: {message.text}"),
        "pageerror": lambda error: someone.heard.append(f"error: {error}"),
        "request": lambda request: someone.heard.append(f"request: {request.url[:100]}"),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    yield someone
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    fine = ("data:", "blob:", "about:", someone.path.parent.as_uri())
    spoken = [line for line in someone.heard if not line.removeprefix("request: ").startswith(fine)]
    assert not spoken, "\n".join(spoken)


def numbers(language: str) -> Numbers:
    return Narration(language, ["page"]).numbers


def until_focused(page: Any, wanted: str) -> None:
    for _ in range(30):
        if page.evaluate("document.activeElement.id") == wanted:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab")
