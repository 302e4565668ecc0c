"""The film: its chapters in order, and the shots of its trailer. They drive rendering, contact sheets and tests."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Chapter:
    """A chapter: the name of its scene class, and the module in scenes/ that holds it."""

    name: str
    module: str

    @property
    def file(self) -> Path:
        return Path(__file__).with_name(f"{self.module}.py")

    def scene(self) -> type[Any]:
        """The scene class, a Lecture. Imports manim."""
        scene: type[Any] = getattr(import_module(f"scenes.{self.module}"), self.name)
        return scene


CHAPTERS = (
    Chapter("Degradation", "degradation"),
    Chapter("PlainBlock", "identity"),
    Chapter("ResidualBlock", "identity"),
    Chapter("PlainRoad", "highway"),
    Chapter("Shortcuts", "highway"),
    Chapter("WaterPipes", "water"),
    Chapter("PlusOne", "plus_one"),
    Chapter("GradientFlow", "gradient_flow"),
    Chapter("Routes", "routes"),
    Chapter("AtLeastOne", "at_least_one"),
    Chapter("Summary", "summary"),
)
OPENING = Chapter("Opening", "opening")  # the title card
FILM = (OPENING, *CHAPTERS)  # what is joined
ENCORE = (  # clips of what students ask next, no part of the film
    Chapter("Transformers", "transformers"),
    Chapter("WhyOne", "why_one"),
    Chapter("TakeOneOut", "take_one_out"),
    Chapter("AfterTraining", "after_training"),
    Chapter("GoodStart", "good_start"),
)


@dataclass(frozen=True)
class Cut:
    """A shot of the trailer: so many ``seconds`` of a chapter, from where sentence ``cue`` of a beat begins, or the
    ``last`` ones before the beat ends.

    ``beat`` may end in ``*``: the last beat whose id begins so. A telling that has no such beat shows what leads to the
    chapter's poster.
    """

    chapter: str
    beat: str
    seconds: float
    cue: int = 0
    last: bool = False


TRAILER = (
    Cut("Opening", "question", 3.5),
    Cut("Degradation", "depth_*", 3.0),
    Cut("PlainBlock", "train", 2.5),
    Cut("PlainRoad", "drive", 3.0, cue=1),
    Cut("PlainRoad", "count", 2.5),
    Cut("ResidualBlock", "train", 2.5),
    Cut("Shortcuts", "raise", 2.5, last=True),
    Cut("Shortcuts", "fork", 2.5, last=True),
    Cut("WaterPipes", "shares", 2.0, last=True),
    Cut("PlusOne", "chain", 2.5, last=True),
    Cut("GradientFlow", "gain_*", 2.0),
    Cut("GradientFlow", "map", 2.5, last=True),
    Cut("Routes", "many", 2.5),
    Cut("AtLeastOne", "total", 2.0, last=True),
    Cut("Summary", "routes", 2.0, last=True),
    Cut("Opening", "question", 3.0, last=True),
)
