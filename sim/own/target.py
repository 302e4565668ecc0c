"""Somebody's own code, found by name; and their own line where it fails."""

from __future__ import annotations

import importlib
import importlib.util
import linecache
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.own.errors import RefusedError

HERE = f"{Path(__file__).parent}{os.sep}"
# What was being done when it failed, by the function of ours that called the user's code.
DOING = {"_module": "import", "prepare": "constructor", "batch_of": "input function", "gradient": "loss function"}


def found(target: str) -> Callable[..., Any]:
    """The callable of pkg.mod:callable or file.py:callable.

    Raises RefusedError if there is none of that name, and whatever importing it raises.
    """
    place, _, name = target.rpartition(":")
    if not place or not name:
        raise RefusedError(f"{target}: must be package.module:callable or file.py:callable")
    value: Any = _module(place)
    for part in name.split("."):
        if not hasattr(value, part):
            there = [known for known, own in vars(value).items() if callable(own) and not known.startswith("_")]
            raise RefusedError(f"{target}: there is no {part}; there are: {', '.join(there[:12]) or 'none'}")
        value = getattr(value, part)
    if not callable(value):
        raise RefusedError(f"{target}: is a {type(value).__name__}, not callable")
    return value


def _module(place: str) -> ModuleType:
    """A module by its dotted name, or from a file, whose neighbours it may import. Each is run once."""
    path = Path(place).resolve()
    if not place.endswith(".py"):
        _reach(Path.cwd())
        return importlib.import_module(place)
    if not path.is_file():
        raise RefusedError(f"{place}: there is no such file")
    known = sys.modules.get(path.stem)
    if known is not None and getattr(known, "__file__", None) == str(path):
        return known
    _reach(path.parent)
    name = path.stem if known is None else f"own_{path.stem}"  # a file called torch.py is no torch
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _reach(folder: Path) -> None:
    if str(folder) not in sys.path:
        sys.path.append(str(folder))  # last, so that it hides nothing of ours


def blamed(error: BaseException) -> str:
    """An error of somebody's own code in one message: what failed, how, and their own line."""
    frames = traceback.extract_tb(error.__traceback__)
    doing = next((DOING[frame.name] for frame in frames if frame.filename.startswith(HERE) and frame.name in DOING), "")
    doing = doing or ("forward" if any(frame.name == "run" for frame in frames) else "network")
    text = str(error).strip()
    told = f"{type(error).__name__}: {text.splitlines()[0]}" if text else type(error).__name__
    if isinstance(error, SyntaxError) and error.filename:
        return f"{doing}: {told}{_line(error.filename, error.lineno or 0)}"
    theirs = [frame for frame in frames if not frame.filename.startswith((HERE, "<")) and not _library(frame.filename)]
    if not theirs:
        return f"{doing}: {told}"
    return f"{doing}: {told}{_line(theirs[-1].filename, theirs[-1].lineno or 0)}"


def _library(file: str) -> bool:
    return "site-packages" in file or file.startswith(str(Path(os.__file__).parent))


def _line(file: str, number: int) -> str:
    path = Path(file)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"\n  {shown}:{number}: {linecache.getline(file, number).strip()}"
