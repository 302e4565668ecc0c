"""However a command is ended, it says so in one line and leaves nothing half-written behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scenes.studio.commands import check
from tests.conftest import PATIENCE, Run, wait_for

ATAJOS = [sys.executable, "-c", "from scenes.studio.commands.cli import main; main()"]
Begin = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def begin(tmp_path: Path, small: Path) -> Begin:
    """Begin to render, with a temporary folder of one's own."""
    (tmp_path / "tmp").mkdir()
    own = {"ATAJOS_MEDIA": str(tmp_path / "media"), "TMPDIR": str(tmp_path / "tmp")}

    def start(*words: object) -> subprocess.Popen[str]:
        command = [*ATAJOS, *map(str, words), "--params", str(small)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=tmp_path, env=os.environ | own, start_new_session=True, **pipes)

    return start


def left(folder: Path) -> list[Path]:
    """What should not be there."""
    return [*folder.rglob("*.part*"), *folder.rglob("atajos-*")]


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_is_heard_as_ctrl_c(name: str, here: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    number = getattr(signal, name)
    before = signal.getsignal(number)
    monkeypatch.setattr(check, "look_at_all", lambda: signal.raise_signal(number) or [])
    try:
        if name != "SIGINT":
            signal.signal(number, signal.SIG_DFL)
        done = here("check")
    finally:
        signal.signal(number, before)
    assert done.returncode == 130
    assert done.stderr.strip().startswith("atajos: interrupted") and len(done.stderr.strip().splitlines()) == 1


def test_sigterm_ends_a_render_and_nothing_is_left(begin: Begin, tmp_path: Path) -> None:
    """As SIGINT does, which is sent to one that is resumed: see test_render.py."""
    process = begin("render", "PlainBlock", "-qt")
    wait_for(lambda: list((tmp_path / "media" / "segments").glob("*.mp4")) or process.poll() is not None)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert told.splitlines()[-1].startswith("atajos: interrupted") and "Traceback" not in told
    wait_for(lambda: not left(tmp_path))  # workers that are dying are gone a moment later


def test_ctrl_c_while_it_is_being_imported_is_heard_as_one() -> None:
    """Whatever is imported then: it is a KeyboardInterrupt at an import statement."""
    code = """
import sys
class Ctrl:
    def find_spec(self, name, *_):
        if name == "click":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Ctrl())
from scenes.studio.commands.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 130
    assert done.stderr.startswith("atajos: interrupted") and len(done.stderr.splitlines()) == 1


@pytest.mark.usefixtures("alone")
def test_what_a_killed_render_left_goes_at_the_next(here: Run, tmp_path: Path, small: Path) -> None:
    from sim.work.scratch import HOST

    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    pid = dead.stdout.strip()
    parts = [tmp_path / "media" / room / f".a.{HOST}.{pid}.part.mp4" for room in ("segments", "clips", "plans")]
    parts += [tmp_path / "out" / f".a.{HOST}.{pid}.part.mp4", tmp_path / "out" / f".a.json.xy.{HOST}.{pid}.part"]
    for part in parts:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
    done = here("render", "Opening", "-qt", "--params", small, ATAJOS_MEDIA=str(tmp_path / "media"))
    assert done.returncode == 0, done.stderr
    assert not [part for part in parts if part.exists()]


def test_nobody_cleans_beside_a_render(run: Run, here: Run, tmp_path: Path) -> None:
    from scenes.studio.farm.marks import mark, under_way

    segment = tmp_path / "media" / "segments" / "a.mp4"
    segment.parent.mkdir(parents=True)
    segment.touch()
    held = mark.__wrapped__(tmp_path / "media")
    done = run("atajos", "clean", ATAJOS_MEDIA=str(tmp_path / "media"))
    assert (done.returncode, segment.exists()) == (2, True)
    assert "a render is under way there" in done.stderr
    held.cleanup()
    assert not under_way(tmp_path / "media")
    assert here("clean", ATAJOS_MEDIA=str(tmp_path / "media")).returncode == 0
    assert not segment.exists()
