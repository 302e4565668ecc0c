"""The parameters: one frozen, validated tree, TOML in, TOML out.

Defaults live in `assets/params/default.toml` and nowhere else. They are overlaid by a TOML file, then by the
environment (`ATAJOS_SET`), then by the command line, and validated once, together.
"""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import tomli_w
from pydantic import BaseModel, ValidationError

from sim.chapters import GradientFlow, Highway
from sim.experiments.activations import Activations
from sim.experiments.degradation import Degradation
from sim.experiments.gains import Gains
from sim.experiments.identity import Identity
from sim.experiments.lesion import Lesion
from sim.experiments.profiles import Profiles
from sim.experiments.routes import Routes
from sim.experiments.training import Training
from sim.paths import ASSETS
from sim.sections.fields import Section
from sim.sections.network import Network
from sim.sections.overrides import Key, Layers, ParamsError, dotted, shown

__all__ = ["Params", "ParamsError", "canonical", "changed", "dump", "load"]
DEFAULTS = ASSETS / "params" / "default.toml"


class Params(Section):
    """The whole tree."""

    profile: Network
    gradient_flow: GradientFlow
    identity: Identity
    degradation: Degradation
    lesion: Lesion
    training: Training
    routes: Routes
    gains: Gains
    profiles: Profiles
    activations: Activations
    highway: Highway


def load(
    path: Path | str | None = None,
    sets: Sequence[str] = (),
    *,
    section: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Params:
    """Read the parameters: defaults < TOML file < ATAJOS_SET < `sets`.

    path: the TOML file; None takes the one that ATAJOS_PARAMS names, if any. sets: `dotted.key=value`, the value in
    TOML or a bare word. section: where keys of `sets` that name no section belong. ATAJOS_SET: the same settings,
    separated by semicolons.

    Raises ParamsError with all that is wrong, one line each.
    """
    layers = Layers()
    layers.add_file(DEFAULTS)
    file = path if path is not None else environ.get("ATAJOS_PARAMS") or None
    if file is not None:
        layers.add_file(Path(file))
    settings = [part for part in environ.get("ATAJOS_SET", "").split(";") if part.strip()]
    layers.add_settings(settings, "ATAJOS_SET", None, Params.model_fields)
    own: Any = () if section is None else getattr(Params.model_fields[section].annotation, "model_fields", ())
    layers.add_settings(sets, "--set", section, Params.model_fields, own)
    try:
        params = Params.model_validate(layers.tree)
    except ValidationError as error:
        raise ParamsError("\n".join([*layers.errors, *_lines(error, layers)])) from None
    if layers.errors:
        raise ParamsError("\n".join(layers.errors))
    return params


def dump(params: Params) -> str:
    """The tree as TOML, which `load` reads back to an equal tree."""
    return tomli_w.dumps(params.model_dump())


def changed(params: Params) -> list[str]:
    """The keys whose values are not the defaults, `dotted.key = value`, in the order of the tree."""

    def differences(now: dict[str, Any], before: dict[str, Any], prefix: str) -> Iterator[str]:
        for name, value in now.items():
            if isinstance(value, dict):
                yield from differences(value, before[name], f"{prefix}{name}.")
            elif value != before[name]:
                yield f"{prefix}{name} = {shown(list(value) if isinstance(value, tuple) else value)}"

    return list(differences(params.model_dump(), load(environ={}).model_dump(), ""))


def canonical(params: BaseModel) -> str:
    """One spelling per value: JSON with sorted keys, what names a record in the store."""
    return json.dumps(params.model_dump(mode="json"), sort_keys=True, allow_nan=False)


def _lines(errors: ValidationError, layers: Layers) -> list[str]:
    places = [item["loc"] for item in errors.errors()]
    # A list with a wrong entry counts as too short besides; the entry's own line says it better.
    return [
        _line(item, layers)
        for item in errors.errors()
        if item["type"] != "too_short" or not any(place[:-1] == item["loc"] for place in places if place)
    ]


def _line(error: Any, layers: Layers) -> str:
    """One line of a ParamsError: source, dotted key, value given, what is allowed."""
    location: tuple[str | int, ...] = error["loc"]
    names: Key = tuple(part for part in location if isinstance(part, str))
    source, key = layers.source_of(names), dotted(location)
    if error["type"] == "extra_forbidden":
        return f"{source}: {key} = {shown(error['input'])}: unknown key; {_suggestion(names)}"
    if error["type"] == "missing":
        return f"{source}: {key}: missing; {_allowed(names)}"
    if isinstance(error["input"], Section) or (error["type"] == "value_error" and isinstance(error["input"], dict)):
        message = str(error["ctx"]["error"])
        inside = [(*names, word) for word in message.replace(",", " ").split() if (*names, word) in layers.origin]
        sources = dict.fromkeys(layers.source_of(k) for k in inside if layers.source_of(k) != str(DEFAULTS))
        return f"{', '.join(sources) or source}: {key}: {message}"
    return f"{source}: {key} = {shown(error['input'])}: {_allowed(names, entry=isinstance(location[-1], int))}"


def _allowed(names: Key, entry: bool = False) -> str:
    """What may stand at a key, or as an entry of its list, from the model's own field."""
    model: Any = Params
    for name in names[:-1]:
        model = model.model_fields[name].annotation
    field = model.model_fields[names[-1]]
    if entry:
        described = get_args(field.annotation)[0].__metadata__
        return f"must be {next(item.description for item in described if getattr(item, 'description', None))}"
    if field.description:
        return f"must be {field.description}"
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
        return f"must be a table with the keys {', '.join(field.annotation.model_fields)}"
    return f"must be one of {', '.join(shown(value) for value in field.annotation.__args__)}"


def _suggestion(names: Key) -> str:
    """The known key that an unknown one most resembles, or else the keys there are."""
    parent: Any = Params
    for name in names[:-1]:
        parent = parent.model_fields[name].annotation
    near = [(*names[:-1], name) for name in difflib.get_close_matches(names[-1], parent.model_fields, n=1)]
    near += [key for key in _keys(Params) if key[-1] == names[-1]]  # the right word in the wrong table
    return f"did you mean {dotted(near[0])}?" if near else f"allowed here: {', '.join(parent.model_fields)}"


def _keys(model: type[BaseModel], prefix: Key = ()) -> Iterator[Key]:
    for name, field in model.model_fields.items():
        yield (*prefix, name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _keys(field.annotation, (*prefix, name))
