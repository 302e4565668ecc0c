"""What nobody should give a command, each told in one short line, at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from manim import tempconfig

from scenes.kit.errors import UsageError
from scenes.studio.commands.group import atajos
from scenes.studio.farm import marks
from sim.params import ParamsError, load
from tests.conftest import ROOT, Run

TEXTS = {
    "deep": "a = " + "[" * 5000 + "]" * 5000,
    "tables": "[" + ".".join(["a"] * 900) + "]\nb = 1",
    "long": "[profile]\n" + "k" * 100_000 + " = 1",
    "wild": "[profile]\n" + "k" * 100_000,
}


@pytest.mark.parametrize("text", TEXTS)
def test_odd_parameters_are_one_short_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TEXTS[text])
    with pytest.raises(ParamsError) as told:
        load(path, environ={})
    assert str(told.value).startswith(str(path))
    assert len(str(told.value).splitlines()) == 1
    assert len(str(told.value)) < 400 + len(str(path))


def test_what_never_ends_is_no_parameter_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "fifo", Path("/dev/zero")):
        with pytest.raises(ParamsError, match="it is a device or a pipe"):
            load(path, environ={})


def test_a_table_in_the_place_of_a_number_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[highway.depth]\nx = 1\n")
    with pytest.raises(ParamsError) as told:
        load(path, environ={})
    assert all(line.startswith(str(path)) for line in str(told.value).splitlines())


def test_a_strip_that_is_no_number_is_refused() -> None:
    done = CliRunner().invoke(atajos, ["stills", "Opening", "--strip", "nan"])
    assert isinstance(done.exception, UsageError)
    assert str(done.exception) == "--strip nan: must be a number of frames a second from 0.1 to 30"


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"renderer": "opengl"}, "--renderer opengl: chapters are painted with cairo; allowed: cairo"),
        ({"pixel_width": 193, "pixel_height": 108}, "-r 193,108: clips have even widths and heights"),
    ],
)
def test_what_manim_offers_and_chapters_cannot_be_is_refused(
    choice: dict[str, object], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from scenes.opening import Opening  # before: with OpenGL chosen, manim makes other classes

    with tempconfig(choice), pytest.raises(SystemExit) as ended:
        Opening()
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("command", [["render", "Opening", "-qt"], ["stills", "Opening", "--beat", "question"]])
def test_a_broken_configuration_of_manim_is_named(command: list[str], run: Run, tmp_path: Path, small: Path) -> None:
    (tmp_path / "manim.cfg").write_text("[CLI\npixel_height = many\n")
    done = run("atajos", *command, "--params", small, ATAJOS_MEDIA=str(tmp_path / "media"))
    assert done.returncode == 2
    assert str(tmp_path / "manim.cfg") in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_folder_that_cannot_be_written_names_the_variable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="let ATAJOS_MEDIA name a folder that can"):
        marks.mark(tmp_path / "file" / "media")


def test_what_make_is_told_is_one_word() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in ("QUALITY", "LANG_", "THEME", "ASPECT"):
        assert f'"$${name}"' in text and f"$({name})" not in text
