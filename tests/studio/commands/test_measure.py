"""`atajos measure`: a stranger's file becomes a record, and what is wrong becomes one message."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import nn

from scenes.film import FILM
from scenes.gradient_flow import GradientFlow
from scenes.identity import PlainBlock
from scenes.kit.errors import UsageError
from scenes.plus_one import PlusOne
from scenes.studio.commands.film import chapters_of
from scenes.studio.commands.measure import literal, pair, refuse_hopeless, stops
from scenes.studio.commands.options import some_chapters
from scenes.studio.look import Look, chosen
from sim.nets import measure
from sim.own.file import load, save
from tests.conftest import Run
from tests.scenes.telling import tell
from tests.tower import tower

MINE = """import sys
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layer = nn.Linear(width, width)
    def forward(self, x):
        return x + torch.tanh(self.layer(x))

def build(depth=3, width=8):
    print("a line that is no part of the record")
    return nn.Sequential(*(Block(width) for _ in range(depth)))

def wrong():
    return nn.Sequential(Block(5))
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    (tmp_path / "torch.py").write_text("raise SystemExit('a file of the user hides torch')\n")
    (tmp_path / "sim").mkdir()
    return path


def test_a_file_of_one_s_own_becomes_records(run: Run, mine: Path, tmp_path: Path) -> None:
    done = run(
        *("atajos", "measure", "mine.py:build", "--input", "vector:8", "--kwargs", "width=8", "--vary", "depth=2,5"),
        *("--out", "mine.npz", "--json", "-", "--batch", 4, "--seeds", 2),
    )
    assert done.returncode == 0, done.stderr
    assert "your code, in a process of its own" in done.stderr
    assert [len(one["blocks"]) for one in json.loads(done.stdout)] == [2, 5]
    shallow, deep = load(tmp_path / "mine.npz")
    assert (len(shallow.blocks), len(deep.blocks)) == (2, 5)
    assert deep.blocks[4] | {"code": ""} == {
        **{"name": "4.layer", "where": "mine.py:10", "code": "", "kind": "identity"},
        **{"factor": 1.0, "layers": 1, "parameters": 72, "shape": [8]},
    }
    assert deep.params["kwargs"] == {"depth": 5, "width": 8}


def test_a_list_and_a_refusal(here: Run, mine: Path) -> None:
    listed = here("measure", "mine.py:build", "--input", "vector:8", "--list")
    assert listed.returncode == 0, listed.stderr
    assert listed.stdout.count("return x + torch.tanh(self.layer(x))") == 3
    refused = here("measure", "mine.py:wrong", "--input", "vector:8")
    assert refused.returncode == 2
    assert "atajos: forward: RuntimeError" in refused.stderr
    assert "mine.py:10: return x + torch.tanh(self.layer(x))" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_record_is_read_without_torch(run: Run) -> None:
    rooms = "sim.nets, sim.own.file, sim.own.table, scenes.studio.commands.measure"
    assert run("python", "-c", f"import sys, {rooms}; print('torch' in sys.modules)").stdout.strip() == "False"


