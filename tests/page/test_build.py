"""How the page is made: what it takes from simulator and words, its policy, its pictures, and what is refused."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from pydantic import ValidationError

from scenes.film import CHAPTERS
from scenes.kit.errors import UsageError
from scenes.kit.telling.narration import LANGUAGES
from scenes.kit.telling.timeline import Beat, Sentence, Timeline
from scenes.studio.commands import page as command
from scenes.studio.files.page import pictures, source
from scenes.studio.files.page.content import KEYS, accepted, content, tour, words
from scenes.studio.files.page.document import policy
from scenes.studio.look import Look
from sim import params
from tests.page.conftest import Built, Reader


def test_it_is_small_and_asks_for_nothing(built: Built) -> None:
    text = built.path.read_text(encoding="utf-8")
    assert len(text.encode()) < 400_000  # and pictures of four chapters in two languages take some 150 kB
    assert not re.findall(r"""(?:src|href)=["'](?!data:)""", text)
    assert not re.findall(r"\b(?:fetch|XMLHttpRequest|WebSocket|importScripts|eval)\b\(", text)


def test_its_policy_names_its_own_code_and_style_alone(built: Built) -> None:
    text = built.path.read_text(encoding="utf-8")
    parts = {
        "script": re.search(r'<script type="module">(.*?)</script>', text, re.DOTALL),
        "style": re.search(r"<style>(.*?)</style>", text, re.DOTALL),
    }
    said = dict(part.split(" ", 1) for part in re.findall(r'Policy" content="(.*?)"', text)[0].split("; "))
    for kind, found in parts.items():
        assert found
        digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
        assert said[f"{kind}-src"] == f"'sha256-{digest}'"
    assert said["default-src"] == "'none'"
    assert "unsafe" not in policy("", "")


def test_every_key_but_precision_is_a_dial_and_takes_what_the_simulator_does() -> None:
    base = params.load(environ={}).profile
    assert set(KEYS) == set(type(base).model_fields) - {"dtype"}
    for key in KEYS:
        allowed = accepted(key)
        for value in [*allowed.get("options", []), *allowed.get("words", [])]:
            assert getattr(small(base, key, value), key) == value
        if "options" in allowed:
            with pytest.raises(ValidationError):
                small(base, key, "nothing")
            continue
        low, high, step = allowed["low"], allowed["high"], 1 if allowed["whole"] else 1e-6
        low = low + step if allowed["above"] else low
        assert getattr(small(base, key, low), key) == low
        assert getattr(small(base, key, high), key) == high
        for beyond in (low - step - 1e-9 * (not allowed["whole"]), high + step):
            with pytest.raises(ValidationError):
                small(base, key, int(beyond) if allowed["whole"] else beyond)


def small(base: Any, key: str, value: Any) -> Any:
    """So that the whole fits in memory whatever one key says."""
    return base.replace(**{"depth": 1, "width": 1, "batch": 2, "seeds": 1, "input": "gaussian", key: value})


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_word_that_the_code_asks_for_is_there(code: str) -> None:
    every = words(code)
    asked = set(re.findall(r'\bt\("([\w.]+)"', source.joined("ui.js")))
    asked |= set(re.findall(r'data-(?:t|label)="([\w.]+)"', (source.FOLDER / "page.html").read_text(encoding="utf-8")))
    assert len(asked) > 50
    for key in asked:
        assert isinstance(found(every, key), str), key
    for key in KEYS:
        assert found(every, f"key.{key}")
        for value in accepted(key).get("options", []):
            assert found(every, f"value.{value}")
        for word in accepted(key).get("words", []):
            assert found(every, f"word.{key}.{re.sub(r'[^A-Za-z0-9_]', '', word)}")
    for step in tour(params.load(environ={})):
        assert {"ask", "say"} == every["tour"][step["name"]].keys()


def found(every: dict[str, Any], key: str) -> Any:
    value: Any = every
    for part in key.split("."):
        value = value[part]
    return value


def test_the_tour_shows_networks_of_the_film_in_its_order(small_film: params.Params) -> None:
    steps = tour(small_film)
    assert len(steps) == 6
    order = [chapter.name for chapter in CHAPTERS]
    places = [order.index(step["chapter"]) for step in steps]
    assert places == sorted(places)
    assert steps[2]["state"]["depth"] == small_film.gradient_flow.depths[-1]
    assert steps[4]["state"]["norm"] == "batch"


