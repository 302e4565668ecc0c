"""Temporary folders: a killed process leaves one, and the next start removes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sim.work.scratch import scratch, sweep

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
