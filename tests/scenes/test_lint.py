"""The layout lint sees what is wrong: one bad picture a rule, and a good one."""

from __future__ import annotations

import pytest
from manim import DOWN, UP, Line, Mobject, Rectangle, VGroup

from scenes.kit.drawing.stage import stage_for
from scenes.kit.drawing.text import Label
from scenes.kit.drawing.theme import DARK
from tests.scenes.layout import problems

STAGE = stage_for("16:9")


def wrong(*mobjects: Mobject) -> list[str]:
    return problems(mobjects, STAGE, DARK)


def test_a_good_picture_passes() -> None:
    box = Rectangle(width=4, height=1, fill_color=DARK.panel, fill_opacity=1)
    assert wrong(VGroup(box, Label("en la caja", DARK)), Label("arriba", DARK).shift(2 * UP)) == []


@pytest.mark.parametrize(
    ("rule", "mobjects"),
    [
        ("outside the frame", [Rectangle(width=15, height=1)]),
        ("outside the frame", [Label("fuera", DARK).move_to([7, 0, 0])]),
        ("in the caption zone", [Rectangle(width=1, height=1).move_to(3.4 * DOWN)]),
        ("text over text", [Label("uno", DARK), Label("dos", DARK)]),
        ("too small", [Label("pequeño", DARK, "small").scale(0.9)]),
        ("low contrast", [Label("gris", DARK).set_fill(DARK.faint)]),
        ("low contrast", [Rectangle(width=3, height=1, fill_opacity=1), Label("sobre blanco", DARK)]),
        ("text crossed", [Label("tachado", DARK).center(), Line([-2, 0, 0], [2, 0, 0])]),
    ],
)
def test_each_rule_can_be_broken(rule: str, mobjects: list[Mobject]) -> None:
    assert any(rule in problem for problem in wrong(*mobjects))


def test_a_caption_may_stand_in_its_zone_and_nowhere_else() -> None:
    caption = Label("pie", DARK).move_to(3.5 * DOWN)
    assert any("in the caption zone" in problem for problem in wrong(caption))
    caption.is_caption = True
    assert wrong(caption) == []
    assert any("caption above its zone" in problem for problem in wrong(caption.move_to(DOWN)))


def test_what_is_not_seen_is_not_judged() -> None:
    assert wrong(Label("uno", DARK), Label("dos", DARK).set_fill(opacity=0)) == []
