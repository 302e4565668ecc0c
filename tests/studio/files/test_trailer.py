"""The trailer: which shots of a chapter are wanted, wherever its beats lie, and what is made of them."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import av
import pytest

from scenes.film import FILM, TRAILER, Cut
from scenes.kit.telling.timeline import Beat, Sentence, Timeline
from scenes.studio.commands import trailer as command
from scenes.studio.farm import orders, pieces
from scenes.studio.farm.messages import Play
from scenes.studio.files import trailer
from sim.params import load
from sim.paths import ASSETS
from tests.conftest import Run
from tests.studio.conftest import CHAPTER, RATE, SOFT

# Two beats of four and six seconds at five frames a second; five plays of two seconds each.
SAID = (Sentence(4.0, 2.0, ("one",)), Sentence(6.0, 4.0, ("two",)))
WHOLE = Timeline(
    "PlainBlock", "", "en", "soft", "brief", "", 5.0, (Beat("go_1", 0.0, 4.0, ()), Beat("go_2", 4.0, 6.0, SAID)), "go_1"
)
PLAYS = tuple(Play(f"{i}", 10, True) for i in range(5))


def shot(*cuts: Cut, beat: str | None = None):
    return orders.shot_of(CHAPTER, SOFT, load(environ={}), beat, cuts)


@pytest.mark.parametrize(
    ("cut", "start", "end", "plays"),
    [
        (Cut("PlainBlock", "go_1", 1.0), 0.0, 1.0, "0"),
        (Cut("PlainBlock", "go_*", 1.0), 4.0, 5.0, "2"),
        (Cut("PlainBlock", "go_2", 2.4, cue=1), 6.0, 8.4, "34"),
        (Cut("PlainBlock", "go_2", 3.0, cue=7), 6.0, 9.0, "34"),  # the last sentence, where there are fewer
        (Cut("PlainBlock", "go_1", 3.0, last=True), 1.0, 4.0, "01"),
        (Cut("PlainBlock", "go_2", 30.0, last=True), 0.0, 10.0, "01234"),
        (Cut("PlainBlock", "gone", 1.4), 2.6, 4.0, "1"),  # no such beat: what leads to the poster
    ],
)
def test_a_shot_is_found_by_its_beat(cut: Cut, start: float, end: float, plays: str) -> None:
    wanted = shot(cut)
    kept = pieces.wanted(wanted, WHOLE, PLAYS)
    assert "".join(play.key for play, keep in zip(PLAYS, kept, strict=True) if keep) == plays
    (piece,) = pieces.timed(wanted, WHOLE, PLAYS).beats
    gone = 2.0 * int(plays[0])
    assert piece.start == pytest.approx(start - gone)
    assert piece.end == pytest.approx(end - gone, abs=0.1)


def test_shots_of_a_chapter_lie_in_a_row_in_its_clip() -> None:
    line = pieces.timed(shot(Cut("PlainBlock", "go_2", 2.0, last=True), Cut("PlainBlock", "go_1", 1.0)), WHOLE, PLAYS)
    assert [(beat.start, beat.end) for beat in line.beats] == [(2.0, 4.0), (0.0, 1.0)]  # plays 0 and 4 alone


def test_the_trailer_names_chapters_and_beats_that_there_are() -> None:
    assert 38 <= sum(cut.seconds for cut in TRAILER) <= 45
    assert {cut.chapter for cut in TRAILER} == {chapter.name for chapter in FILM}
    for cut in TRAILER:
        words = tomllib.loads((ASSETS / "narration" / "en" / f"{cut.chapter}.toml").read_text(encoding="utf-8"))
        assert cut.beat.removesuffix("_*") in words["beats"], cut


def shown(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as source:
        return list(source.decode(video=0))


def test_shots_become_one_video_and_a_gif_no_heavier_than_allowed(clip: Path, tmp_path: Path) -> None:
    line = Timeline.read_beside(clip)
    two = replace(line, beats=(replace(line.beats[-1], start=2.0, duration=1.0), replace(line.beats[0], duration=0.6)))
    order = [(clip, two, beat) for beat in two.beats]
    trailer.encode(order, tmp_path / "a.mp4")
    frames = shown(tmp_path / "a.mp4")
    assert len(frames) == round(1.6 * RATE)
    whole = shown(clip)
    for frame, right in ((frames[0], whole[2 * RATE]), (frames[RATE], whole[0])):
        difference = frame.to_ndarray(format="gray").astype(int) - right.to_ndarray(format="gray")
        assert abs(difference).mean() < 4
    trailer.small_gif(order, tmp_path / "a.gif")
    full = shown(tmp_path / "a.gif")
    assert full[0].width == frames[0].width
    trailer.small_gif(order, tmp_path / "b.gif", heaviest=(tmp_path / "a.gif").stat().st_size // 2)
    assert (tmp_path / "b.gif").stat().st_size <= (tmp_path / "a.gif").stat().st_size // 2
    assert shown(tmp_path / "b.gif")[0].width < full[0].width


@pytest.mark.usefixtures("alone")
def test_the_command_draws_the_shots_alone_and_once(
    here: Run, tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "FILM", [CHAPTER])
    monkeypatch.setattr(command, "TRAILER", [Cut("PlainBlock", "learned", 1.0), Cut("PlainBlock", "wanted", 0.8)])
    chosen = ("film", "--trailer", "-qt", "--params", small, "--lang", "en", "--jobs", 1)
    media = {"ATAJOS_MEDIA": str(tmp_path / "media")}
    done = here(*chosen, **media)
    assert done.returncode == 0, done.stderr
    video, moving = map(Path, done.stdout.split())
    assert (video.name, moving.name) == ("Atajos-trailer-en-108p.mp4", "Atajos-trailer-en-108p.gif")
    assert len(shown(video)) == round(1.8 * RATE)
    drawn = {path.name for path in (tmp_path / "media" / "segments").glob("*.mp4")}
    assert f"{len(drawn)} of {len(drawn)} segments drawn" in done.stderr
    assert len(drawn) < 6
    made = video.stat().st_mtime_ns
    again = here(*chosen, "--format", "gif", **media)
    assert again.stdout.split() == [str(moving)]
    assert "0 of" in again.stderr
    assert video.stat().st_mtime_ns == made


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "webm"], "--format webm: a trailer is an mp4 and a GIF; allowed: mp4, gif"),
        (["--theme", "transparent"], "--theme transparent: a trailer stands by itself and has a background"),
        (["--transparent"], "--theme transparent: a trailer"),
        (["--out", "/dev/null/here"], "--out /dev/null/here"),
    ],
)
def test_what_a_trailer_is_not_is_told_in_one_message(arguments: list[str], message: str, here: Run) -> None:
    done = here("film", "--trailer", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
