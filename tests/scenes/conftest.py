"""Tests of one chapter go to one process, where what was told is remembered."""

from __future__ import annotations

import gc

import pytest

from scenes.film import FILM, Chapter

gc.set_threshold(100_000, 20, 20)  # what is remembered need not be looked through at every telling
NAMES = {chapter.name for chapter in FILM}


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "scenes" and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(chapter_of(item)))


def chapter_of(item: pytest.Item) -> str:
    """The chapter that a test is about: that of its parameters, else that of its file, else the file's own name."""
    for value in item.callspec.params.values() if hasattr(item, "callspec") else ():
        if isinstance(value, Chapter):
            return value.name
        if isinstance(value, str) and value in NAMES:
            return value
    about = getattr(item.module, "CHAPTER", None)
    return about.name if isinstance(about, Chapter) else item.module.__name__
