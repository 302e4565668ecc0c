"""Real renders, through the commands a lecturer types: what changes, what is cached, what is refused."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from manim import tempconfig
from PIL import Image

from scenes.film import FILM
from scenes.identity import PlainBlock
from scenes.studio.commands import film as film_command
from tests.conftest import PATIENCE, Run, wait_for
from tests.studio.conftest import SCENE, clip_in, plain
from tests.studio.farm.tiny import SIZE

PLAIN = pytest.mark.xdist_group("farm")  # where the plain manim command draws once for all


def frames(clip: Path) -> np.ndarray:
    """All frames of a clip, (frames, height, width, 3)."""
    with av.open(str(clip)) as container:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])


@pytest.fixture
def mine(rendered: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(rendered, tmp_path / "mine"))


def segments(folder: Path) -> dict[str, int]:
    """The cached segments with the time each was written."""
    found = (folder / "media").rglob("partial_movie_files/**/*.mp4")
    return {path.name: path.stat().st_mtime_ns for path in found}


@PLAIN
def test_nothing_changed_nothing_drawn_one_parameter_changed_another_clip(mine: Path) -> None:
    first, cached = frames(clip_in(mine)), segments(mine)
    assert len(cached) > 10
    assert len(first) == sum(len(frames(path)) for path in (mine / "media").rglob("partial_movie_files/**/*.mp4"))
    done = plain(folder=mine)
    assert done.stdout.count("Using cached data") == len(cached)
    assert segments(mine) == cached
    assert np.array_equal(frames(clip_in(mine)), first)

    params = mine / "small.toml"
    params.write_text(params.read_text().replace("width = 4\nsteps = 20", "width = 6\nsteps = 20"))
    done = plain("-n", "0,0", folder=mine)  # the first play, whose segment all that is read has a say in
    assert "Using cached data" not in done.stdout
    assert len(segments(mine)) == len(cached) + 1


@PLAIN
def test_a_clip_says_its_colours_and_carries_its_captions(mine: Path) -> None:
    clip = clip_in(mine)
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert stream.codec_context.colorspace == 6  # SMPTE 170M, the matrix manim encodes with
    data = clip.read_bytes()
    assert data.find(b"moov") < data.find(b"mdat")  # can be played while it loads
    assert not clip.with_suffix(".srt").exists()  # players would show them over those in the picture
    done = plain(folder=mine, ATAJOS_CAPTIONS="soft", ATAJOS_LANG="en", ATAJOS_SET="identity.width=3")
    assert "Using cached data" not in done.stdout
    captions = clip_in(mine).with_suffix(".srt").read_text(encoding="utf-8")
    assert captions.startswith("1\n00:00:00,000 --> ")
    assert "That is the identity function." in captions


@PLAIN
def test_a_killed_render_leaves_nothing_that_is_trusted(mine: Path) -> None:
    right = frames(clip_in(mine))
    for path in (mine / "media").rglob("*.mp4"):
        path.unlink()
    command = [str(Path(sys.executable).with_name("manim")), *SIZE, str(SCENE), "PlainBlock"]
    killed = subprocess.Popen(
        command, cwd=mine, env=os.environ | {"ATAJOS_PARAMS": str(mine / "small.toml")}, stdout=subprocess.DEVNULL
    )
    wait_for(lambda: len(segments(mine)) >= 3 or killed.poll() is not None)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    done = plain(folder=mine)
    assert done.stdout.count("Using cached data") >= 3
    assert np.array_equal(frames(clip_in(mine)), right)


@pytest.mark.usefixtures("alone")
def test_atajos_render_and_film_print_where_the_clip_lies(
    run: Run, here: Run, tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A film of two chapters; the whole one is made as the README says. Files of a user have the names they have."""
    for name in ("scenes", "sim", "manim"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('a file of the user hides the film')\n")
    media = {"ATAJOS_MEDIA": str(tmp_path / "media")}
    chosen = ("-qt", "--params", small, "--set", "identity.width=3", "--lang", "en")
    done = run("atajos", "render", "PlainBlock", *chosen, **media)
    assert done.returncode == 0, done.stderr
    clip = Path(done.stdout.strip())
    assert clip == tmp_path / "out" / "PlainBlock-en-108p.mp4"
    assert "0 from the cache" in done.stderr
    monkeypatch.setattr(film_command, "FILM", [one for one in FILM if one.name in ("Opening", "PlainBlock")])
    done = here("film", *chosen, **media)
    assert done.returncode == 0, done.stderr
    film = Path(done.stdout.strip())
    assert "0 of" in done.stderr
    assert len(frames(film)) >= len(frames(clip))
    names = {path.name for path in film.parent.iterdir() if path.is_file()}
    assert names == {
        f"{one.stem}.{end}" for one in (film, clip) for end in ("mp4", "mp4.json", "png", "srt", "vtt", "md")
    }


def test_stills_and_strips(here: Run, tmp_path: Path, small: Path) -> None:
    done = here("stills", "PlainBlock", "--params", small, "--theme", "light", "--aspect", "1:1")
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).name == "PlainBlock-beats-es-light-1x1.png"
    done = here("stills", "PlainBlock", "--params", small, "--strip", "0.5", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).read_bytes().startswith(b"\x89PNG")
    done = here("stills", "PlainBlock", "--params", small, "--beat", "wanted")
    assert Path(done.stdout.strip()).name == "PlainBlock-wanted-es.png"
    with Image.open(done.stdout.strip()) as picture:
        assert picture.size == (1920, 1080)
    done = here("stills", "PlainBlock", "--params", small, "--beat", "want")
    assert done.returncode == 2
    assert "PlainBlock has no beat 'want'; there are: wanted, start, hard, train" in done.stderr


