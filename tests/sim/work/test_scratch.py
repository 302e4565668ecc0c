"""Temporary folders: a killed process leaves one, and the next start removes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sim.work.scratch import HOST, scratch, sweep, sweep_parts
from tests.conftest import wait_for

LEAVE = """
import os, signal, sys
from pathlib import Path
from sim.work.scratch import scratch
kept = scratch("trial", Path(sys.argv[1]))
(Path(kept.name) / "half").write_text("written")
print(kept.name, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_what_a_killed_process_leaves_goes_at_the_next_start(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LEAVE, str(tmp_path)], capture_output=True, text=True)
    left = Path(done.stdout.strip())
    assert done.returncode == -signal.SIGKILL
    assert (left / "half").is_file()
    others = [tmp_path / "atajos-mine", tmp_path / "atajos-trial-000000-1-x", tmp_path / "thesis"]
    for other in others:
        other.mkdir()
    with scratch("trial", tmp_path) as own:
        assert not left.exists()
        assert Path(own).is_dir()
        sweep(tmp_path)
        assert Path(own).is_dir()  # its process lives
        assert str(os.getpid()) in own
    assert not Path(own).exists()
    assert all(other.is_dir() for other in others)  # not ours, or not of this machine


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_what_a_killed_process_left_half_written_goes_too(tmp_path: Path) -> None:
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    gone = tmp_path / f".a.mp4.{HOST}.{dead.stdout.strip()}.part"
    kept = [tmp_path / f".a.mp4.{HOST}.{os.getpid()}.part", tmp_path / ".a.mp4.000000.1.part", tmp_path / "a.mp4"]
    for path in (gone, *kept):
        path.touch()
    sweep_parts(tmp_path)
    assert not gone.exists()
    assert all(path.exists() for path in kept)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="how a process stands is read there")
def test_who_has_ended_is_gone_though_nobody_has_asked(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()  # until it closes what it holds
    part = tmp_path / f".a.mp4.{HOST}.{process.pid}.part"
    part.touch()
    wait_for(lambda: sweep_parts(tmp_path) or not part.exists())
    assert process.wait() == 0  # only now
