"""Transformers: its record is what `measure` gives, its clip is short, and other stacks have another ending."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenes.film import ENCORE, FILM
from scenes.kit.errors import UsageError
from scenes.kit.telling.network import agreed
from scenes.studio.look import Look, chosen
from scenes.transformers import SHIPPED, Transformers
from sim.nets import measure
from sim.own.file import load, save
from sim.records.record import PLAIN, RESIDUAL
from tests.scenes.telling import tell, told

CHAPTER = next(chapter for chapter in ENCORE if chapter.name == "Transformers")


@pytest.fixture(scope="module")
def stack() -> Any:
    """The function that builds the stacks that are shipped as records."""
    spec = importlib.util.spec_from_file_location("stacks", SHIPPED.with_suffix(".py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.stack


@pytest.mark.parametrize("index", [0, 1])
def test_what_is_shipped_is_what_is_measured(stack: Any, index: int) -> None:
    shipped = load(SHIPPED)[index]
    asked = {key: shipped.params[key] for key in ("loss", "dtype")}
    found = measure(lambda: stack(**shipped.params["kwargs"]), shipped.params["input"], seeds=1, **asked)
    for field in ("gradient_signal", "activation_rms", "weight_gradient"):
        np.testing.assert_allclose(getattr(found, field)[:, 0], getattr(shipped, field)[:, 0], rtol=1e-8)
    assert [block["kind"] for block in found.blocks] == [block["kind"] for block in shipped.blocks] == ["identity"] * 12


@pytest.mark.parametrize(("lang", "telling", "most"), [("es", "brief", 50), ("en", "full", 90)])
def test_the_clip_is_short_and_its_pictures_are_sound(lang: str, telling: str, most: float) -> None:
    found = told(CHAPTER, lang, telling=telling)
    assert found.wrong == {}
    assert found.scene.clock <= most
    assert list(found.said) == ["stream", "bare", "pre", "post", "after", "plain", "lesson"]


def test_it_says_what_the_record_says() -> None:
    pre, post = load(SHIPPED)
    numbers = told(CHAPTER).scene.numbers
    written = [agreed(numbers, one) for one in (pre, post)]
    at = {key: one.mean_log10_relative()[:, 0] for key, one in (("pre", pre), ("after", post))}
    for digits, (beat, log10) in zip(written, at.items(), strict=True):
        assert f"({digits.signal(float(log10[RESIDUAL]))})" in told(CHAPTER).said[beat]
    without = told(CHAPTER).said["plain"]
    assert all(one.signal(float(log10[PLAIN])) in without for one, log10 in zip(written, at.values(), strict=True))
    assert "no se apaga ni sin atajos" in without


def test_other_stacks_have_another_ending(stack: Any, tmp_path: Path) -> None:
    """Without a norm behind its last sum and with small branches, a plain stack dies out: nothing is promised then."""

    def faint(norm_first: bool) -> Any:
        net = stack(norm_first, layers=3, width=8, heads=2, words=9)
        for name, weight in net.named_parameters():
            if "linear2" in name or "out_proj" in name or ("norm" in name and not norm_first):
                weight.data *= 1e-3
        return net

    save(tmp_path / "faint.npz", [measure(lambda n=n: faint(n), "tokens:9:4", examples=4) for n in (True, False)])
    found = tell(CHAPTER, Look(network=str(tmp_path / "faint.npz")))
    assert "no se apaga" not in found.said["plain"]


def test_stacks_alike_are_refused_and_the_film_goes_without(stack: Any, tmp_path: Path) -> None:
    one = measure(lambda: stack(True, layers=1, width=8, heads=2, words=9), "tokens:9:4", examples=2)
    save(tmp_path / "one.npz", [one, one])
    with chosen(Look(network=str(tmp_path / "one.npz"))), pytest.raises(UsageError, match="compares two stops"):
        Transformers().setup()
    assert CHAPTER not in FILM
