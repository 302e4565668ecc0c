"""The page for everyone: read aloud, small, in a frame, on paper, without scripts; and for networks of one's own."""

from __future__ import annotations

import html
import math
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from scenes.kit.reading.agreement import digits_of_logs, logs_of
from scenes.kit.telling.narration import Narration
from sim.own.file import load
from tests.page.conftest import LOOKS, READY, Reader, numbers, until_focused


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_no_violation_that_axe_knows_of(reader: Reader, language: str, theme: str) -> None:
    page = reader.open(f"#lang={language}&depth=9999", color_scheme=theme, width=1280 if theme == "dark" else 360)
    page.click("#numbers summary")
    assert violations(page) == []
    page.click("#tour-start")
    page.click(".guess")
    assert violations(page) == []
    page.click("#tab-1")
    assert violations(page) == []


def violations(page: Any) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


LOST = """() => {
    const texts = [...document.querySelectorAll("#picture text")].filter(text => text.textContent);
    const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()]);
    const found = boxes.filter(([, b]) => b.left < 0 || b.right > innerWidth).map(([text]) => `${text}: off the page`);
    boxes.forEach(([text, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
        const over = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (over > 1 && high > 3) found.push(`${text} over ${other}`);
    }));
    for (const element of document.querySelectorAll("main *"))
        if (element.textContent && element.checkVisibility() && parseFloat(getComputedStyle(element).fontSize) < 13)
            found.push(`${element.textContent.slice(0, 40)}: small`);
    return found.concat(document.documentElement.scrollWidth > innerWidth ? ["wider than the window"] : []);
}"""


@pytest.mark.parametrize(("width", "language"), [(360, "es"), (360, "en"), (700, "es"), (1280, "en")])
def test_nothing_is_cut_off_small_or_over_other_words(reader: Reader, width: int, language: str) -> None:
    page = reader.open(f"#lang={language}&depth=110&seeds=1&gain=2.5", width=width, height=780)
    assert page.evaluate(LOST) == []
    page.check("#kind-weights")
    assert page.evaluate(LOST) == []


def test_all_dials_and_the_picture_are_seen_at_once(reader: Reader) -> None:
    page = reader.open()
    low = "e => Math.max(...e.map(one => one.getBoundingClientRect().bottom))"
    assert page.eval_on_selector_all("#dials [data-key], #picture, #said", low) <= 800
    assert (
        page.evaluate("new Set([...document.querySelectorAll('#dials [data-key]')].map(e => e.dataset.key)).size") == 18
    )
    picture, dials = (page.locator(name).bounding_box() for name in ("#picture", "#dials"))
    assert dials["x"] > picture["x"] + picture["width"]


def test_printed_it_is_picture_sentence_and_line_on_white(reader: Reader) -> None:
    page = reader.open(media="print")
    seen = {name: page.is_visible(name) for name in ("#picture", "#said", "#command", "#dials", "#tour", "#again")}
    assert seen == {"#picture": True, "#said": True, "#command": True, "#dials": False, "#tour": False, "#again": False}
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 250, 247)"


def test_without_scripts_a_still_and_words_remain(reader: Reader) -> None:
    session = reader.page.context.new_cdp_session(reader.page)
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        reader.page.goto("about:blank")
        reader.page.goto(reader.path.as_uri())
        assert reader.page.inner_text("h1") == Narration("es", ["page"]).text("title")
        assert reader.page.inner_text("noscript p") == Narration("es", ["page"]).text("no_script")
        assert reader.page.is_visible("figure[lang=es] img")
        assert not reader.page.is_visible("figure[lang=en] img")
        assert not reader.page.is_visible("#dials")
    finally:
        session.send("Emulation.setScriptExecutionDisabled", {"value": False})
        session.detach()


@pytest.mark.parametrize("how", ["src", "srcdoc"])
def test_it_works_in_a_sandboxed_frame(reader: Reader, how: str) -> None:
    """Of a course (Moodle), and of a notebook (Jupyter), which hands the text over."""
    inside = "page.html#depth=3&lang=en" if how == "src" else html.escape(reader.path.read_text(encoding="utf-8"))
    host = reader.path.with_name(f"host-{how}.html")
    host.write_text(
        f'<!doctype html><iframe sandbox="allow-scripts" width="1000" height="800" {how}="{inside}"></iframe>'
    )
    reader.page.emulate_media(reduced_motion="reduce")
    reader.page.goto(host.as_uri())
    frame = reader.page.frames[1]
    reader.until_in(frame, READY)
    assert frame.evaluate("atajos.state.depth") == (3 if how == "src" else 6)
    turn(frame, "#depth", 5, "change")
    reader.until_in(frame, "atajos.state.depth === 5 && atajos.shown.done")
    assert math.isclose(frame.evaluate("atajos.shown.signal[0][5]"), 1)


def turn(frame: Any, selector: str, value: float, event: str) -> None:
    """Set a control and say so, as a browser does once a reader has let go of it."""
    act = "(e, [value, name]) => { e.value = value; e.dispatchEvent(new Event(name, { bubbles: true })); }"
    frame.eval_on_selector(selector, act, [value, event])


# networks of one's own


def test_a_network_of_ones_own_has_a_tab_and_a_dial(reader: Reader, own_file: Any) -> None:
    page = reader.open("#lang=en")
    records = load(own_file)
    until_focused(page, "tab-0")
    page.keyboard.press("ArrowRight")
    assert reader.text("#tab-1") == "mine"
    assert not page.is_visible("#dials")
    assert reader.text("#command") == "atajos render GradientFlow --network mine.npz"
    for stop, record in enumerate(records):
        turn(page, "#stop", stop, "input")
        assert reader.text("#stop-value") == f"depth={2 * stop + 2}"
        shown = page.evaluate("atajos.shown")
        log10 = record.mean_log10_relative()
        np.testing.assert_allclose(np.log10(shown["signal"]), log10, rtol=1e-12, atol=1e-12)
        assert shown["done"]
        assert reader.text("#value-residual") == numbers("en").signal(
            log10[1, 0], digits_of_logs(logs_of(record)[1])[0]
        )
    page.click("#numbers summary")
    reader.until("document.querySelector('#table').rows.length > 1")
    assert all(block["name"] in reader.text("#table") for block in records[-1].blocks)
    page.click("#tab-0")
    assert page.is_visible("#dials")
