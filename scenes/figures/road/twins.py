"""Both roads, plain above residual, over one chart that shares their places."""

from __future__ import annotations

import numpy as np
from manim import LEFT, RIGHT, Animation, VGroup

from scenes.figures.road.figure import ENDS, RoadFigure, Trip
from scenes.figures.road.road import Road, RoadPlan
from scenes.figures.road.streams import Fork, Stream
from scenes.kit.drawing.charts import LogChart, Range
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.text import Label, Readout


class RoadTwins:
    """``still`` stands; :meth:`reveal` sends both gradients back at once and draws both lines below."""

    def __init__(self, figure: RoadFigure, trip: Trip) -> None:
        self.figure, self.trip = figure, trip
        rows, theme = figure.rows, figure.theme
        flat = 1.0 if figure.stage.wide else 0.75
        plans = [RoadPlan.between(figure.left, figure.right, y, trip.states, flat) for y in rows.twins]
        self.roads = [Road(plan, theme, trip.layers, bool(skip)).darken(1) for skip, plan in enumerate(plans)]
        self.roads[1].raise_overpasses(1)
        self.roads[0].raise_overpasses(0)
        signals = trip.log10[:, list(trip.states)]
        self.streams = (
            Stream(plans[0], theme, signals[0], figure.traffic),
            Fork(plans[1], theme, signals[1], trip.share, figure.traffic),
        )
        self.chart = LogChart(figure.axis, *rows.twin_chart, theme)
        self.span = Range.around(trip.log10)
        title = figure.named_chart(rows.twin_title, [False, True])
        both = (figure.words["other"], figure.words["name"])
        names = [self._name(*pair) for pair in zip(both, rows.twins, strict=True)]
        self.arrived = [self._readout(*pair) for pair in zip(names, rows.twins, strict=True)]
        self.still = VGroup(*(road.ground for road in self.roads), title, *names, *self._ends())
        levels = [part for i in (0, 1) for part in (self.streams[i].low, self.roads[i].tolls)]
        self.moving = VGroup(*levels, self.roads[1].overpasses, self.streams[1].high, self.chart, *self.arrived)

    def _name(self, name: str, y: float) -> Label:
        figure = self.figure
        label = Label(name, figure.theme, "small", "ink", "bold").next_to([figure.stage.left, 0, 0], RIGHT, buff=0)
        return label.on_line(y + (0.3 if figure.stage.wide else 0.62))

    def _ends(self) -> list[Label]:
        """What lies at the ends of the roads, where there is room beside them."""
        figure, labels = self.figure, []
        for y in figure.rows.twins if figure.stage.wide else ():
            source, loss = (Label(figure.words[key], figure.theme, "small", role, "bold") for key, role in ENDS)
            labels.append(source.next_to([figure.stage.left, 0, 0], RIGHT, buff=0).on_line(y - 0.06))
            labels.append(loss.next_to([figure.stage.right, 0, 0], LEFT, buff=0).on_line(y - 0.06))
        return labels

    def _readout(self, name: Label, y: float) -> Readout:
        """What has arrived: below the input, or beside the road's name."""
        figure = self.figure
        if figure.stage.wide:
            return Readout(figure.theme, [figure.stage.left, y - 0.46, 0], LEFT, "heading", "gradient", "bold")
        return Readout(figure.theme, [name.get_right()[0] + 0.3, y + 0.62, 0], LEFT, "small", "gradient", "bold")

    def reveal(self, **kwargs: object) -> Animation:
        """Messengers of both networks set out together."""
        figure = self.figure

        def draw(progress: float) -> None:
            fronts = [stream.show(progress) for stream in self.streams]
            length = figure.right - figure.left
            shown = [1.0 if progress >= 1 else float((figure.right - front) / length) for front in fronts]
            self.chart.show(self.trip.depth, self.trip.log10[:, ::-1], self.span, shown)
            for readout, value in zip(self.arrived, self.trip.log10[:, 0], strict=True):
                readout.show(figure.numbers.signal(float(np.asarray(value))) if progress >= 1 else "")

        return Draw(self.moving, draw, **kwargs)
