"""How far the work is, is said: in 80 columns, and where there is no terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from scenes.kit.errors import UsageError
from scenes.studio import bar
from scenes.studio.bar import Share
from scenes.studio.farm import farm, request
from tests.studio.farm import tiny
from tests.studio.farm.here import Here

NAMES = ["telling GradientFlow (es)", "ResidualBlock (es) 12–18", "computing degradation"]


def share() -> Share:
    some = Share()
    for _ in range(4):
        some.add(10.0)
    some.begun -= 60.0
    some.finish(10.0)
    return some


def test_a_terminal_of_80_columns_shows_what_is_done_the_time_left_and_what_is_under_way() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=80, color_system=None)
    with bar.bar(console) as show:
        show(share(), NAMES)
    lines = [line for line in console.file.getvalue().replace("\r", "\n").splitlines() if "slices" in line]
    assert "1 of 4 slices, about 3:00 left · ResidualBlock" in lines[-1]
    assert all(len(line.split("\x1b")[0]) <= 80 for line in lines)


def test_without_a_terminal_a_line_is_said_now_and_then(capsys, monkeypatch) -> None:
    with bar.bar() as show:
        show(share(), NAMES)  # not yet
        monkeypatch.setattr(bar, "QUIET", 0.0)
        show(Share(), NAMES[:1])  # a deep chapter is being told
        show(share(), NAMES[1:])
    telling, drawing = capsys.readouterr().err.splitlines()
    assert telling == "0:00; telling GradientFlow (es)"
    assert drawing == "0:00: 1 of 4 slices, about 3:00 left; ResidualBlock (es) 12–18, computing degradation"


def test_what_takes_long_in_this_process_is_said(capsys, monkeypatch) -> None:
    monkeypatch.setattr(bar, "QUIET", 0.001)
    said = ""
    with bar.at_times("telling Routes (es)"):
        while not said:
            said = capsys.readouterr().err
    assert said.startswith("0:00: telling Routes (es)\n")


# who draws, and how much


@pytest.mark.parametrize(("there", "free", "workers"), [(8, 40e9, 8), (8, 4.2e9, 2), (8, 1e9, 1), (1, 40e9, 1)])
def test_workers_are_as_many_as_cores_and_memory_allow(there, free, workers, monkeypatch, capsys) -> None:
    monkeypatch.setattr(request, "cores", lambda: there)
    monkeypatch.setattr(request, "free", lambda: int(free))
    assert request.affordable(2_000_000_000) == workers
    said = capsys.readouterr().err
    assert said == ("" if workers == there else f"{workers} of {there} workers: {free / 1e9:.1f} GB are free, "
                    "and one takes 2.0 GB; --jobs asks for more\n")  # fmt: skip


def test_one_beat_asked_for_draws_that_beat_alone(tmp_path: Path, small: Path, monkeypatch) -> None:
    (shot,) = tiny.shots(small, ("PlainBlock",), beat="effort")
    (made,) = farm.draw([shot], tmp_path, Here)
    assert made.path is not None and made.plan is not None and made.timeline is not None
    assert [beat.name for beat in made.timeline.beats] == ["effort"]
    segments = {path.stem for path in (tmp_path / "segments").iterdir()}
    assert segments == {play.key for play in made.plays}
    assert 0 < len(segments) < len(made.plan.plays) / 2
    assert sum(play.frames for play in made.plays) == made.timeline.duration * made.timeline.frame_rate
    (whole,) = tiny.draw(tmp_path, small, ("PlainBlock",), pool=Here)  # what there is, is used
    assert whole.drawn == len(whole.plays) - len(segments)


@pytest.mark.parametrize("told", [False, True])
def test_a_beat_that_there_is_not_is_refused_before_anything_is_drawn(told: bool, tmp_path: Path, small: Path) -> None:
    if told:
        farm.draw(tiny.shots(small, ("PlainBlock",), beat="effort"), tmp_path, Here)
    before = len(list(tmp_path.rglob("*.mp4")))
    with pytest.raises(UsageError, match=r"PlainBlock has no beat 'nope'; there are: "):
        farm.draw(tiny.shots(small, ("PlainBlock",), beat="nope"), tmp_path, Here)
    assert len(list(tmp_path.rglob("*.mp4"))) == before
