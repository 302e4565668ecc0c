"""A chapter that is filmed: a world, a camera that moves through it, and words on the glass before it."""

from __future__ import annotations

from typing import Any, ClassVar

from manim import Animation, RoundedRectangle, VGroup, rate_functions

from scenes.kit.drawing.camera import Shot, View, eased
from scenes.kit.drawing.motion import Draw
from scenes.kit.drawing.stage import Stage
from scenes.kit.drawing.text import Label, squeezed
from scenes.kit.drawing.theme import Theme
from scenes.kit.drawing.world import World
from scenes.kit.telling.cues import Script
from scenes.kit.telling.lecture import Lecture

LONG = 0.75  # s, from which one would see that nothing moves
TITLE = 0.4  # below the stage's top
TITLE_STAYS, TITLE_LEAVES = 2.0, 2.6  # s


class Filmed(Lecture):
    """A chapter that happens in a world. ``setup`` calls :meth:`enter`; from then on the world's time runs.

    ``self.play(self.camera_to(view_or_shot), other gestures, run_time=…)`` moves the camera while things happen. The
    title is on the glass at first, and leaves. While words are still being said, time goes on: nothing freezes.
    """

    # How much nearer one comes, in widths of the view, while nothing else moves: as much, however long that lasts, so
    # that what follows begins at the same place at every frame rate.
    drifts: ClassVar[float] = 0.0
    world: World

    def enter(self, world: World, title: str | None = None) -> None:
        """Stand in a world, with a title on the glass: the chapter's own, if none is given; ``""`` for none."""
        self.world = world
        self.add(world)
        words = self.narration.text("title") if title is None else title
        self._title = GlassTitle(words, self.stage, self.theme) if words else None
        if self._title is not None:
            self.add(self._title)

    def camera_to(self, target: View | Shot, **kwargs: Any) -> Animation:
        """The camera goes to a view, or to a shot that follows something. Eased, beside any other gesture."""
        return self.world.camera_to(target, **kwargs)

    def linger(self, seconds: float) -> None:
        """Time goes on while words are said, and one comes nearer if the chapter ``drifts``."""
        if not self.drifts or seconds < LONG:
            self.play(self._roll(seconds))
        else:
            self.play(self.camera_to(self.nearer(), run_time=seconds, rate_func=rate_functions.linear))

    def nearer(self) -> Shot:
        """What one looks at now, from a little nearer."""
        shot, share = self.world.shot, 1 - self.drifts

        def view() -> View:
            at = shot()
            return View(at.x, at.y, share * at.width)

        return view

    def play(self, *args: Any, **kwargs: Any) -> None:
        gestures = self.compile_animations(*args, **kwargs)
        seconds = self.lasting(gestures)
        gestures.append(self._roll(seconds))
        if self._title is not None:
            gestures.append(self._title.turn(self.now, self.now + seconds))
        super().play(*gestures)
        if self._title is not None and self.now >= TITLE_LEAVES:
            self.remove(self._title)
            self._title = None

    def _roll(self, seconds: float) -> Animation:
        begin, world = self.now, self.world

        def draw(progress: float) -> None:
            world.time = begin + progress * seconds

        return Draw(world, draw, run_time=seconds, rate_func=rate_functions.linear)

    def _show_captions(self, script: Script) -> None:
        super()._show_captions(script)
        if self._caption is not None:  # on the glass: before the world, not below it
            self.mobjects.remove(self._caption)
            self.mobjects.append(self._caption)


class GlassTitle(VGroup):
    """A chapter's title on the glass, on a quiet plate; what is seen of it depends on the chapter's time alone."""

    def __init__(self, words: str, stage: Stage, theme: Theme) -> None:
        self.label = Label(words, theme, "title", weight="bold")
        squeezed(self.label, stage.right - stage.left - 0.6)
        self.label.move_to([0, 0, 0]).on_line(stage.top - TITLE - 0.15)
        self.plate = RoundedRectangle(
            width=self.label.width + 0.7,
            height=0.92,
            corner_radius=0.14,
            stroke_width=0,
            fill_color=theme.caption,
            fill_opacity=0.92,
        ).move_to([0, stage.top - TITLE + 0.02, 0])
        super().__init__(self.plate, self.label)

    def show(self, time: float) -> GlassTitle:
        seen = 1 - eased(time, TITLE_STAYS, TITLE_LEAVES)
        self.plate.set_fill(opacity=0.92 * seen)
        self.label.set_fill(opacity=seen)
        self.label.set_stroke(opacity=seen, background=True)  # its halo, over a slide
        return self

    def turn(self, begin: float, end: float) -> Animation:
        """What happens to it from one time of the chapter to another."""

        def draw(progress: float) -> None:
            self.show(begin + progress * (end - begin))

        return Draw(self, draw, run_time=end - begin, rate_func=rate_functions.linear)
