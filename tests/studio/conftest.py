"""A small chapter drawn once for all tests of what is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from scenes.film import CHAPTERS, Chapter
from scenes.studio import clips
from scenes.studio.look import Look
from tests.conftest import SMALL

SOFT = Look(captions="soft")
CHAPTER: Chapter = next(chapter for chapter in CHAPTERS if chapter.name == "PlainBlock")


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A media folder and a parameter file for the whole session."""
    folder = tmp_path_factory.mktemp("media")
    (folder / "small.toml").write_text(SMALL)
    return folder


def drawn(media: Path, look: Look) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATAJOS_MEDIA", str(media))
        with clips.chosen(look, str(media / "small.toml")):
            return clips.draw(CHAPTER, look, Console(stderr=True))[0]


@pytest.fixture(scope="session")
def clip(media: Path) -> Path:
    """The finished pictures of a small chapter, without captions in them, and ``.beats.json`` beside."""
    return drawn(media, SOFT)


@pytest.fixture(scope="session")
def clear_clip(media: Path) -> Path:
    """The same on nothing, with an alpha channel."""
    return drawn(media, Look(theme="transparent", captions="soft"))
