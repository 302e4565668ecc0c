"""The page as its readers have it, in headless Chromium: what they turn, what they are asked, what they read.

Whatever the browser says aloud or asks the network for fails every test here: see `reader`.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from scenes.kit.reading.agreement import digits_of_logs, logs_of
from scenes.kit.telling.narration import Narration
from sim import params
from sim.measure.profile import profile
from tests.page.conftest import LOOKS, READY, Built, Reader, numbers, until_focused


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
    digits = [digits_of_logs(row) for row in logs_of(record)]
    wanted = [written.signal(log10[skip, 0], digits[skip][0]) for skip in (0, 1)]
    assert [reader.text("#value-plain"), reader.text("#value-residual")] == wanted
    assert all(f"({value})" in reader.text("#said") for value in wanted)
    share = written.decimal(100 * record.skip_share.mean(), 0)
    assert f"{share}{written.percent}" in reader.text("#said")
    page.click("#numbers summary")
    reader.until("document.querySelector('#table').rows.length > 1")
    rows = page.eval_on_selector_all(
        "#table tbody tr", "rows => rows.map(row => [...row.cells].map(c => c.textContent))"
    )
    weights = np.log10(record.weight_gradient) - np.log10(record.weight_gradient[..., -1:])
    told = [[written.signal(x, d) for x, d in zip(row, ds, strict=True)] for row, ds in zip(log10, digits, strict=True)]
    assert [row[1:3] for row in rows] == [list(pair) for pair in zip(*told, strict=True)]
    of_weights = [list(map(written.signal, row.mean(axis=0), digits_of_logs(row))) for row in weights]
    assert [row[4:] for row in rows[:-1]] == [list(pair) for pair in zip(*of_weights, strict=True)]
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


def test_it_says_loudly_that_it_does_not_compute_as_the_simulator(reader: Reader) -> None:
    """On a copy with a record that was tampered with: of one number, the sixth digit."""
    text = reader.path.read_text(encoding="utf-8")
    number = re.search(r'"found":\{"signal":\[\[([\d.]+)', text)
    assert number
    reader.path = reader.path.with_name("tampered.html")
    wrong = repr(float(number[1]) * (1 + 1e-6))
    reader.path.write_text(text.replace(number[0], number[0].replace(number[1], wrong)), encoding="utf-8")
    page = reader.open("#lang=en")
    assert page.evaluate("atajos.shown.worst") == pytest.approx(1e-6, rel=1e-3)
    assert reader.text("#check").startswith("Warning") and "1e-6" in reader.text("#check")
    assert page.get_attribute("#check", "role") == "alert"


def test_several_workers_give_what_one_does(reader: Reader, built: Built) -> None:
    session = reader.page.context.new_cdp_session(reader.page)
    session.send("Emulation.setHardwareConcurrencyOverride", {"hardwareConcurrency": 4})
    page = reader.open("#seeds=7&seed=3&depth=5")
    workers = [line for line in reader.heard if line.startswith("request: blob:")]
    session.detach()
    record = record_of(page.evaluate("atajos.state"), built)
    assert len(workers) == 3
    assert page.evaluate("atajos.shown.seeds") == 7
    log10 = np.log10(page.evaluate("atajos.shown.signal"))
    np.testing.assert_allclose(log10, record.mean_log10_relative(), atol=1e-12)


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
            side = int(step["about"] == "residual")
            digits = digits_of_logs(logs_of(record)[side])
            told = said.numbers.signal(record.mean_log10_relative()[side, 0], digits[0])
        assert told in reader.text("#answer"), step
        assert told in reader.text("#view"), step
        right, wrong = (said.text(f"tour.{key}", guess="", told="|").split("|")[0][:8] for key in ("right", "wrong"))
        assert reader.text("#answer").startswith((right, wrong))
        address = page.evaluate("location.hash")
        press("Enter")
    assert page.evaluate("document.activeElement.id") == "tour-start"
    assert page.evaluate("location.hash").startswith("#block=conv")  # the last network stays, to be turned


def test_states_are_read_by_keyboard_and_by_pointer(reader: Reader) -> None:
    page = reader.open("#lang=en")
    until_focused(page, "state")
    page.keyboard.press("Home")
    words = Narration("en", ["page"])
    shown = page.evaluate("atajos.shown")
    log10 = np.log10(shown["signal"])
    plain, residual = (words.numbers.signal(log10[skip, 0], shown["digits"][skip][0]) for skip in (0, 1))
    at_input = words.text("read.state", l=0, name="", plain=plain, residual=residual)
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