BAD = {
    "unknown key": ("[profile]\ndept = 3", "profile.dept = 3: unknown key; did you mean profile.depth?"),
    "wrong type": ('[profile]\ndepth = "deep"', 'profile.depth = "deep": must be a whole number from 1 to 512'),
    "out of range": ("[profile]\ndepth = 0", "profile.depth = 0: must be a whole number from 1 to 512"),
    "syntax": ("[profile\ndepth = 3", "line 1"),
}


def ended(**environment: str) -> int:
    """The exit code with which a scene ends its process before it is begun."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as end:
        for name, value in environment.items():
            patch.setenv(name, value)
        PlainBlock()
    return end.value.code


@pytest.mark.parametrize("case", BAD)
def test_bad_parameters_end_a_scene_with_one_message(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, message = BAD[case]
    bad = tmp_path / "bad.toml"
    bad.write_text(text)
    assert ended(ATAJOS_PARAMS=str(bad)) == 2
    told = capsys.readouterr().err
    assert "bad.toml" in told
    assert message in told


def test_bad_parameters_end_manim_with_one_message(run: Run, tmp_path: Path) -> None:
    text, message = BAD["unknown key"]
    bad = tmp_path / "bad.toml"
    bad.write_text(text)
    done = run("manim", *SIZE, SCENE, "PlainBlock", ATAJOS_PARAMS=str(bad))
    assert done.returncode == 2
    assert "bad.toml" in done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert not list(tmp_path.rglob("*.mp4"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["render", "GradientFlow", "--lang", "fr"], "--lang: 'fr' is not known; allowed: es, en"),
        (["render", "GradientFlow", "--theme", "sepia"], "allowed: dark, light, transparent"),
        (["render", "GradientFlow", "--quality", "z"], "allowed: l, m, h, k"),
        (["render", "Gradientflow"], "did you mean GradientFlow?"),
        (["render", "GradientFlow", "--params", "nowhere.toml"], "nowhere.toml"),
        (["render", "GradientFlow", "--set", "profile.depth=1000"], "profile.depth = 1000: must be a whole number"),
        (["stills"], "name a chapter"),
        (["fil"], "No such command 'fil'"),
        (["film", "--out", "/dev/null/here"], "--out /dev/null/here"),
    ],
)
def test_bad_commands_end_with_one_message(arguments: list[str], message: str, here: Run, tmp_path: Path) -> None:
    done = here(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("variable", ["ATAJOS_LANG", "ATAJOS_THEME", "ATAJOS_ASPECT"])
def test_a_scene_refuses_an_unknown_choice(variable: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(**{variable: "xx"}) == 2
    assert f"{variable}: 'xx' is not known; allowed: " in capsys.readouterr().err


@pytest.mark.usefixtures("alone")
def test_ctrl_c_ends_with_130_and_is_resumed(here: Run, tmp_path: Path, small: Path) -> None:
    environment = os.environ | {"ATAJOS_MEDIA": str(tmp_path / "media")}
    command = [str(Path(sys.executable).with_name("atajos")), "render", "PlainBlock", "-qt", "--params", str(small)]
    begun = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: list((tmp_path / "media" / "segments").glob("*.mp4")) or begun.poll() is not None)
    begun.send_signal(signal.SIGINT)
    _, told = begun.communicate(timeout=PATIENCE)
    assert begun.returncode == 130, told
    assert "interrupted" in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists()
    assert not list((tmp_path / "media").rglob("*.part"))
    done = here("render", "PlainBlock", "-qt", "--params", small, ATAJOS_MEDIA=str(tmp_path / "media"))
    assert done.returncode == 0, done.stderr
    assert " 0 from the cache" not in done.stderr


def test_a_full_disk_is_told_in_one_message(monkeypatch, tmp_path: Path, small: Path, capsys) -> None:
    from scenes.film import CHAPTERS
    from scenes.kit.video import segments as kit_segments
    from scenes.studio.look import Look, chosen

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(tmp_path / "segment"))

    monkeypatch.setattr(kit_segments.WholeSegmentEncoder, "finish", full)
    monkeypatch.setenv("ATAJOS_MEDIA", str(tmp_path / "media"))
    small_video = {
        "pixel_height": 108,
        "pixel_width": 192,
        "frame_rate": 4,
        "media_dir": str(tmp_path),
        "format": "mp4",
    }
    with chosen(Look(), str(small)), tempconfig(small_video), pytest.raises(SystemExit) as ended:
        CHAPTERS[0].scene()().render()
    assert ended.value.code == 2
    assert "No space left on device" in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.mp4"))


def test_a_warm_scene_needs_no_torch_to_begin_drawing(run: Run, here: Run, small: Path) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(SCENE.parent)!r})
from manim import tempconfig
from identity import PlainBlock
with tempconfig({{"quality": "low_quality", "progress_bar": "none", "verbosity": "ERROR", "upto_animation_number": 0}}):
    PlainBlock().render()
print("torch" in sys.modules)
"""
    here("voice", "PlainBlock", "--params", small, "--list")  # warms the store with every record of the chapter
    assert run("python", "-c", code, ATAJOS_PARAMS=str(small)).stdout.split()[-1] == "False"
