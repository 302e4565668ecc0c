"""What all tests share: a chapter small enough to render in seconds, and a way to call commands as a user would."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings

for library in ("OMP", "OPENBLAS", "MKL"):  # there are as many processes as cores; on so small networks more threads
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")  # only wait for one another, at twice the cost
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else a hundred processes compile all of the project, each for itself
settings.register_profile("shared", deadline=None)  # a machine shared with other tests is slow at times
settings.load_profile("shared")

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120.0  # s at most that a test waits for an event; a busy machine takes its time
SMALL_FILE = ROOT / "tests" / "small.toml"  # every chapter short and quick
SMALL = SMALL_FILE.read_text(encoding="utf-8")
PREVIEW = ROOT / "tests" / "preview.toml"  # the whole film on records that take seconds
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: takes many seconds by itself; begun before all others")
    config.option.loadscopereorder = False  # processes are handed tests in the order below


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long first, then groups, which one process has to do; single tests fill what is left at the end."""

    def rank(item: pytest.Item) -> int:
        return 0 if item.get_closest_marker("long") else 1 if item.get_closest_marker("xdist_group") else 2

    items.sort(key=rank)


def lacking(what: str) -> NoReturn:
    """Skip a test for want of a program; where CI is set nothing may be skipped, so it fails there."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def wait_for(happened: Callable[[], object], bound: float = PATIENCE) -> None:
    """Wait for an event, not for a moment. Fails if it does not come at all."""
    deadline = time.monotonic() + bound
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One browser for all tests of a process, which takes a second to begin. Skips them where there is no Chromium."""
    from tests.studio.browser import chromium

    with chromium(tmp_path_factory.mktemp("profile")) as context:
        yield context


@pytest.fixture
def blank(browser: Any) -> Iterator[Any]:
    """A page of one's own in it."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A parameter file that makes every chapter short and quick, to be edited; to be read there is SMALL_FILE."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return path


def call(program: str, *arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call a program of the virtual environment in a folder."""
    command = [str(Path(sys.executable).with_name(program)), *map(str, arguments)]
    env = {key: value for key, value in os.environ.items() if not key.startswith("ATAJOS_") or key == "ATAJOS_STORE"}
    env |= {"COLUMNS": "200", **environment}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=300)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Call a program in a folder of its own: ``run("manim", …, ATAJOS_LANG="en")``."""
    return lambda program, *arguments, **rest: call(program, *arguments, **{"cwd": tmp_path, **rest})
