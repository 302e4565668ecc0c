"""The same jobs on a Dask cluster: worker processes that share nothing with the one who asks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from scenes.kit.errors import UsageError
from scenes.studio.cluster import DaskPool
from tests.conftest import Run
from tests.studio import tiny
from tests.studio.test_render import frames

distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
NAMES = ("PlainBlock",)


def test_a_cluster_draws_the_same_frames_though_a_worker_is_killed(tmp_path: Path, small: Path, monkeypatch) -> None:
    """Records are computed there, too: the store here is empty."""
    monkeypatch.setenv("ATAJOS_STORE", str(tmp_path / "store"))
    media = tmp_path / "media"

    def kill_one() -> None:
        deadline = time.monotonic() + 60
        while not list((media / "segments").glob("*.mp4")) and time.monotonic() < deadline:
            time.sleep(0.02)
        for pid in children(os.getpid())[:1]:
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    killed: list[int] = []
    monkeypatch.setattr("scenes.studio.farm.WORTH", 0.0)
    killer = threading.Thread(target=kill_one)
    killer.start()
    (made,) = tiny.draw(media, small, NAMES, pool=lambda _: DaskPool("local:2"))
    killer.join()
    assert killed
    assert made.drawn == len(made.plan.plays)
    assert list((tmp_path / "store").glob("identity-*.npz"))
    (here,) = tiny.draw(tmp_path / "here", small, NAMES)
    assert np.array_equal(frames(made.path), frames(here.path))


def children(pid: int) -> list[int]:
    """The worker processes of a local cluster: those that came of spawning, resource trackers aside."""
    told = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=2) for line in told.splitlines()]
    return [int(child) for child, parent, args in rows if int(parent) == pid and "spawn_main" in args]


@pytest.mark.parametrize("address", ["local:0", "local", "http://here", "tcp://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match=r"not understood; allowed: local:N"):
        DaskPool(address)


def test_a_scheduler_that_does_not_answer_is_told_in_one_message(run: Run, small: Path, tmp_path: Path) -> None:
    assert sys.executable
    environment = {"ATAJOS_MEDIA": str(tmp_path / "media"), "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"}
    arguments = ("render", "PlainBlock", "--params", small, "--cluster", "tcp://127.0.0.1:9")
    done = run("atajos", *arguments, **environment)
    assert done.returncode == 2
    assert "--cluster tcp://127.0.0.1:9: no scheduler with workers answers there" in done.stderr
    assert "Traceback" not in done.stderr
