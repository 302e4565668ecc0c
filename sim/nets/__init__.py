"""Blocks and examples; and `measure`, which is fetched from its own room when it is asked for, as reading records must
not import torch, and no import leads back up."""

from __future__ import annotations

import importlib
from typing import Any


def __getattr__(name: str) -> Any:
    if name == "measure":
        return importlib.import_module("sim.own.measure").measure
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
