"""What PlainBlock and ResidualBlock share: a block that learns to copy, and what may be said of how far it came."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, rate_functions

from scenes.figures.walls.hall import PACE, BlockHall
from scenes.kit.claims import trained
from scenes.kit.claims.chapters import Side
from scenes.kit.reading.agreement import digits_of
from scenes.kit.reading.lesson import lesson_of, reached
from scenes.kit.telling.filmed import Filmed
from sim.records.record import PLAIN

linear, smooth = rate_functions.linear, rate_functions.smooth


def slow_first(share: float) -> float:
    """How far training has come at a share of the time it is shown in."""
    return float(share**PACE)


class CopyingBlock(Filmed):
    """What both chapters share: the record, and what may truly be said of it. Reads [identity]."""

    lacks = "it watches a block learn, and a record of atajos measure is of a network at rest"
    drifts = 0.025
    figure: BlockHall

    def setup(self) -> None:
        self.net = self.parameters("identity")
        (record,) = self.records("identity", [self.net])
        self.facts = self.record = record
        self.lesson = lesson_of(record)
        text = self.narration.text
        self.words = {key: text(key) for key in ("step", "error", "x")}
        self.build()

    def build(self) -> None:
        """Make the figure, and stand in it."""
        raise NotImplementedError

    def turn(self, part: object, seconds: float, rate: Any = smooth, **targets: Any) -> Animation:
        return self.figure.room.turn(part, seconds=seconds, **targets).set_rate_func(rate)

    def learning(self, seconds: float) -> Animation:
        """The block learns, from the first step to the last."""
        return self.turn(self.figure, seconds, slow_first, step=float(self.lesson.steps))

    def learned(self, side: int) -> str:
        """How far a block came: the steps it took, or where it stands at the end."""
        error = trained.median(self.record.relative_error[side])
        value = self.in_percent(float(error[-1]), digits_of(self.record.relative_error[side, :, -1]))
        return self.narration.clause(
            "learned", Side(self.record, side), step=reached(error), steps=self.lesson.steps, value=value
        )

    def in_percent(self, error: float, digits: int) -> str:
        """A relative error as it stands on screen, too: in percent."""
        return self.numbers.percents(error, digits) if error < 1 else self.numbers.small(100 * error, digits)

    def patience(self) -> dict[str, object]:
        """How much longer and wider the runs were that tell slow from unable, and what the longer one reached."""
        params, error = self.record.params, float(trained.median(self.record.longer_error[PLAIN]))
        digits = digits_of(self.record.longer_error[PLAIN])
        percent = self.numbers.significant(100 * error, digits) if np.isfinite(error) else "?"
        return {"longer": params["longer"], "wider": params["wider"], "error": percent, "steps": params["steps"]}

    def ratio(self, record: Any, side: int) -> str:
        """How large the branch still is, beside its input."""
        ratio = record.branch_ratio[side, :, -1]
        return self.numbers.small(float(trained.median(ratio)[-1]), digits_of(ratio[:, -1]))
