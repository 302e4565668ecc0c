"""What the page is built with: what the simulator accepts, words, the tour, the digits, records to be checked by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, get_args

import numpy as np

from scenes.kit.claims.signals import BOUNDS, FLOOR
from scenes.kit.errors import UsageError
from scenes.kit.telling.narration import words_of
from scenes.studio.files.page.networks import OwnNetwork
from sim import params, store
from sim.nets.data import digits
from sim.params import Params
from sim.sections.network import GAINS, Network

CEILING = 8.0  # log10 of a signal from which lights grow no more
# The page computes in float64, always.
KEYS = tuple(name for name in Network.model_fields if name != "dtype")
SHARED = (
    "input",
    "loss",
    "plain",
    "residual",
    "plain_net",
    "residual_net",
    "below",
    "size_legend",
    "sampled",
    "became",
)
READ = ("network", "profile", "gradient_flow", "highway", "routes")  # the tables that the page reads
# Networks of which the page computes anew, as it opens, what the simulator found: one seed, few blocks, all its parts.
CHECKED: tuple[dict[str, Any], ...] = (
    {"depth": 20, "batch": 32},
    {
        "depth": 6,
        "batch": 16,
        "order": "pre",
        "activation": "gelu",
        "layers_per_block": 2,
        "branch_scale": "1/sqrt(depth)",
        "skip_scale": "gate",
    },
    {
        "depth": 6,
        "batch": 16,
        "width": 24,
        "order": "open",
        "activation": "sigmoid",
        "norm": "batch",
        "cotangent": "random",
    },
    {
        "depth": 4,
        "batch": 8,
        "width": 6,
        "block": "conv",
        "order": "post",
        "norm": "batch",
        "activation": "relu",
        "gain": "he",
    },
    {"depth": 4, "batch": 8, "width": 6, "block": "conv", "input": "gaussian", "bias": "normal", "bias_std": 0.1},
)


def content(parameters: Params, languages: Sequence[str], networks: Sequence[OwnNetwork]) -> dict[str, Any]:
    """All that the page's code reads, for JSON. Computes records that are not in the store yet.

    Raises UsageError if the page cannot compute what the parameters say.
    """
    if parameters.profile.dtype != "float64":
        raise UsageError(f"profile.dtype = {parameters.profile.dtype}: the page computes in float64; leave it at that")
    return {
        "languages": list(languages),
        "words": {code: words(code) for code in languages},
        "keys": {key: accepted(key) for key in KEYS},
        "gains": GAINS,
        "start": state_of(parameters.profile),
        "tour": tour(parameters),
        "line": line(parameters),
        "signal": {"floor": FLOOR, "ceiling": CEILING, "bounds": BOUNDS},
        "digits": packed_digits(),
        "checks": checks(),
        "networks": [network.content for network in networks],
    }


def words(code: str) -> dict[str, Any]:
    """What the page says in a language."""
    every = words_of(code)
    return {**every["page"], "number": every["number"], "shared": {name: every["shared"][name] for name in SHARED}}


def accepted(key: str) -> dict[str, Any]:
    """What a key of [profile] accepts: options; or low, high, whether whole, and words that stand for numbers.

    Bounds are those of the field. Where a word may stand for the number, the field has none and its description says
    them: "a number above 0, up to 1000, or …".
    """
    field = Network.model_fields[key]
    if (options := get_args(field.annotation)) and all(isinstance(option, str) for option in options):
        return {"options": list(options)}
    low = [bound for item in field.metadata if (bound := getattr(item, "ge", None)) is not None]
    high = [bound for item in field.metadata if (bound := getattr(item, "le", None)) is not None]
    if low and high:
        return {"low": low[0], "high": high[0], "whole": field.annotation is int, "above": False}
    described = str(field.description)
    bounds = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", re.sub(r'"[^"]*"', "", described))]
    return {
        "low": bounds[0],
        "high": bounds[1],
        "whole": False,
        "above": "above" in described,
        "words": re.findall(r'"([^"]*)"', described),
    }


def state_of(net: Network) -> dict[str, Any]:
    """A network as the page has it: the keys of [profile]."""
    return {key: getattr(net, key) for key in KEYS}


def tour(parameters: Params) -> list[dict[str, Any]]:
    """The steps of the tour: networks of the film in its order, and what is asked of each.

    name: of its words. chapter: that shows it. about: which signal, or the shortcut's share. fields: of its question.
    """
    flow, profile, road = parameters.gradient_flow, parameters.profile, parameters.highway.only(Network)
    steps: list[tuple[str, str, str, Network, dict[str, Any]]] = [
        ("road", "PlainRoad", "plain", road, {"depth": road.depth}),
        ("overpass", "Shortcuts", "residual", road, {}),
        ("depth", "GradientFlow", "plain", profile.replace(depth=flow.depths[-1]), {"depth": flow.depths[-1]}),
        ("gain", "GradientFlow", "residual", profile.replace(gain=flow.gains[-1]), {"gain": flow.gains[-1]}),
        ("norm", "GradientFlow", "plain", flow.bn, {}),
        ("fork", "Routes", "share", parameters.routes, {}),
    ]
    return [
        {"name": name, "chapter": chapter, "about": about, "state": state_of(net), "fields": fields}
        for name, chapter, about, net, fields in steps
    ]


def line(parameters: Params) -> dict[str, Any]:
    """What an `atajos` line begins with, beside [profile]: settings of tables that GradientFlow reads, and what those
    make of [profile]. told: all settings that the page depends on."""
    told = [said.replace(" = ", "=") for said in params.changed(parameters) if said.split(".")[0] in READ]
    settings = [said for said in told if said.split(".")[0] in ("network", "gradient_flow")]
    base = state_of(params.load(sets=settings, environ={}).profile)
    return {"settings": settings, "base": base, "told": told}


def packed_digits() -> dict[str, str]:
    """All images and their labels as letters: a capital a pixel, A to Q for 0 to 16, but a small letter for a run of
    zeros, b for one, c for two; and a figure a label.
    """
    images, labels = digits()
    pixels = "".join(chr(ord("A") + value) for value in np.rint(images * 16).astype(int).ravel())
    packed = re.sub("A{1,25}", lambda run: chr(ord("a") + len(run[0])), pixels)
    return {"x": packed, "y": "".join(map(str, labels))}


def checks() -> list[dict[str, Any]]:
    """Parameters and what the simulator found for their first seed, in the engine's shape."""
    defaults = params.load(environ={}).profile
    found = []
    for changes in CHECKED:
        net = defaults.replace(seeds=1, **changes)
        record = store.fetch("profile", net)
        found.append({"params": state_of(net), "found": as_engine(record)})
    return found


def as_engine(record: Any, seed: int = 0) -> dict[str, Any]:
    """One seed of a profile, number `seed` in its record, as `profileSeed` gives it."""
    return {
        "signal": record.gradient_signal[:, seed].tolist(),
        "weightGradient": record.weight_gradient[:, seed].tolist(),
        "rms": record.activation_rms[:, seed].tolist(),
        "ratio": record.branch_ratio[seed].tolist(),
        "share": record.skip_share[seed].tolist(),
    }
