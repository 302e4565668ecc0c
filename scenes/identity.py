"""PlainBlock and ResidualBlock: learning to do nothing, the hard way and the easy way.

Part A of the lecture note as a measurement: one block with and without its shortcut, the same weights to begin with,
learns to give back the digit it is given. Every wall of light is an image of the record, at the step on the counter.
"""

from __future__ import annotations

from typing import ClassVar

from manim import rate_functions

from scenes.copying import CopyingBlock, linear, slow_first
from scenes.figures.walls.plain import PlainHall
from scenes.figures.walls.residual import ResidualHall
from scenes.kit.claims import trained
from scenes.kit.claims.chapters import PLAIN_BLOCK, RESIDUAL_BLOCK
from scenes.kit.claims.signals import activated
from scenes.kit.drawing.camera import View
from scenes.kit.reading.lesson import reached
from scenes.kit.telling.network import NoteBlock, layers
from sim.records.record import PLAIN, RESIDUAL


class PlainBlock(CopyingBlock):
    """Storyboard chapter 2: the layers of a plain block must work hard to do nothing."""

    claims = PLAIN_BLOCK
    figure: PlainHall

    def build(self) -> None:
        boxes, _ = layers(NoteBlock(self.net), self.narration)
        names = [self.narration.text("layer", number=i + 1) for i in range(len(boxes))]
        self.figure = PlainHall(self.stage, self.theme, self.numbers, self.lesson, self.words, names)
        self.enter(self.figure.room)

    def construct(self) -> None:
        figure, room = self.figure, self.figure.room
        wide, plan = figure.main.width, figure.plan
        x, h = figure.called
        x.shown = 1.0
        room.shot = lambda: figure.near(plan.x[0] * 0.92, plan.x[1], 7.0)
        with self.beat("wanted", blocks=self.net.depth) as beat:
            self.play(self.camera_to(figure.main, run_time=3.4), self.turn(h, 1.0, shown=1.0))
            beat.cue(1)
        with self.beat("start") as beat:
            over = View(figure.main.x + 0.06 * wide, figure.main.y - 0.02 * wide, 0.86 * wide)
            lamps = [self.turn(cabinet, 1.6, rate_functions.there_and_back, lamp=1.0) for cabinet in figure.cabinets]
            self.play(self.turn(figure.through, 3.2, linear, flown=1.0), self.camera_to(over, run_time=3.2), *lamps)
            for cabinet in figure.cabinets:
                cabinet.lamp = 0.0
            beat.cue(1)
        self.meet()
        self.train()
        self.sweep()
        with self.beat("effort", ratio=self.ratio(self.record, PLAIN)) as beat:
            figure.through.flown = 0.0
            self.play(
                self.camera_to(figure.main, run_time=1.6),
                self.turn(figure.miss, 1.0, shown=0.0),
                self.turn(figure.sweep, 1.0, shown=0.0),
                *(self.turn(one, 1.2, shown=1.0) for one in (figure.x, figure.h, *figure.cabinets, *figure.called)),
            )
            self.play(self.turn(figure.through, 3.0, linear, flown=1.0))
            beat.cue(1)

    def meet(self) -> None:
        """A look at the knobs; then what x and H(x) do not share rises between them."""
        figure = self.figure
        across, up, side = figure.plan.cabinet
        knobs = View(0.0, up + 0.1 * side, 2.5 * (across + 0.5 * side) * (1.1 if self.stage.wide else 1.0))
        with self.beat("hard") as beat:
            self.play(self.camera_to(knobs, run_time=2.2))
            beat.cue(1)
            figure.miss.shown = 0.02
            self.play(
                self.camera_to(figure.main, run_time=2.2),
                *(self.turn(flight, 2.2, linear, flown=1.0) for flight in figure.meet),
                self.turn(figure.miss, 2.2, rate_functions.ease_in_cubic, shown=1.0),
                self.turn(figure.wrong, 2.2, shown=1.0),
                self.turn(figure.count, 2.2, shown=1.0),
            )

    def train(self) -> None:
        figure = self.figure
        with self.beat("train") as beat:
            closer = View(figure.main.x, figure.main.y, 0.94 * figure.main.width)
            self.play(self.learning(8.0), self.camera_to(closer, run_time=8.0))
            beat.cue(1)

    def sweep(self) -> None:
        """The difference leaves its wall and sweeps out its own curve."""
        figure, sweep = self.figure, self.figure.sweep
        with self.beat("learned", told=self.learned(PLAIN)) as beat:
            quiet = (figure.x, figure.h, *figure.cabinets, *figure.called, figure.wrong, figure.count)
            start = dict(zip(("x", "y"), sweep.spot(0.0), strict=True))
            self.play(
                *(self.turn(one, 0.8, shown=0.0) for one in quiet),
                self.turn(figure.miss, 1.4, side=sweep.plate, z=0.0, **start),
                self.turn(sweep, 1.2, shown=1.0),
                self.turn(figure, 1.2, step=0.0),
                self.camera_to(figure.main, run_time=1.4),
            )
            last = float(self.lesson.steps)
            self.play(self.turn(sweep, 3.6, slow_first, step=last), self.learning(3.6))
            beat.cue(1)


