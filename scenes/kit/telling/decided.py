"""What decides how a measurement comes out, in words for transcript and manifest: which networks were measured, whether
they were trained, and by what names the keys go that made them so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from scenes.kit.telling.narration import Narration
from scenes.kit.telling.network import NoteBlock, block, describe, named, size
from sim.experiments.profiles import Profiles
from sim.sections.fields import Section

UNTRAINED = ("gain", "bias", "bias_std", "branch_scale", "skip_scale", "norm", "order", "cotangent", "depth")
TRAINED = ("gain", "norm", "order", "learning_rates", "steps")
USUAL = {"bias_std": 0.0, "skip_scale": 1.0}  # values that need not be told
SWEPT = {"gains": "gain", "depths": "depth"}  # keys with all stops of a sweep, and what they are stops of
Fetched = Sequence[tuple[str, Any]]  # experiments, with the parameters of each record


def decided(narration: Narration, fetched: Fetched, own: Sequence[Any] = ()) -> tuple[str, ...]:
    """A sentence for each experiment that was read, with all values that its decisive keys had; and one for each of
    ``own``, the records of a network of one's own."""
    sections: dict[str, list[Section]] = {}
    for experiment, section in fetched:
        sections.setdefault(experiment, []).append(section)
    lines = [_sentence(narration, experiment, some) for experiment, some in sections.items()]
    return (*lines, *(narration.text("decided.own", network=named(record, narration)) for record in own))


def _sentence(narration: Narration, experiment: str, sections: Sequence[Section]) -> str:
    found = _values(sections)
    nested = getattr(sections[0], "network", None)
    net: Any = nested if isinstance(nested, Section) else sections[0]
    if hasattr(net, "learning_rates"):
        word, network = "decided.trained", " · ".join((block(NoteBlock(net), narration), size(net, narration)))
        told = {key: found[key] for key in TRAINED}
    else:
        word, network = "decided.untrained", describe(net, narration, seeds="all_seeds")
        told = {key: found[key] for key in UNTRAINED if key != "depth" or len(found[key]) > 1}
    keys = [
        f"{narration.text(f'decided.key.{key}')}: {key} = {', '.join(map(json.dumps, values))}"
        for key, values in told.items()
        if values != [USUAL.get(key)]
    ]
    return narration.text(word, experiment=experiment, network=network, keys="; ".join(keys))


def _values(sections: Sequence[Section]) -> dict[str, list[Any]]:
    """What keys were in some tables and those inside them, as one writes them in a file of parameters; each once."""
    found: dict[str, list[Any]] = {}
    for section in sections:
        dump = section.model_dump(mode="json")
        for key, value in {**dump, **dump.get("network", {})}.items():
            if key not in SWEPT or not isinstance(section, Profiles):
                found.setdefault(key, []).append(value)
        for sweep, key in SWEPT.items() if isinstance(section, Profiles) else ():
            found[key] = list(dump[sweep])
    return {key: [value for i, value in enumerate(values) if value not in values[:i]] for key, values in found.items()}
