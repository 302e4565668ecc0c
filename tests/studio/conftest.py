"""A small chapter drawn once for all tests of what is made of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scenes.film import CHAPTERS, Chapter
from scenes.kit.telling.setting import Setting
from scenes.studio.farm import farm, orders
from scenes.studio.farm.pool import LocalPool
from scenes.studio.look import Look
from sim.params import load
from tests.conftest import SMALL

SOFT = Look(captions="soft")
CHAPTER: Chapter = next(chapter for chapter in CHAPTERS if chapter.name == "PlainBlock")


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A media folder and a parameter file for the whole session."""
    folder = tmp_path_factory.mktemp("media")
    (folder / "small.toml").write_text(SMALL)
    return folder


def drawn(media: Path, look: Look, setting: Setting | None = None, beat: str | None = None) -> orders.Clip:
    """The chapter's clip, or one beat of it, as the farm draws it, into ``media``."""
    shot = orders.shot_of(CHAPTER, look, load(media / "small.toml", environ={}), beat)
    shot = shot if setting is None else replace(shot, setting=setting)
    (made,) = farm.draw([shot], media, lambda segments, need: LocalPool(1, segments))
    return made


def finished(media: Path, look: Look, beat: str | None = None) -> Path:
    path = drawn(media, look, beat=beat).path
    assert path is not None
    return path


@pytest.fixture(scope="session")
def clip(media: Path) -> Path:
    """The finished pictures of a small chapter, without captions in them, and ``.beats.json`` beside."""
    return finished(media, SOFT)


@pytest.fixture(scope="session")
def clear_clip(media: Path) -> Path:
    """The same on nothing, with an alpha channel."""
    return finished(media, Look(theme="transparent", captions="soft"))
