"""The libraries that pixels are made with: another version of one may draw, or encode, another picture. Needs none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version

LIBRARIES = ("manim", "pycairo", "typst", "manimpango", "uharfbuzz", "numpy", "pillow", "svgelements", "av")


@cache
def versions() -> Mapping[str, str]:
    """What is installed, by name; taken once in a process: what counts is the code that is running."""
    return {name: found for name in LIBRARIES if (found := installed(name)) is not None}


def installed(name: str) -> str | None:
    """The version of a package; None if it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def replaced(then: Mapping[str, str]) -> list[str]:
    """What is another version now than ``then``, in words."""
    now = versions()
    differing = [name for name in dict.fromkeys([*then, *now]) if then.get(name) != now.get(name)]
    return [f"{name} {then.get(name, '(none)')} was replaced by {now.get(name, '(none)')}" for name in differing]
