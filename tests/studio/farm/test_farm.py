"""The farm: chapters drawn in slices by several processes are the chapters, whatever happens to the processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil  # comes with Dask
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scenes.kit.drawing import text
from scenes.kit.errors import UsageError
from scenes.kit.telling import narration
from scenes.studio.farm import farm, orders, plans
from scenes.studio.farm.messages import Play
from scenes.studio.farm.plans import Plan
from tests.conftest import PATIENCE, ROOT, SMALL, Run, wait_for
from tests.studio.commands.test_render import frames
from tests.studio.conftest import clip_in
from tests.studio.farm import tiny
from tests.studio.farm.here import Here

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("farm")]
NAMES = ("Degradation", "PlainBlock")  # in the order of the film


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("params") / "small.toml"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory, params: Path) -> tuple[Path, list[np.ndarray]]:
    """A media folder with finished clips, drawn by two workers in many slices, and their frames."""
    media = tmp_path_factory.mktemp("farm") / "media"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(farm, "SHARES", 6)
        patch.setattr(farm, "WORTH", 0.0)
        made = tiny.draw(media, params, NAMES)
    assert all(clip.why == "never rendered" and clip.drawn == len(clip.plan.plays) > 10 for clip in made)
    return media, [frames(clip.path) for clip in made]


def nobody(*_: object) -> farm.Pool:
    raise AssertionError("workers were wanted although there is nothing to do")


Begin = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def begin(tmp_path: Path, params: Path) -> Iterator[Begin]:
    """Begin to draw the chapters in a process of its own group, into ``tmp_path / "media"``."""
    begun: list[subprocess.Popen[str]] = []

    def start(*names: str, **options: object) -> subprocess.Popen[str]:
        command = [
            sys.executable,
            "-m",
            "tests.studio.farm.tiny",
            str(tmp_path / "media"),
            str(params),
            *(names or NAMES),
        ]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        begun.append(subprocess.Popen(command, cwd=ROOT, start_new_session=True, **pipes, **options))
        return begun[-1]

    yield start
    for process in begun:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def group(pgid: int) -> list[int]:
    """The processes of a group that still run."""
    told = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in told.splitlines()]
    return [int(pid) for pid, group, state in rows if int(group) == pgid and not state.startswith("Z")]


def segments(folder: Path) -> list[Path]:
    return list((folder / "media" / "segments").glob("*.mp4"))


def same(media: Path, params: Path, right: list[np.ndarray]) -> list[orders.Clip]:
    """Draw what is left to be drawn, and compare."""
    made = tiny.draw(media, params, NAMES, pool=Here)
    assert all(np.array_equal(frames(clip.path), one) for clip, one in zip(made, right, strict=True))
    assert not list(media.rglob("*.part"))
    return made


# the same film


def test_slices_are_frame_for_frame_what_manim_draws(drawn, rendered: Path) -> None:
    assert np.array_equal(frames(clip_in(rendered)), drawn[1][1])


def test_nothing_changed_nothing_told(drawn, params: Path, begin: Begin, tmp_path: Path) -> None:
    made = tiny.draw(drawn[0], params, NAMES, pool=nobody)
    assert [clip.drawn for clip in made] == [0, 0]
    count = len(made[1].plan.plays)
    assert made[1].summary == f"PlainBlock (es): 0 of {count} segments drawn, {count} from the cache"
    (tmp_path / "media").symlink_to(drawn[0])
    told = begin().communicate(timeout=PATIENCE)
    assert told[1].splitlines()[-1] == "False False"  # neither torch nor manim


def test_one_parameter_changed_draws_what_reads_it_and_says_so(drawn, params: Path) -> None:
    other, plain = tiny.draw(drawn[0], params, NAMES, "identity.width=3", pool=Here)
    assert other.drawn == 0
    assert other.why is None
    assert plain.drawn == len(plain.plan.plays)
    assert plain.summary.endswith("; parameters changed: identity.width")
    _, back = tiny.draw(drawn[0], params, NAMES)
    assert back.drawn == 0
    assert back.why == "parameters changed: identity.width"


def test_a_lost_segment_is_drawn_again_and_a_broken_one_too(drawn, params: Path) -> None:
    media, right = drawn
    _, plain = tiny.draw(media, params, NAMES, pool=nobody)
    plain.path.unlink()
    lost, broken, *_ = (media / "segments" / f"{play.key}.mp4" for play in plain.plan.plays)
    lost.unlink()
    broken.write_bytes(broken.read_bytes()[:-500])  # as a disk that was pulled out would leave it
    other, plain = same(media, params, right)
    assert (other.drawn, plain.drawn) == (0, 2)
    assert plain.why == "2 segments missing"


def test_other_words_are_a_reason_for_their_chapter_alone(drawn, params: Path, monkeypatch) -> None:
    words = narration.words_of("es")
    changed = words | {"PlainBlock": words["PlainBlock"] | {"title": "Otro título"}}
    monkeypatch.setattr(narration, "words_of", lambda _: changed)
    other, plain = (orders.look_up(shot, drawn[0]) for shot in tiny.shots(params, NAMES))
    assert (other.why, plain.why) == (None, "words changed")


def test_other_code_is_a_reason(drawn, params: Path, monkeypatch) -> None:
    monkeypatch.setattr(plans.code, "digest", lambda _: "other")
    assert {orders.look_up(shot, drawn[0]).why for shot in tiny.shots(params, NAMES)} == {"code changed"}


# what may happen to processes


def test_killed_at_any_moment_the_same_command_ends_well(drawn, begin: Begin, tmp_path: Path, params: Path) -> None:
    for after in (1, 20):
        process = begin()
        wait_for(lambda: len(segments(tmp_path)) >= after or process.poll() is not None)  # noqa: B023
        process.kill()  # SIGKILL, to the first process alone
        wait_for(lambda: not group(process.pid))  # noqa: B023 the workers go too
    there = len(segments(tmp_path))
    made = same(tmp_path / "media", params, drawn[1])
    assert sum(clip.drawn for clip in made) <= sum(len(clip.plan.plays) for clip in made) - there


def test_a_killed_worker_is_replaced(drawn, begin: Begin, tmp_path: Path, params: Path) -> None:
    process = begin()
    wait_for(lambda: len(segments(tmp_path)) >= 3)
    family = psutil.Process(process.pid).children(recursive=True)
    workers = [one for one in family if one.ppid() != process.pid]  # forked of one that has imported manim
    workers[-1].kill()
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, told
    same(tmp_path / "media", params, drawn[1])


def test_ctrl_c_stops_all(begin: Begin, tmp_path: Path) -> None:
    process = begin("PlainBlock")
    wait_for(lambda: len(segments(tmp_path)) >= 2)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert told.startswith("atajos: interrupted")
    assert "Traceback" not in told
    wait_for(lambda: not group(process.pid))  # one that is dying is gone a moment later
    assert not list((tmp_path / "media").rglob("*.part"))


def test_two_at_once_in_one_folder_are_both_right(drawn, begin: Begin, tmp_path: Path) -> None:
    """From nothing: their workers compute the same records, too."""
    environment = os.environ | {"ATAJOS_STORE": str(tmp_path / "store")}
    both = [begin("PlainBlock", env=environment) for _ in range(2)]
    for process in both:
        out, told = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, told
        assert np.array_equal(frames(Path(out.strip())), drawn[1][NAMES.index("PlainBlock")])
        assert told.splitlines()[-1] == "False False"  # neither torch nor manim in the process that asks


# what users can mend


def test_a_full_disk_is_told_in_one_message(begin: Begin, tmp_path: Path) -> None:
    """A limit on the size of files, which workers inherit, is as good as a full disk, and needs no rights."""
    import resource

    process = begin("PlainBlock", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000)))
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert told.startswith("atajos: cannot write or read a file: ")
    assert len(told.splitlines()) == 1
    assert not list((tmp_path / "media").rglob("*.part"))
    assert not list((tmp_path / "media" / "clips").iterdir())


def test_an_unknown_codec_is_told_in_one_message(run: Run, tmp_path: Path, small: Path) -> None:
    (tmp_path / "manim.cfg").write_text("[video_encoder]\ncodec = h2640\n")
    out = tmp_path / "out" / "PlainBlock-es-480p.mp4"
    out.parent.mkdir()
    out.write_bytes(b"earlier")
    done = run("atajos", "render", "PlainBlock", "--params", small, ATAJOS_MEDIA=str(tmp_path / "media"))
    assert done.returncode == 2
    assert "h2640" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert out.read_bytes() == b"earlier"


def test_a_missing_font_is_told_by_name(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(text, "FOLDER", tmp_path)
    with pytest.raises(UsageError, match=r"AtkinsonHyperlegibleNext_400Regular\.ttf: the font is missing"):
        text._font.__wrapped__("regular")


# planning


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40), st.floats(0.01, 500))
@example([1.7454061962111083, 1.7454061962111083, 3e-121], 1.0)  # what is left of the last one is lost to rounding
def test_slices_hold_every_play_once_and_are_of_like_cost(costs: list[float], share: float) -> None:
    cut = list(orders.ranges(costs, share))
    wanted = [i for i, cost in enumerate(costs) if cost > 0]
    assert [i for first, last, _ in cut for i in range(first, last + 1) if costs[i] > 0] == wanted
    count = max(1, min(len(wanted), round(sum(costs) / share)))
    assert len(cut) <= count
    assert all(cost <= sum(costs) / count + max(costs) + 1e-9 for *_, cost in cut)


def test_what_plays_will_cost_is_learnt(drawn, params: Path) -> None:
    plan = Plan.read(plans.path_of(tiny.shots(params, NAMES)[0], drawn[0]))
    assert plan is not None
    assert plan.costs == plans.expected(plan.plays, plan)
    doubled = tuple(Play("other", 2 * play.frames, play.moving) for play in plan.plays)
    assert plans.expected(doubled, plan) == pytest.approx([2 * cost for cost in plan.costs])


def test_a_foreign_plan_is_no_plan(tmp_path: Path) -> None:
    for content in ("", "[]", '{"form": 0}', '{"form": 1, "plays": [[1]]}', '{"form": 1, "plays": []}'):
        (tmp_path / "plan.json").write_text(content)
        assert Plan.read(tmp_path / "plan.json") is None
