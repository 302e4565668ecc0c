"""The page as its readers have it, in headless Chromium: with a mouse, by keyboard, read aloud, small, framed, printed.

Whatever the browser says aloud or asks the network for fails every test here: see `reader`.
"""

from __future__ import annotations

import html
import math
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from scenes.kit.drawing.numbers import Numbers
from scenes.kit.telling.narration import Narration
from sim import params
from sim.measure.profile import profile
from sim.own.file import load
from tests.page.conftest import READY, Built, Reader

LOOKS = [("es", "dark"), ("en", "light")]


def numbers(language: str) -> Numbers:
    return Narration(language, ["page"]).numbers


def record_of(state: dict[str, Any], built: Built) -> Any:
    return profile(built.parameters.profile.replace(**{**state, "dtype": "float64"}))


# what is computed is what the simulator finds, and it is what is shown


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_numbers_on_screen_are_those_of_a_record(reader: Reader, built: Built, language: str, theme: str) -> None:
    address = f"#depth=23&gain=1.3&activation=relu&lang={language}"
    page = reader.open(address, color_scheme=theme)
    state, shown = page.evaluate("[atajos.state, atajos.shown]")
    assert (state["depth"], state["gain"], state["activation"], state["bias"]) == (23, 1.3, "relu", "torch")
    record = record_of(state, built)
    log10 = record.mean_log10_relative()
    np.testing.assert_allclose(np.log10(shown["signal"]), log10, atol=1e-9)
    assert (shown["seeds"], shown["done"]) == (2, True)
    assert shown["worst"] < 1e-9
    written = numbers(language)
    wanted = [written.signal(log10[skip, 0]) for skip in (0, 1)]
    assert [reader.text("#value-plain"), reader.text("#value-residual")] == wanted
    assert all(f"({value})" in reader.text("#said") for value in wanted)
    share = written.decimal(100 * record.skip_share.mean(), 0)
    assert f"{share}{written.percent}" in reader.text("#said")
    page.click("#numbers summary")
    rows = page.eval_on_selector_all(
        "#table tbody tr", "rows => rows.map(row => [...row.cells].map(c => c.textContent))"
    )
    weights = record.mean_log10_weights()
    assert [row[1:3] for row in rows] == [[written.signal(x) for x in log10[:, i]] for i in range(24)]
    assert [row[4:] for row in rows[:-1]] == [[written.signal(x) for x in weights[:, i]] for i in range(23)]
    assert page.evaluate("document.documentElement.lang") == language
    theme_shown = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--background')")
    assert theme_shown.strip() == {"dark": "#0F1218", "light": "#FBFAF7"}[theme]


def test_a_dial_turns_the_picture_the_address_and_the_line(reader: Reader) -> None:
    page = reader.open("#lang=en")
    before = page.evaluate("atajos.shown.signal")
    page.focus("#depth-slider")
    page.keyboard.press("End")
    assert page.evaluate("atajos.state.depth") == 512
    page.fill("#depth", "9")
    page.keyboard.press("Enter")
    page.select_option("#activation", "gelu")
    page.check("#gain-he")
    page.check("#norm-batch")
    page.check("#kind-weights")
    reader.until(READY)
    assert page.evaluate("atajos.state.gain") == "he"
    assert page.evaluate("location.hash") == "#norm=batch&activation=gelu&depth=9&gain=he&lang=en"
    line = reader.text("#command")
    assert line.startswith("atajos render GradientFlow --lang en --set ")
    assert "--set profile.depth=9" in line and "--set profile.gain=he" in line
    assert page.evaluate("atajos.shown.signal") != before
    assert (
        page.evaluate("document.querySelectorAll('.line.residual').length") == 2
    )  # key and mean: weights have no seeds


def test_the_line_makes_the_network_on_screen(reader: Reader, built: Built) -> None:
    page = reader.open("#depth=9&branch_scale=1/sqrt(depth)&bias_std=0.25&order=post&batch=16")
    said = page.inner_text("#command").split(" --set ")[1:]
    made = params.load(sets=[setting.strip("'") for setting in said], environ={})
    state = page.evaluate("atajos.state")
    assert state["bias"] == "normal"
    assert {key: getattr(made.profile, key) for key in state} == state
    assert made.gradient_flow == built.parameters.gradient_flow


def test_the_same_bits_as_the_shown_state_start_from_the_film(reader: Reader, built: Built) -> None:
    reader.open()
    own = {key: getattr(built.parameters.profile, key) for key in reader.page.evaluate("atajos.state")}
    assert reader.page.evaluate("atajos.state") == own
    assert reader.page.evaluate("location.hash") == ""


