"""The same jobs on a Dask cluster: worker processes that share nothing with the one who asks."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import psutil  # comes with Dask
import pytest

from scenes.kit.errors import UsageError
from scenes.studio.farm import cluster, farm
from scenes.studio.farm.cluster import DaskPool
from tests.conftest import wait_for
from tests.studio.commands.test_render import frames
from tests.studio.farm import tiny
from tests.studio.farm.here import Here

NAMES = ("PlainBlock",)


@pytest.mark.long
def test_a_cluster_draws_the_same_frames_though_a_worker_is_killed(tmp_path: Path, small: Path, monkeypatch) -> None:
    """Records are computed there, too: the store here is empty. Nobody beyond this machine can speak to it."""
    monkeypatch.setenv("ATAJOS_STORE", str(tmp_path / "store"))
    media = tmp_path / "media"

    def kill_one() -> None:
        wait_for(lambda: list((media / "segments").glob("*.mp4")))
        me = psutil.Process()
        family = [me, *me.children(recursive=True)]
        places.update(one.laddr.ip for member in family for one in member.net_connections() if one.status == "LISTEN")
        workers = [one for one in me.children() if any("spawn_main" in word for word in one.cmdline())]
        workers[0].kill()
        killed.append(workers[0].pid)

    killed: list[int] = []
    places: set[str] = set()
    monkeypatch.setattr(farm, "WORTH", 0.0)
    monkeypatch.setattr(farm, "SHARES", 5)
    killer = threading.Thread(target=kill_one)
    killer.start()
    (made,) = tiny.draw(media, small, NAMES, pool=lambda *_: DaskPool("local:1"))
    killer.join()
    assert killed
    assert places and places <= {"127.0.0.1", "::1"}
    assert made.drawn == len(made.plan.plays)
    assert list((tmp_path / "store").glob("identity-*.npz"))
    (here,) = tiny.draw(tmp_path / "here", small, NAMES, pool=Here)
    assert np.array_equal(frames(made.path), frames(here.path))


@pytest.mark.parametrize("address", ["local:0", "local", "http://here", "tcp://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match=r"not understood; allowed: local:N"):
        DaskPool(address)


def test_a_scheduler_that_does_not_answer_is_told_in_one_message(monkeypatch) -> None:
    monkeypatch.setattr(cluster, "WAIT", 0.2)
    with pytest.raises(UsageError, match=r"--cluster tcp://127\.0\.0\.1:9: no scheduler answers there"):
        DaskPool("tcp://127.0.0.1:9")
