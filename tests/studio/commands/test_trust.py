"""Commands that hold whatever the terminal, the environment and the shape of the picture are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from manim._config.video_encoder import VideoEncoderSpec

from scenes.kit.drawing.stage import ASPECTS
from scenes.kit.video.encoding import options
from scenes.kit.video.segments import WholeSegmentEncoder
from scenes.studio.look import QUALITIES, Look
from tests.conftest import Run


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("quality", QUALITIES)
def test_every_size_is_even_of_its_shape_and_encoded(aspect: str, quality: str, tmp_path: Path) -> None:
    width, height = Look(aspect=aspect, quality=quality).pixels
    columns, rows = ASPECTS[aspect]
    assert not width % 2 and not height % 2
    assert width / height == pytest.approx(columns / rows, rel=0.01)
    settings = tuple(({"crf": "23"} | options(min(width, height))).items())
    spec = VideoEncoderSpec("mp4", "libx264", "yuv420p", width, height, Fraction(15), settings)
    encoder = WholeSegmentEncoder(target=tmp_path / "one.mp4", spec=spec)
    encoder.write_frame(np.full((height, width, 4), 90, np.uint8))
    encoder.finish()
    with av.open(str(tmp_path / "one.mp4")) as clip:
        assert [(frame.width, frame.height) for frame in clip.decode(video=0)] == [(width, height)]


@pytest.mark.usefixtures("alone")
def test_a_tall_clip_is_encoded(here: Run, tmp_path: Path, small: Path) -> None:
    media = {"ATAJOS_MEDIA": str(tmp_path / "media")}
    done = here("render", "PlainBlock", "-qt", "--params", small, "--aspect", "9:16", "--beat", "wanted", **media)
    assert done.returncode == 0, done.stderr
    (clip,) = (tmp_path / "out").glob("*9x16*.mp4")
    with av.open(str(clip)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (108, 192)


def test_the_environment_is_the_default_of_every_option(here: Run, small: Path) -> None:
    said = {"ATAJOS_LANG": "en", "ATAJOS_THEME": "light", "ATAJOS_ASPECT": "1:1"}
    done = here("stills", "PlainBlock", "--beat", "wanted", "--params", small, **said)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).name == "PlainBlock-wanted-en-light-1x1.png"


@pytest.mark.parametrize(
    ("name", "option"), [("LANG", "--lang"), ("THEME", "--theme"), ("ASPECT", "--aspect"), ("CAPTIONS", "")]
)
def test_what_the_environment_may_not_say_is_refused(here: Run, small: Path, name: str, option: str) -> None:
    done = here("render", "PlainBlock", "--params", small, **{f"ATAJOS_{name}": "xx"})
    assert done.returncode == 2
    assert "'xx'" in done.stderr and "Traceback" not in done.stderr and (option or "ATAJOS_CAPTIONS") in done.stderr


def test_output_never_fails_on_the_terminal_s_encoding(run: Run, small: Path) -> None:
    for command in (["atajos", "sim", "profile", "--params", small], ["atajos", "--help"]):
        done = run(*command, PYTHONIOENCODING="ascii")
        assert done.returncode == 0, done.stderr


def test_the_version_is_told(here: Run) -> None:
    assert here("--version").stdout.startswith("atajos, version ")