def test_what_will_not_do_is_refused_in_one_line(reader: Reader) -> None:
    page = reader.open("#depth=9999&activation=swish&gain=2&lang=en")
    told = reader.text("#trouble")
    assert "depth = 9999" in told and "from 1 to 512" in told and "swish" in told and "tanh, relu" in told
    assert page.evaluate("[atajos.state.depth, atajos.state.gain]") == [6, 2]
    page.fill("#batch", "0")
    page.keyboard.press("Enter")
    assert "batch = 0 will not do" in reader.text("#trouble")
    page.fill("#width", "1024")
    page.keyboard.press("Enter")
    page.fill("#batch", "4096")
    page.keyboard.press("Enter")
    page.fill("#depth", "512")
    page.keyboard.press("Enter")
    reader.until("document.querySelector('#trouble').textContent.includes('does not fit')")


def test_the_reader_who_turns_on_is_not_kept_waiting(reader: Reader) -> None:
    page = reader.open()
    page.evaluate("for (let depth = 40; depth > 3; depth--) location.hash = `depth=${depth}&seeds=9`")
    reader.until("atajos.state.depth === 4 && atajos.shown.done")
    assert len(page.evaluate("atajos.shown.signal[0]")) == 5


# the tour


def test_the_tour_by_keyboard_alone(reader: Reader, built: Built) -> None:
    page = reader.open("#lang=en")
    said = Narration("en", ["page"])
    press = page.keyboard.press
    until_focused(page, "tour-start")
    address = page.evaluate("location.hash")
    press("Enter")
    for number, step in enumerate(built.data["tour"], start=1):
        assert page.evaluate("document.activeElement.id") == "question"
        assert reader.text("#step") == said.text("tour.step", at=number, of=6)
        assert "?" in reader.text("#question")
        assert page.evaluate("atajos.state") == step["state"]
        reader.until("atajos.shown.done")
        assert (reader.text("#value-plain"), reader.text("#said")) == ("…", said.text("tour.hidden"))
        assert page.evaluate("location.hash") == address  # it gives nothing away
        press("Tab")
        press("Enter")  # the first guess
        assert page.evaluate("document.activeElement.id") == "tour-next"
        record = record_of(step["state"], built)
        if step["about"] == "share":
            told = said.numbers.decimal(100 * np.nanmean(record.skip_share), 0) + said.numbers.percent
        else:
            told = said.numbers.signal(record.mean_log10_relative()[int(step["about"] == "residual"), 0])
        assert told in reader.text("#answer"), step
        assert told in reader.text("#view"), step
        right, wrong = (said.text(f"tour.{key}", guess="", told="|").split("|")[0][:8] for key in ("right", "wrong"))
        assert reader.text("#answer").startswith((right, wrong))
        address = page.evaluate("location.hash")
        press("Enter")
    assert page.evaluate("document.activeElement.id") == "tour-start"
    assert page.evaluate("location.hash").startswith("#block=conv")  # the last network stays, to be turned


def until_focused(page: Any, wanted: str) -> None:
    for _ in range(30):
        if page.evaluate("document.activeElement.id") == wanted:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_states_are_read_by_keyboard_and_by_pointer(reader: Reader) -> None:
    page = reader.open("#lang=en")
    until_focused(page, "state")
    page.keyboard.press("Home")
    words = Narration("en", ["page"])
    log10 = np.log10(page.evaluate("atajos.shown.signal"))
    at_input = words.text(
        "read.state", l=0, name="", plain=words.numbers.signal(log10[0, 0]), residual=words.numbers.signal(log10[1, 0])
    )
    assert page.get_attribute("#state", "aria-valuetext") == reader.text("#read") == at_input
    box = page.locator("#picture svg").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert reader.text("#read").startswith("h3")  # of h0 … h6
    page.mouse.move(0, 0)
    assert reader.text("#read") == words.text("read.hint")


def test_the_gradient_travels_unless_motion_is_unwelcome(reader: Reader) -> None:
    page = reader.open(reduced_motion="no-preference")
    page.click("#again")
    assert page.evaluate("document.querySelector('#value-plain').textContent") == "…"
    reader.until("document.querySelector('#value-plain').textContent !== '…'")
    page.emulate_media(reduced_motion="reduce")
    assert (
        page.evaluate("document.querySelector('#again').click(), document.querySelector('#value-plain').textContent")
        != "…"
    )


# for everyone


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


@pytest.mark.parametrize("width", [360, 700, 1280])
@pytest.mark.parametrize("language", ["es", "en"])
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
        page.evaluate("new Set([...document.querySelectorAll('#dials [data-key]')].map(e => e.dataset.key)).size") == 16
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
        assert reader.page.inner_text("noscript p, p.trouble >> nth=0") == Narration("es", ["page"]).text("no_script")
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
        assert reader.text("#value-residual") == numbers("en").signal(log10[1, 0])
    page.click("#numbers summary")
    names = page.inner_text("#table")
    assert all(block["name"] in names for block in records[-1].blocks)
    page.click("#tab-0")
    assert page.is_visible("#dials")
