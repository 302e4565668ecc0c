"""The film: its chapters in order. This list drives rendering, contact sheets and tests."""

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
    Chapter("AfterTraining", "after_training"),
    Chapter("GoodStart", "good_start"),
)
