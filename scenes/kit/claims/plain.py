"""What is said of whatever was measured: sentences without a claim, by name, and why they need none.

A name is ``Chapter.beat`` or, in a list, ``Chapter.beat.0``; with ``full`` before the beat in the telling ``full``.
Who adds a sentence gives it a claim, or lists it here.
"""

from __future__ import annotations

# What the film is about to do or shows on screen: it is so because the chapter draws it.
SHOWN = {
    "AfterTraining.start",
    *(f"AfterTraining.full.start.{i}" for i in range(3)),
    "Opening.question",
    "AtLeastOne.claim",
    "AtLeastOne.cancel",  # the lowest point of a curve that is computed
    "AtLeastOne.overflow",  # said in that case alone
    *(f"AtLeastOne.full.claim.{i}" for i in range(2)),
    *(f"AtLeastOne.full.scalar.{i}" for i in range(2)),
    "GoodStart.start",
    "GoodStart.train",
    *(f"GoodStart.full.start.{i}" for i in range(3)),
    *(f"GoodStart.full.train.{i}" for i in range(2)),
    "GradientFlow.start",
    "PlainBlock.train",
    *(f"PlainBlock.full.train.{i}" for i in range(2)),
    "PlainRoad.night",
    "PlainRoad.road",
    *(f"PlainRoad.full.road.{i}" for i in range(3)),
    "PlainRoad.full.night.2",
    *(f"ResidualBlock.shortcut.{i}" for i in range(2)),
    "ResidualBlock.train",
    *(f"Shortcuts.full.raise.{i}" for i in (0, 3)),
    "Summary.credits.1",
    "Transformers.stream",
    *(f"Transformers.full.stream.{i}" for i in range(3)),
    "Transformers.bare",  # other stacks are refused
    "Transformers.post",
    *(f"Transformers.full.{beat}.{i}" for beat in ("bare", "post") for i in range(3)),
    "WhyOne.one",
    *(f"WhyOne.full.one.{i}" for i in range(2)),
    "WaterPipes.gauges",
    "WaterPipes.pipe",
    *(f"WaterPipes.full.{beat}.{i}" for beat in ("gauges", "pipe") for i in range(2)),
}
# Mathematics, what holds of every network measured, and what papers have found.
ALWAYS = {
    "AtLeastOne.scalar",
    *(f"GradientFlow.full.start.{i}" for i in (2, 3)),  # profiles are measured at initialisation
    "PlainBlock.hard",
    *(f"PlainBlock.full.hard.{i}" for i in range(3)),
    "PlainBlock.wanted.2",
    "PlusOne.terms",
    *(f"PlusOne.full.terms.{i}" for i in range(3)),
    "Routes.many",
    "Routes.routes_2",
    "Routes.routes_4",
    "Routes.routes_8",
    *(f"Routes.full.{beat}.{i}" for beat in ("routes_2", "routes_4", "routes_8", "many") for i in range(2)),
    "Transformers.lesson",
    *(f"Transformers.full.lesson.{i}" for i in range(2)),
    "TakeOneOut.why",  # of 2^L routes half take a branch; Veit et al. 2016, section 4
    *(f"TakeOneOut.full.why.{i}" for i in range(3)),
    "WhyOne.theirs.0",  # He et al. 2016, table 1
    *(f"WhyOne.full.theirs.{i}" for i in range(3)),  # the same, and their section 3.2
    "WhyOne.lesson",  # of factors above 0
    *(f"WhyOne.full.lesson.{i}" for i in range(2)),
    "Summary.credits.0",  # He et al. 2016: 1001 layers
}
# Two measurements side by side, each a clause that its own claim chooses; or a number, and nothing made of it.
REPORTED = {
    "GoodStart.norm",
    *(f"GoodStart.{beat}.0" for beat in ("plain", "learn", "full.plain", "full.norm")),
    "GradientFlow.branch.0",
    "GradientFlow.full.branch.2",
    "GradientFlow.depth",
    "GradientFlow.gain.0",
    "GradientFlow.map",
    "GradientFlow.norm",
    "GradientFlow.passing",
    "GradientFlow.full.passing",
    *(f"GradientFlow.full.norm.{i}" for i in range(2)),
    "Shortcuts.counted",
    "Transformers.plain.0",
}
PLAIN = frozenset(SHOWN | ALWAYS | REPORTED)
# Tables of what is no sentence; ``own`` has what a Journey says of its own copies.
LABELS = frozenset({"amount", "chart", "credits", "decided", "kind", "map", "network", "own", "scope", "source"})
