"""A journey is the same thing whether the simulator measured it or `atajos measure` did; and it claims no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from scenes.film import FILM
from scenes.kit.errors import UsageError
from scenes.kit.reading.networks import Journey, journeys, own_journey, shortened, simulated
from scenes.kit.telling.narration import LANGUAGES, Narration
from scenes.kit.telling.network import copied, following, measured
from scenes.kit.telling.setting import refuse_network
from sim.experiments.profile import ProfileRecord
from sim.measure.profile import profile
from sim.nets import measure
from sim.params import load
from sim.records.record import PLAIN, RESIDUAL
from sim.sections.network import Network

# Chapters that draw a network of one's own.
DRAWING = ["Opening", "PlainRoad", "Shortcuts", "WaterPipes", "PlusOne", "GradientFlow"]


class Block(nn.Module):
    """x + F(x) of one layer; `shortcut` and `after` say what else there is."""

    def __init__(self, shortcut: nn.Module | None = None, after: nn.Module | None = None, factor: float = 1.0) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)
        self.shortcut, self.after, self.factor = shortcut or nn.Identity(), after or nn.Identity(), factor

    def forward(self, x: Tensor) -> Tensor:
        branch = torch.tanh(self.layer(x))
        return self.after(torch.add(branch, self.shortcut(x), alpha=self.factor))


def journey(*blocks: nn.Module) -> Journey:
    return own_journey(measure(lambda: nn.Sequential(*blocks), "vector:4", examples=3, name="mine"))


@pytest.fixture(scope="module")
def net() -> Network:
    return load().highway.only(Network, depth=3, width=4, batch=8, seeds=2)


@pytest.fixture(scope="module")
def record(net: Network) -> ProfileRecord:
    return profile(net)


class Asked:
    """What a chapter is asked for."""

    def __init__(self, own: tuple[Any, ...], record: ProfileRecord) -> None:
        self.own, self.record = own, record

    def networks(self) -> tuple[Any, ...]:
        return self.own

    def records(self, experiment: str, wanted: Any) -> list[Any]:
        assert experiment == "profile"
        return [self.record for _ in wanted]


def test_a_chapter_asks_for_a_journey_wherever_it_was_measured(net: Network, record: ProfileRecord) -> None:
    (one,) = journeys(Asked((), record), [net])
    assert one.net is net and one.depth == 3 and one.copy == "exact" and one.bridged.all()
    np.testing.assert_array_equal(one.log10, record.mean_log10_relative())
    np.testing.assert_allclose(one.weights, record.mean_log10_weights()[:, 0])
    own = [measure(lambda n=n: nn.Sequential(*(Block() for _ in range(n))), "vector:4") for n in (2, 3)]
    found = journeys(Asked(tuple(own), record), [net])
    assert [one.depth for one in found] == [2, 3] and found[0].net is None
    np.testing.assert_array_equal(found[1].log10, own[1].mean_log10_relative())


@pytest.mark.parametrize(
    ("block", "copy", "change"),
    [
        (lambda: Block(), "exact", ""),
        (lambda: Block(after=nn.LayerNorm(4)), "after", ""),
        (lambda: Block(shortcut=nn.Linear(4, 4)), "changed", "projection"),
        (lambda: Block(shortcut=nn.LayerNorm(4)), "changed", "affine"),
        (lambda: Block(factor=0.5), "changed", "factor"),
    ],
    ids=["bare", "post-norm", "projection", "norm on the way", "factor"],
)
def test_an_exact_copy_is_promised_only_where_there_is_one(block: Any, copy: str, change: str) -> None:
    one = journey(*(block() for _ in range(3)))
    assert (one.copy, one.change) == (copy, change)
    for language in LANGUAGES:
        said = copied(one, Narration(language, ["GradientFlow"]))
        assert ("LayerNorm" in said) == (copy == "after")


def test_a_block_without_a_shortcut_has_no_overpass() -> None:
    one = journey(Block(), nn.Linear(4, 4), Block())
    assert one.bridged.tolist() == [True, False, True]
    assert np.isfinite(one.weights).all() and np.isnan(one.share[1])


@pytest.mark.parametrize(("order", "activation", "tail"), [("post", "relu", ("Relu",)), ("pre", "relu", ())])
def test_what_follows_the_sums_has_one_name(net: Network, record: Any, order: str, activation: str, tail: Any) -> None:
    one = simulated(record, net.replace(order=order, activation=activation))
    assert one.tail == tail and one.copy == ("after" if tail else "exact")
    assert following(one, Narration("es", ["GradientFlow"])) == ("ReLU" if tail else "")


def test_what_was_measured_is_told_in_a_line(net: Network, record: ProfileRecord) -> None:
    own = journey(Block(), Block())
    for language, blocks in (("es", "mine · 2 bloques · 3 ejemplos"), ("en", "mine · 2 blocks · 3 examples")):
        narration = Narration(language, ["GradientFlow"])
        assert measured(own, narration).startswith(blocks)
        assert measured(simulated(record, net), narration).startswith("3 ")


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["transformer.h.0", "transformer.h.1"], ("h.0", "h.1")),
        (["layers.0", "layers.1"], ("layers.0", "layers.1")),
        (["a.h.0", "behind a.h.0", "a.h.1"], ("h.0", "h.0 ›", "h.1")),
        (["only.one"], ("only.one",)),
    ],
)
def test_names_of_blocks_are_short(names: list[str], short: tuple[str, ...]) -> None:
    assert shortened(names) == short


def test_who_cannot_draw_a_network_says_why_and_who_can(tmp_path: Path) -> None:
    assert [one.name for one in FILM if not one.scene().lacks] == DRAWING
    for chapter in FILM:
        refuse_network(None, chapter.scene())
        if chapter.scene().lacks:
            with pytest.raises(UsageError, match=f"{chapter.name} draws no .*: {DRAWING[0]}"):
                refuse_network(tmp_path, chapter.scene())


def test_directions_are_those_of_records(record: ProfileRecord, net: Network) -> None:
    one = simulated(record, net)
    assert one.log10[PLAIN, 0] != one.log10[RESIDUAL, 0] and (one.log10[:, -1] == 0).all()
