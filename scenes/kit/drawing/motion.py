"""Motion as a pure function of progress: what a frame shows depends on how far the gesture is, and on nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manim import Animation, Mobject


class Draw(Animation):
    """Redraw ``mobject`` at every frame with ``draw(progress)``, progress eased from 0 to 1.

    Unlike an updater it does nothing while nothing moves, so that what stands still is not drawn again.
    """

    def __init__(self, mobject: Mobject, draw: Callable[[float], Any], **kwargs: Any) -> None:
        self._draw = draw
        super().__init__(mobject, **kwargs)

    def create_starting_mobject(self) -> Mobject:
        return self.mobject  # nothing is interpolated from a copy, so none is made

    def interpolate(self, alpha: float) -> None:
        self._draw(float(self.rate_func(alpha)))
