"""The parameters: one frozen, validated tree, TOML in, TOML out.

Defaults live in `assets/params/default.toml` and nowhere else. They are overlaid by a TOML file, then by the
environment (`ATAJOS_SET`), then by the command line; what tables share they inherit (see sections/inherit.py); and all
is validated once, together.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel, ValidationError

from sim.chapters import AfterTraining, GradientFlow, Highway, WhyOne
from sim.experiments.activations import Activations
from sim.experiments.degradation import Degradation
from sim.experiments.gains import Gains
from sim.experiments.identity import Identity
from sim.experiments.lesion import Lesion
from sim.experiments.profiles import Profiles
from sim.experiments.routes import Routes
from sim.experiments.starts import Starts
from sim.experiments.training import Training
from sim.paths import ASSETS
from sim.sections.fields import Section
from sim.sections.inherit import heirs, inherit, wish_for_biases
from sim.sections.learner import Learner
from sim.sections.network import Network
from sim.sections.overrides import Key, Layers, ParamsError, dotted, shown
from sim.sections.refusal import Refusal

__all__ = ["DEFAULTS", "Params", "ParamsError", "canonical", "changed", "dump", "load"]

DEFAULTS = ASSETS / "params" / "default.toml"


class Params(Section):
    """The whole tree; [network] and [learner] are there to be inherited."""

    network: Network
    learner: Learner
    profile: Network
    gradient_flow: GradientFlow
    identity: Identity
    degradation: Degradation
    lesion: Lesion
    training: Training
    after_training: AfterTraining
    routes: Routes
    gains: Gains
    profiles: Profiles
    starts: Starts
    activations: Activations
    highway: Highway
    why_one: WhyOne


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
    layers.add_settings(sets, "--set", section, Params.model_fields, _own(section))
    wish_for_biases(layers, Params, str(DEFAULTS))
    given = inherit(layers, Params, str(DEFAULTS))
    try:
        params = Params.model_validate(layers.tree)
    except ValidationError as error:
        refusal = Refusal(Params, layers, given, str(DEFAULTS))
        raise ParamsError("\n".join([*layers.errors, *refusal.lines(error)])) from None
    if layers.errors:
        raise ParamsError("\n".join(layers.errors))
    return params


def _own(section: str | None) -> dict[str, bool]:
    """The keys of a section, and whether each is a table."""
    model: Any = Section if section is None else Params.model_fields[section].annotation
    kinds = {name: field.annotation for name, field in model.model_fields.items()}
    return {name: isinstance(kind, type) and issubclass(kind, Section) for name, kind in kinds.items()}


def dump(params: Params) -> str:
    """The tree as TOML, which `load` reads back to an equal tree."""
    return tomli_w.dumps(params.model_dump())


def changed(params: Params) -> list[str]:
    """What is not as in default.toml, `dotted.key = value`, in the order of the tree.

    The fewest settings that make these parameters again, so that a value stands where it comes from: `network.depth =
    32` for all tables that inherit it, and beside it the depths of those that do not.
    """
    now, before = _leaves(params.model_dump()), _leaves(load(environ={}).model_dump())
    expected = dict(before)
    for base, names in _inherited().items():
        for name, keys in names.items():
            theirs = now[base, name]
            followed = 1 + sum(now[key] != theirs for key in keys)
            if theirs != before[base, name] or followed < sum(now[key] != before[key] for key in keys):
                expected |= dict.fromkeys(keys, theirs)
                expected[base, name] = None  # said, even if it is the default
    return [f"{dotted(key)} = {shown(value)}" for key, value in now.items() if value != expected[key]]


def _inherited() -> dict[str, dict[str, list[Key]]]:
    """By table and key that others inherit, the keys that they inherit it as."""
    found: dict[str, dict[str, list[Key]]] = {}
    for heir in heirs(Params):
        for name in heir.names:
            found.setdefault(heir.base, {}).setdefault(name, []).append((*heir.key, name))
    return found


def _leaves(tree: Mapping[str, Any], prefix: Key = ()) -> dict[Key, Any]:
    found: dict[Key, Any] = {}
    for name, value in tree.items():
        found |= _leaves(value, (*prefix, name)) if isinstance(value, dict) else {(*prefix, name): value}
    return found


def canonical(params: BaseModel) -> str:
    """One spelling per value: JSON with sorted keys, what names a record in the store."""
    return json.dumps(params.model_dump(mode="json"), sort_keys=True, allow_nan=False)
