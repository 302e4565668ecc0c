"""What is said of whatever was measured: sentences without a claim, by name, and why they need none.

A name is ``Chapter.beat`` or, in a list, ``Chapter.beat.0``; with ``full`` before the beat in the telling ``full``.
Who adds a sentence gives it a claim, or lists it here.
"""

from __future__ import annotations

# What the film is about to do or shows on screen: it is so because the chapter draws it.
SHOWN = {
    "Opening.question",
    "AtLeastOne.claim",
    "AtLeastOne.cancel",  # the lowest point of a curve that is computed
    "AtLeastOne.overflow",  # said in that case alone
    "Degradation.idle",
    "GradientFlow.start",
    "PlainBlock.train",
    "PlainBlock.wanted",
    "PlainRoad.night",
    "PlainRoad.road",
    *(f"PlainRoad.full.{beat}.{i}" for beat in ("road", "night") for i in range(3)),
    "ResidualBlock.recall",
    "ResidualBlock.shortcut",
    "ResidualBlock.train",
    "Shortcuts.raise",
    *(f"Shortcuts.full.raise.{i}" for i in range(3)),
    "Summary.credits",
    "WaterPipes.bypass",
    "WaterPipes.gauges",
    "WaterPipes.pipe",
}
# Mathematics, and what holds of every network measured.
ALWAYS = {
    "AtLeastOne.scalar",
    "PlainBlock.hard",
    "PlusOne.after",  # said where there is an activation after the sum
    "PlusOne.one.0",
    *(f"PlusOne.full.{beat}.{i}" for beat in ("terms", "vectors") for i in range(3)),
    "PlusOne.full.one.0",
    "PlusOne.full.one.1",
    "PlusOne.terms",
    "PlusOne.vectors",
    "Routes.many",
    "Routes.routes_2",
    "Routes.routes_4",
    "Routes.routes_8",
    "Shortcuts.lesson.0",
    "WaterPipes.sum",
}
# Two measurements side by side, each a clause that its own claim chooses; or a number, and nothing made of it.
REPORTED = {
    "GradientFlow.branch",
    "GradientFlow.depth",
    "GradientFlow.gain",
    "GradientFlow.map.0",
    "GradientFlow.map.1",
    "GradientFlow.norm",
    "Shortcuts.counted",
}
PLAIN = frozenset(SHOWN | ALWAYS | REPORTED)
# Tables of what is no sentence; ``own`` has what a Journey says of its own copies.
LABELS = frozenset({"amount", "chart", "credits", "map", "network", "own", "scope", "source"})
