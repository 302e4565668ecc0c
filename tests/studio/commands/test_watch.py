"""`atajos watch`: a picture first, then a clip, after every edit; workers are kept, and no code is stale."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from scenes.kit.telling.setting import using
from scenes.studio.farm import orders, worker
from scenes.studio.farm.messages import Disk
from scenes.studio.files import contact
from scenes.studio.files.formats import picture_at
from sim import store
from sim.params import load
from tests.conftest import PATIENCE, ROOT, wait_for
from tests.studio.conftest import CHAPTER, SOFT


class Watched:
    """A copy of the project, in which PlainBlock is watched."""

    def __init__(self, folder: Path, params: Path) -> None:
        self.project, self.params, self.told = folder / "project", params, folder / "told"
        for room in ("scenes", "sim", "assets"):
            shutil.copytree(ROOT / room, self.project / room, ignore=shutil.ignore_patterns("__pycache__", "stills"))
        shutil.copy(ROOT / "pyproject.toml", self.project)
        self.out = folder / "out"
        self.clip = self.out / "PlainBlock-es-108p.mp4"
        code = "from scenes.studio.commands.cli import main; main()"
        command = [sys.executable, "-c", code, "watch", "PlainBlock", "-qt", "--params", str(params)]
        own = {"ATAJOS_MEDIA": str(folder / "media"), "PYTHONPATH": str(self.project), "PYTHONUNBUFFERED": "1"}
        with self.told.open("w") as log:
            self.process = subprocess.Popen(command, cwd=folder, env=os.environ | own, stdout=log, stderr=log)

    def see(self, text: str, times: int = 1) -> None:
        wait_for(lambda: self.told.read_text().count(text) >= times or self.process.poll() is not None)
        assert self.process.poll() is None, self.told.read_text()

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture
def watched(tmp_path: Path, small: Path) -> Iterator[Watched]:
    one = Watched(tmp_path, small)
    try:
        yield one
    finally:
        one.process.kill()


def gone(family: list[psutil.Process]) -> bool:
    return not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family)


def test_the_beat_that_changed_first_is_found(tmp_path: Path, small: Path) -> None:
    shot = orders.shot_of(CHAPTER, SOFT, load(small, environ={}))
    disk = Disk(tmp_path, store.folder().resolve(), tmp_path)
    told = worker.tell(shot, disk, True)
    ends = dict(told.glimpses)
    assert [beat["name"] for beat in told.timeline["beats"]] == list(ends)
    assert worker.tell(shot, disk).glimpses == {}
    assert worker.glance(shot, disk, ends).beat is None  # drawn again, all is as it was
    found = worker.glance(shot, disk, ends | {"train": "other", "effort": "other"})
    assert found.beat == "train"
    with Image.open(io.BytesIO(found.picture)) as picture:
        assert picture.size == SOFT.pixels
        with using(shot.setting):
            right = contact.still(CHAPTER, "train", SOFT.pixels[1])
        assert np.array_equal(np.asarray(picture), np.asarray(right))


@pytest.mark.long
def test_every_edit_is_seen_at_once_and_nothing_stale_is(watched: Watched) -> None:
    clip, still = str(watched.clip), "PlainBlock-now-es.png"
    watched.see(clip)
    first, workers = watched.clip.read_bytes(), {one.pid for one in watched.family()}

    watched.edit(watched.params, "steps = 20", "steps = 10_")
    watched.see("TOML syntax error")
    watched.edit(watched.params, "steps = 10_", "steps = 10")
    watched.edit(watched.params, "20]", "10]")
    watched.see(clip, 2)
    told = watched.told.read_text()
    assert f"PlainBlock.wanted {watched.out / still}" in told  # nothing had been seen before
    shown = told[told.index(clip) :]
    assert shown.index(still) < shown.rindex(clip)
    with Image.open(watched.out / still) as picture:
        assert picture.size == (192, 108)
    assert watched.clip.read_bytes() != first
    assert workers <= {one.pid for one in watched.family()}  # the same ones, warm

    words = watched.project / "assets" / "narration" / "es" / "PlainBlock.toml"
    watched.edit(words, "A entrenar:", "Entrenemos:")
    watched.see(clip, 3)
    assert "Entrenemos:" in watched.clip.with_suffix(".srt").read_text(encoding="utf-8")

    chapter = watched.project / "scenes" / "identity.py"
    watched.edit(chapter, "plan.x[1], 7.0)", "plan.x[1], 7.0 +)")
    watched.see("SyntaxError")
    assert "/scenes/identity.py:" in watched.told.read_text().splitlines()[-1]
    before = picture_at(watched.clip, 0.0)
    watched.edit(chapter, "plan.x[1], 7.0 +)", "plan.x[1], 2.0)")
    watched.see(clip, 4)
    after = picture_at(watched.clip, 0.0)
    away = np.abs(np.asarray(before.convert("L"), int) - np.asarray(after.convert("L"), int))
    assert (away > 60).sum() > 200  # one begins much nearer, as the code says now

    family = watched.family()
    watched.process.send_signal(signal.SIGINT)
    assert watched.process.wait(timeout=PATIENCE) == 130
    wait_for(lambda: gone(family))
    assert "Traceback" not in watched.told.read_text()


def test_nobody_is_left_when_it_is_killed(watched: Watched) -> None:
    wait_for(lambda: len(watched.family()) >= 3)  # who renders, and what workers are forked of
    family = watched.family()
    watched.process.kill()
    wait_for(lambda: gone(family))