def test_what_the_page_cannot_compute_is_refused() -> None:
    with pytest.raises(UsageError, match=r"profile\.dtype = float32: the page computes in float64"):
        content(params.load(sets=["profile.dtype=float32"], environ={}), ["es"], [])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--lang", "fr"], "--lang: 'fr' is not known; allowed: es, en"),
        (["--clips", "Routs"], "unknown chapter 'Routs' (did you mean Routes?)"),
        (["--network", "none.npz"], "--network: there is no file none.npz"),
        (["--set", "profile.dept=3"], "did you mean profile.depth?"),
        (["--out", "."], "--out .: is a directory"),
        (["--quality", "x"], "--quality: 'x' is not known"),
    ],
)
def test_mistakes_end_in_one_message(arguments: list[str], told: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(command.page, ["--out", str(tmp_path / "page.html"), *arguments])
    assert told in str(done.exception)
    assert not (tmp_path / "page.html").exists()


def test_the_command_writes_a_page_with_stills(
    small_film: params.Params, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With one chapter for the tour to stop at, drawn in earnest; the others take as long again."""
    drawn: list[str] = []

    def still(chapter: Any, *rest: Any) -> pictures.Figure:
        drawn.append(chapter.name)
        return (
            real(chapter, *rest)
            if chapter.name == "PlainRoad"
            else pictures.Figure(chapter.name, "en", "", b"", (1, 1))
        )

    real = pictures.still
    monkeypatch.setattr(pictures, "still", still)
    (tmp_path / "small.toml").write_text(params.dump(small_film))
    out = tmp_path / "folder" / "page.html"
    options = ["--lang", "en", "--params", str(tmp_path / "small.toml"), "--out", str(out)]
    done = CliRunner().invoke(command.page, options, catch_exceptions=False)
    assert done.output.strip().endswith(str(out))
    assert drawn == ["PlainRoad", "Shortcuts", "GradientFlow", "Routes"]
    text = out.read_text(encoding="utf-8")
    still_of = re.search(r'data-chapter="PlainRoad" lang="en">.*?src="data:image/webp;base64,([^"]+)"', text)
    assert still_of
    assert len(base64.b64decode(still_of[1])) > 2000
    assert "The toll road" in text


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Ten frames, and a caption."""
    path = tmp_path / "Shortcuts.mp4"
    with av.open(str(path), "w") as target:
        track = target.add_stream("libx264", rate=10)
        track.width, track.height, track.pix_fmt = 64, 36, "yuv420p"
        for _ in range(10):
            target.mux(track.encode(av.VideoFrame.from_ndarray(np.full((36, 64, 3), 90, np.uint8), format="rgb24")))
        target.mux(track.encode())
    beat = Beat("only", 0.0, 1.0, (Sentence(0.0, 1.0, ("Un atajo.",)),))
    Timeline("Shortcuts", "Atajos", "es", "soft", "brief", "0", 10.0, (beat,)).write_beside(path)
    return path


def test_a_clip_travels_with_the_page_and_plays(clip: Path, reader: Reader, tmp_path: Path) -> None:
    chapter = next(chapter for chapter in CHAPTERS if chapter.name == "Shortcuts")
    figure = pictures.moving(chapter, Look("es", captions="soft"), clip)
    assert figure.captions.startswith("WEBVTT") and "Un atajo." in figure.captions
    with Image.open(io.BytesIO(figure.picture)) as picture:
        assert picture.size == figure.size == (64, 36)
    text = re.sub(r"<figure.*</figure>", "", reader.path.read_text(encoding="utf-8"), flags=re.DOTALL)
    page = reader.path.with_name("with-clip.html")
    page.write_text(text.replace("</section>\n</main>", figure.element() + "</section>\n</main>"), encoding="utf-8")
    reader.path = page
    reader.open()
    reader.page.eval_on_selector("video", "video => { video.preload = 'auto'; video.load(); }")
    reader.until("document.querySelector('video').duration > 0.9")
    assert reader.page.evaluate("document.querySelector('video').textTracks.length") == 1
