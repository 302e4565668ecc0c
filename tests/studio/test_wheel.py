"""A wheel: what travels in it, and that it renders from an empty folder with nothing of the checkout in sight."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("wheel")]
PARAMETERS = ("--params", "small.toml")
SMALL = """
profile = { depth = 2, width = 4, batch = 8, seeds = 1, block = "conv", layers_per_block = 2, activation = "relu" }
highway = { depth = 2, width = 4, batch = 8, seeds = 1 }
"""
PLUS_ONE = ("PlusOne", "-qt", *PARAMETERS)
APART = {"stills", "voice"}  # pictures of the README; recordings of one's own


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("atajos-*.whl"))


class Place:
    """A new environment that has the wheel, and an empty folder to work in, with a space and an ñ in its path."""

    def __init__(self, root: Path, wheel: Path) -> None:
        self.bin = root / "environment" / ("Scripts" if os.name == "nt" else "bin")
        self.folder = root / "clase de mañana"
        self.cache = root / "caché"
        self.folder.mkdir()
        venv.create(root / "environment", symlinks=os.name != "nt")
        python = self.bin / "python"
        self.site = Path(self._said([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).strip())
        pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "--quiet", wheel]
        self._said(pip)
        # What it depends on is installed already, beside the checkout; its own code is found first.
        (self.site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
        self.before = self.files()

    def files(self) -> set[Path]:
        own = [self.site / "sim", self.site / "scenes"]
        return {path for folder in own for path in folder.rglob("*") if "__pycache__" not in path.parts}

    def run(self, program: str, *arguments: str) -> str:
        return self._said([self.bin / program, *arguments])

    def _said(self, command: list[object]) -> str:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("ATAJOS_", "PYTHON"))}
        kept |= {"XDG_CACHE_HOME": str(self.cache), "OMP_NUM_THREADS": "1"}
        words = [str(word) for word in command]
        done = subprocess.run(words, cwd=self.folder, env=kept, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def place(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    made = Place(tmp_path_factory.mktemp("place"), wheel)
    (made.folder / "small.toml").write_text(SMALL)
    return made


def test_all_assets_travel_in_it(wheel: Path) -> None:
    there = set(zipfile.ZipFile(wheel).namelist())
    files = [path for path in (ROOT / "assets").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    wanted = {
        f"sim/{path.relative_to(ROOT).as_posix()}" for path in files if path.parts[len(ROOT.parts) + 1] not in APART
    }
    assert wanted
    assert wanted <= there
    assert not [name for name in there if name.startswith(("tests/", "assets/", "docs/"))]


def test_the_simulator_runs_from_it(place: Place) -> None:
    """It computes the record that the chapter wants."""
    assert "plain" in place.run("python", "-m", "sim", "profile", *PARAMETERS)
    assert list(place.cache.rglob("profile-*.npz"))


def test_it_finds_itself_whole(place: Place) -> None:
    assert "MISSING" not in place.run("atajos", "check")


def test_a_chapter_is_rendered_from_it(place: Place) -> None:
    said = place.run("atajos", "render", *PLUS_ONE, "--beat", "sum")
    clip = Path(said.strip().splitlines()[-1])
    assert clip.parent == place.folder / "out"
    assert clip.stat().st_size > 1000


def test_a_dask_worker_draws_from_it(place: Place) -> None:
    arguments = (*PLUS_ONE, "--theme", "light", "--beat", "sum")
    assert place.run("atajos", "render", *arguments, "--cluster", "local:1").strip()


def test_nothing_was_written_beside_its_code(place: Place) -> None:
    assert place.files() == place.before