@pytest.mark.usefixtures("alone")
def test_a_record_becomes_a_clip(here: Run, tmp_path: Path) -> None:
    save(tmp_path / "mine.npz", [measure(lambda n=n: tower(n), "vector:4", examples=3, name="mine") for n in (2, 4)])
    clip = ("render", "GradientFlow", "-qt", "--lang", "en", "--network", "mine.npz", "--out", "out")
    done = here(*clip, ATAJOS_MEDIA=str(tmp_path / "media"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("GradientFlow-en-mine-108p.mp4")
    told = json.loads((tmp_path / "out" / "GradientFlow-en-mine-108p.mp4.json").read_text())
    assert [one["name"] for one in told["networks"]] == ["mine", "mine"]
    names = [beat["name"] for beat in told["chapters"][0]["beats"]]
    assert names == ["start", "plain", "skip", "residual", "depth_4"]
    assert "0 of " in here(*clip, ATAJOS_MEDIA=str(tmp_path / "media")).stderr  # nothing has changed


def test_what_cannot_be_drawn_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alike = measure(lambda: tower(2), "vector:4", examples=3)
    save(tmp_path / "alike.npz", [alike, alike])
    (tmp_path / "broken.npz").write_bytes(b"PK")
    for chapter, name, told in [
        (GradientFlow, "alike", "two stops have the same number of blocks"),
        (GradientFlow, "broken", "damaged"),
    ]:
        with chosen(Look(network=str(tmp_path / f"{name}.npz"))), pytest.raises(UsageError, match=told):
            chapter().setup()
    with chosen(Look(network=str(tmp_path / "alike.npz"))), pytest.raises(SystemExit):
        PlainBlock()
    assert "PlainBlock draws no network of one's own: it watches a block learn" in capsys.readouterr().err
    with pytest.raises(UsageError, match="there is no file"), chosen(Look(network="none.npz")):
        pass


def test_what_is_typed(tmp_path: Path) -> None:
    assert [literal(text) for text in ("8", "1e-3", "True", "gelu", "[1,2]")] == [8, 1e-3, True, "gelu", [1, 2]]
    assert pair("--kwargs", "name=a=b") == ("name", "a=b")
    assert stops("depth=8,20") == ["depth", [8, 20]] and stops("norm=batch,none") == ["norm", ["batch", "none"]]
    assert stops(None) is None
    for wrong in ("depth", "depth=3"):
        with pytest.raises(UsageError, match="--vary"):
            stops(wrong)
    for path in (tmp_path, tmp_path / "no" / "mine.npz"):
        with pytest.raises(UsageError, match=r"is a directory|there is no folder"):
            refuse_hopeless(path)


@pytest.fixture(scope="module")
def gapped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network in which one block has no shortcut."""
    path = tmp_path_factory.mktemp("gapped") / "gapped.npz"
    save(path, [measure(lambda: nn.Sequential(tower(2), nn.Linear(4, 4), tower(2)), "vector:4", examples=3, name="g")])
    return path


@pytest.mark.parametrize("chapter", ["WaterPipes", "PlusOne", "GradientFlow", "PlainRoad", "Shortcuts"])
def test_a_network_with_a_gap_is_told_as_it_is(chapter: str, gapped: Path) -> None:
    told = tell(chapter, Look(lang="en", network=str(gapped)))
    assert told.wrong == {}
    said = " ".join(told.said.values())
    assert ("4 of 5" in said) == (chapter in ("WaterPipes", "PlusOne", "GradientFlow"))
    assert ("where there is none, all still goes through it" in said) == (chapter == "Shortcuts")
    assert "takes no toll away" not in said and "over every toll" not in said


def test_plus_one_needs_one_bare_shortcut(tmp_path: Path) -> None:
    def scaled() -> nn.Module:
        net = tower(2)
        for block in net:
            block.forward = lambda x, own=block: torch.add(torch.tanh(own.layer(x)), x, alpha=0.5)  # type: ignore[method-assign]
        return net

    save(tmp_path / "half.npz", [measure(scaled, "vector:4", examples=3)])
    with (
        chosen(Look(network=str(tmp_path / "half.npz"))),
        pytest.raises(UsageError, match=r"no shortcut of .* is bare"),
    ):
        PlusOne().setup()


def test_a_film_of_a_network_has_the_chapters_that_draw_it(capsys: pytest.CaptureFixture[str]) -> None:
    names = [chapter.name for chapter in chapters_of("mine.npz")]
    assert names == ["Opening", "PlainRoad", "Shortcuts", "WaterPipes", "PlusOne", "GradientFlow"]
    assert "left out, as they draw no network of one's own: Degradation, PlainBlock" in capsys.readouterr().err
    assert chapters_of(None) == list(FILM)
    assert [chapter.name for chapter in some_chapters([], True, "mine.npz")] == names[1:]