class ResidualBlock(CopyingBlock):
    """Storyboard chapter 3: with a shortcut the layers only have to fall silent."""

    poster = "compare"
    claims = RESIDUAL_BLOCK
    figure: ResidualHall
    he: ClassVar[str] = "post"  # the order of He et al. 2015

    def build(self) -> None:
        act = self.narration.text(f"network.{NoteBlock(self.net).activation}")
        self.words |= {key: self.narration.text(key) for key in ("of_x", "plain", "residual", "goal")}
        self.act = act
        after = f"H(x) = {act}(x + F(x))" if activated(self.record) else ""
        done = [reached(trained.median(error)) for error in self.record.relative_error]
        arrivals = [self.narration.text("arrived", step=step) for step in done]
        self.figure = ResidualHall(self.stage, self.theme, self.numbers, self.lesson, self.words, after, arrivals)
        self.enter(self.figure.room)

    def construct(self) -> None:
        figure = self.figure
        figure.h.shown = 0.35
        self.shortcut()
        self.sum()
        self.learn()
        self.branch()
        self.race()

    def shortcut(self) -> None:
        """The lane shoots across under the roof, and x comes along it."""
        figure, room = self.figure, self.figure.room
        (x0, y0), _ = figure.plan.lane
        away = {"x": x0 - figure.x.side} if self.stage.wide or self.stage.aspect == "1:1" else {"y": y0 + figure.x.side}
        home = {key: getattr(figure.x, key) for key in away}
        for key, value in away.items():
            setattr(figure.x, key, value)
        room.shot = lambda: figure.near(figure.f.x, figure.f.y - 0.05, 7.0)
        figure.signs[2].shown = 1.0
        with self.beat("shortcut", blocks=self.net.depth) as beat:
            self.play(self.camera_to(figure.main, run_time=2.4), self.turn(figure.lane, 2.0, built=1.0))
            self.play(self.turn(figure.x, 1.8, **home), self.turn(figure.signs[0], 1.4, shown=1.0))
            beat.cue(1)

    def sum(self) -> None:
        """x lies down on F; their light together flies over to H."""
        figure = self.figure
        home = {"x": figure.x.x, "y": figure.x.y, "z": figure.x.z}
        plus, equals, h = figure.signs[1], figure.signs[3], figure.signs[4]
        with self.beat("sum", act=self.act) as beat:
            onto = {"x": figure.f.x, "y": figure.f.y, "z": figure.f.z - 0.02}
            close = figure.near(figure.f.x, figure.f.y, 8.6)
            self.play(
                self.turn(figure.x, 2.4, **onto), self.turn(plus, 0.8, shown=1.0), self.camera_to(close, run_time=2.4)
            )
            self.play(
                self.turn(figure.leave, 2.6, linear, flown=1.0),
                self.camera_to(figure.main, run_time=1.8),
                *(self.turn(one, 1.0, shown=1.0) for one in (figure.h, equals, h, figure.after)),
            )
            beat.cue(1)
            self.play(self.turn(figure.x, 1.6, **home))

    def learn(self) -> None:
        """F fills the frame while the block learns, and goes out, or does not."""
        figure, room = self.figure, self.figure.room
        off = trained.effort(self.record, RESIDUAL) == "off"
        rest = (*figure.signs, figure.after, figure.x, figure.lane, figure.h)
        with self.beat("train") as beat:
            self.play(
                self.camera_to(figure.lamp_view(), run_time=1.8),
                *(self.turn(one, 1.0, shown=0.0) for one in rest),
                *(self.turn(one, 1.4, shown=1.0) for one in (figure.ratio, figure.of_x, figure.count)),
                self.turn(room, 1.8, lit=0.3),
            )
            self.play(self.learning(5.2))
            if off:
                self.play(
                    self.turn(room, 0.5, lit=0.03),
                    *(self.turn(one, 0.4, shown=0.0) for one in (figure.f, figure.ratio, figure.of_x, figure.count)),
                    self.turn(figure.dark, 0.5, shown=1.0),
                )
            beat.cue(1)

    def branch(self) -> None:
        """The light comes on again: what is left of F, and x that passes."""
        figure, room = self.figure, self.figure.room
        back = (figure.x, figure.lane, figure.h, figure.f, *figure.signs, figure.after)
        gone = (figure.dark, figure.ratio, figure.of_x, figure.count)
        home = {"x": figure.x.x, "y": figure.x.y, "z": figure.x.z}
        figure.leave.flown = 0.0
        with self.beat("learned", told=self.learned(RESIDUAL)) as beat:
            self.play(
                self.camera_to(figure.main, run_time=2.2),
                self.turn(room, 1.6, lit=1.0),
                *(self.turn(one, 1.4, shown=1.0) for one in back),
                *(self.turn(one, 0.6, shown=0.0) for one in gone),
            )
            onto = {"x": figure.f.x, "y": figure.f.y, "z": figure.f.z - 0.02}
            self.play(self.turn(figure.x, 1.8, **onto))
            beat.cue(1)
        with self.beat("branch", ratio=self.ratio(self.record, RESIDUAL)) as beat:
            self.play(self.turn(figure.leave, 2.4, linear, flown=1.0))
            self.play(self.turn(figure.x, 1.6, **home))
            beat.cue(1)
        if trained.branch(self.record) == "closed":
            self.why()

    def why(self) -> None:
        """Why F is exactly zero, and what the order of He gives instead: measured, too."""
        figure = self.figure
        (post,) = self.records("identity", [self.net.replace(order=self.he)])
        self.facts = post
        with self.beat("why", ratio=self.ratio(post, RESIDUAL), act=self.act) as beat:
            near = figure.near(figure.f.x, figure.f.y - 0.1, 7.2)
            self.play(self.camera_to(near, run_time=2.4), self.turn(figure.hinge, 2.4, drawn=1.0))
            beat.cue(1)
            self.play(self.camera_to(figure.main, run_time=2.4), self.turn(figure.hinge, 2.4, drawn=0.0))
        self.facts = self.record

    def race(self) -> None:
        """Both blocks on one clock, until both have arrived, or training ends."""
        figure = self.figure
        plan, last = figure.plan, figure.last()
        plain, residual = figure.done
        gone = (*figure.signs, figure.after, figure.x, figure.f, figure.lane)
        names = ("x", "y", "z", "side", "turned")
        there = dict(zip(names, plan.racers[RESIDUAL], strict=True))
        with self.beat("compare", plain=plain, residual=residual, steps=self.lesson.steps) as beat:
            self.play(
                self.turn(figure.h, 1.6, **there),
                *(self.turn(one, 0.7, shown=0.0) for one in gone),
                *(self.turn(one, 1.4, shown=1.0) for one in (figure.plain, figure.clock, figure.goal)),
                *(self.turn(one, 1.4, shown=1.0) for one in (*figure.names, *figure.scores)),
                self.turn(figure, 1.2, step=0.0),
                self.camera_to(figure.main, run_time=1.6),
            )
            race = [self.turn(part, 7.0, slow_first, step=float(last)) for part in (figure, figure.clock)]
            self.play(*race, self.camera_to(figure.near(0.0, figure.main.y + 0.2, 10.9), run_time=7.0))
            beat.cue(1)
        with self.beat("lesson", **self.patience()) as beat:
            winner = figure.h if trained.wins_race(self.record) else figure.plain
            self.play(self.camera_to(figure.near(0.5 * winner.x, figure.main.y, 9.4), run_time=3.4))
            beat.cue(1)
