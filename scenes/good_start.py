"""GoodStart: is good initialisation not enough? Where networks of five kinds can be started, and who learns from there.

A cell of a map is a network as deep as its column, with weights of its row's scale; the weights are the same on all
maps. From some cells networks are then trained: what they start with, and what they make of it, are two measurements.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import rate_functions

from scenes.figures.valley.atlas import Atlas
from scenes.kit.claims import starting
from scenes.kit.claims.starting import GOOD_START, PLAIN, RESIDUAL, SCALED
from scenes.kit.telling.filmed import Filmed
from sim.experiments.starts import KINDS

linear = rate_functions.linear
ORDER = (PLAIN, RESIDUAL, SCALED)  # maps that are visited one by one; those with batch norm are shown together


class GoodStart(Filmed):
    """A clip of the encore. Reads [starts]: the map, and the points of it from which networks are trained."""

    lacks = (
        "its map needs the same network at many depths and weight scales, and a network of one's own comes with its own"
    )
    claims = GOOD_START
    poster = "learn"
    drifts = 0.05

    def setup(self) -> None:
        (self.facts,) = self.records("starts", [self.parameters("starts")])
        self.atlas = self.sheet()

    def sheet(self) -> Atlas:
        """The atlas, with its pins and what came of them."""
        record = self.facts
        words = {key: self.narration.text(key) for key in ("gain", "dies", "arrives", "explodes")}
        names = [self.narration.text(f"kind.{kind.name}") for kind in KINDS]
        atlas = Atlas(self.theme, self.stage, self.numbers, record.median_signal(), self.ticks(), words, names)
        places = np.column_stack(
            [self.along(record.depths, record.point_depths), self.along(record.gains, record.point_gains)]
        )
        on_the_map = np.isfinite(places).all(axis=1)
        atlas.pins = places[on_the_map]
        atlas.missed = np.median(record.train_error, axis=2)[:, on_the_map]
        atlas.checks = record.check_steps / record.check_steps[-1]
        learned, points = starting.learned(record).sum(axis=1), len(record.point_depths)
        atlas.counts = [self.narration.text("count", learned=int(one), points=points) for one in learned]
        return atlas

    def along(self, stops: Any, values: Any) -> Any:
        """Where values stand among the stops of an axis, evenly in their logarithm; NaN beyond its ends."""
        order = np.argsort(stops)
        return np.interp(np.log(values), np.log(stops)[order], order.astype(float), left=np.nan, right=np.nan)

    def ticks(self) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
        """What stands along the axes: the first, a middle and the last depth, and the scales at both ends and at 1."""
        depths, gains = self.facts.depths, self.facts.gains
        across = sorted({0, len(depths) // 2, len(depths) - 1})
        up = sorted({0, int(np.argmin(np.abs(np.log(gains)))), len(gains) - 1})
        return (
            [
                (float(i), str(depths[i]) if i < across[-1] else f"{depths[i]} {self.narration.text('depth')}")
                for i in across
            ],
            [(float(i), self.numbers.significant(float(gains[i]))) for i in up],
        )

    def construct(self) -> None:
        atlas = self.atlas
        atlas.filled = np.eye(len(KINDS))[PLAIN]
        depth, gain = self.begin()
        atlas.shot = lambda: atlas.cells(PLAIN, depth, gain)
        self.enter(atlas)
        with self.beat("start"):
            self.play(self.camera_to(atlas.cells(PLAIN, depth - 0.6, gain + 0.5), run_time=3.0))
        for kind, beat in zip(ORDER, ("plain", "residual", "scaled"), strict=True):
            self.visit(kind, beat)
        self.normed()
        if len(self.facts.point_depths):
            self.train()
        with self.beat("lesson"):
            self.play(self.camera_to(atlas.over(RESIDUAL), run_time=3.6))

    def begin(self) -> tuple[float, float]:
        """The cell that one sees first: a deepest plain network in which the signal arrives, else the map's middle."""
        cells = np.argwhere(starting.level(self.facts)[PLAIN])
        rows, columns = self.facts.median_signal().shape[1:]
        if not len(cells):
            return columns / 2, rows / 2
        gain, depth = cells[cells[:, 1].argmax()]
        return float(depth) - 1.0, float(gain)

    def visit(self, kind: int, beat: str) -> None:
        """One goes to a map, and it fills."""
        atlas = self.atlas
        goal = np.maximum(atlas.filled, np.eye(len(KINDS))[kind])
        with self.beat(beat, **self.told()):
            self.play(self.camera_to(atlas.over(kind), run_time=2.4))
            if not np.array_equal(goal, atlas.filled):
                self.play(atlas.turn(atlas, seconds=2.2, filled=goal).set_rate_func(linear))

    def normed(self) -> None:
        """The two maps with batch norm fill side by side, and one sees all of them."""
        atlas = self.atlas
        with self.beat("norm", **self.told()):
            self.play(self.camera_to(atlas.all(), run_time=2.2))
            self.play(atlas.turn(atlas, seconds=2.4, filled=np.ones(len(KINDS))).set_rate_func(linear))

    def train(self) -> None:
        """Pins drop on all maps; one watches them train on the plain one, and then what came of it on all."""
        atlas = self.atlas
        points, steps = len(self.facts.point_depths), int(self.facts.check_steps[-1])
        with self.beat("train", points=points, steps=steps):
            self.play(self.camera_to(atlas.over(PLAIN), run_time=2.2), atlas.turn(atlas, seconds=2.2, planted=1.0))
            self.play(
                atlas.turn(atlas, seconds=3.0, trained=1.0).set_rate_func(linear),
                self.camera_to(self.nearer(), run_time=3.0, rate_func=linear),
            )
        plain, residual = (int(one) for one in starting.learned(self.facts).sum(axis=1)[[PLAIN, RESIDUAL]])
        told = {"points": points, "plain": plain, "residual": residual, "limit": round(starting.LEARNED)}
        with self.beat("learn", **told):
            self.play(self.camera_to(atlas.all(), run_time=2.4))
            self.play(
                atlas.turn(atlas, seconds=1.2, counted=1.0),
                self.camera_to(self.nearer(), run_time=1.2, rate_func=linear),
            )

    def told(self) -> dict[str, int]:
        """In how many networks of each map the signal arrives, within a factor of ten."""
        level = {kind.name: starting.counted(self.facts, index) for index, kind in enumerate(KINDS)}
        return level | {"cells": int(self.facts.median_signal()[0].size)}
