"""A small chapter drawn once for all tests of what is made of it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scenes.film import CHAPTERS, Chapter
from scenes.kit.telling.setting import Setting
from scenes.studio.commands.cli import main
from scenes.studio.farm import farm, orders, pool
from scenes.studio.look import QUALITIES, Look
from sim.params import load
from tests.conftest import ROOT, SMALL, Run, call
from tests.studio.farm.here import Here
from tests.studio.farm.tiny import SIZE

TINY = {"quality": "t"}  # 192×108 px, 2 frames a second
SOFT = Look(captions="soft", **TINY)
WIDTH, HEIGHT = SOFT.pixels
RATE = QUALITIES["t"][1]
SCENE = ROOT / "scenes" / "identity.py"
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
    (made,) = farm.draw([shot], media, Here)
    return made


def finished(media: Path, look: Look, beat: str | None = None) -> Path:
    path = drawn(media, look, beat=beat).path
    assert path is not None
    return path


@pytest.fixture(scope="session")
def clip(media: Path) -> Path:
    """The finished pictures of a small chapter, without captions in them, and ``.beats.json`` beside."""
    return finished(media, SOFT)


def plain(*options: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Render PlainBlock with the plain manim command, from a folder that is not the repository."""
    said = {"ATAJOS_PARAMS": str(folder / "small.toml"), **environment}
    done = call("manim", *SIZE, *options, SCENE, "PlainBlock", cwd=folder, **said)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def clip_in(folder: Path) -> Path:
    return next((folder / "media" / "videos").rglob("PlainBlock.mp4"))


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which that has been done once."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "small.toml").write_text(SMALL)
    plain(folder=folder)
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """As ``run("atajos", …)``, in this process: what needs none of its own is told in a tenth of the time."""

    def call(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        code: object = 0
        with monkeypatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("ATAJOS_") and name != "ATAJOS_STORE"]:
                patch.delenv(name)
            for name, value in {"COLUMNS": "200", **environment}.items():
                patch.setenv(name, value)
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", ["atajos", *map(str, arguments)])
            try:
                main()
            except SystemExit as end:
                code = end.code
        told = capsys.readouterr()
        return subprocess.CompletedProcess(sys.argv, int(code or 0), told.out, told.err)  # type: ignore[call-overload]

    return call


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What commands draw they draw in this process: where it is no matter who draws, no worker has to begin."""
    monkeypatch.setattr(pool, "LocalPool", lambda jobs, segments: Here(segments, jobs))
