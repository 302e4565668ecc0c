"""Opening: the film's title card, a road that is built and the overpasses that rise over its tolls."""

from __future__ import annotations

from manim import ORIGIN, FadeIn, rate_functions

from scenes.figures.road.road import Road, RoadPlan
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.text import Label, squeezed
from scenes.kit.telling.lecture import Lecture

STRETCHES = {True: 10, False: 5}  # of the road, in wide formats and in others


class Opening(Lecture):
    """The title card. Reads nothing: what it draws is not measured."""

    has_card = False  # it is one

    def construct(self) -> None:
        stage, text = self.stage, self.narration.text
        width = stage.right - stage.left
        name = Label(text("name"), self.theme, "title", weight="bold").scale(2.4).move_to(ORIGIN).on_line(1.35)
        line = squeezed(Label(text("title"), self.theme, "heading", "muted"), width).move_to(ORIGIN).on_line(0.55)
        plan = RoadPlan.between(stage.left + 0.4, stage.right - 0.4, -1.2, range(STRETCHES[stage.wide] + 1))
        road = Road(plan, self.theme, 2, skip=True).build(0).raise_overpasses(0)
        with self.beat("question"):
            self.add(road)
            self.play(
                FadeIn(name, line, run_time=0.8),
                Draw(road, road.build, run_time=2.0, rate_func=rate_functions.linear),
            )
            self.behind(name, line, road.ground)
            self.play(Draw(road.overpasses, road.raise_overpasses), run_time=1.6)
