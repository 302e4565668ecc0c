"""The small commands: check, clean, watch, shell completion, and what --help says."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from scenes.studio.commands import check, clean
from scenes.studio.commands.group import atajos
from tests.conftest import Run


def test_check_is_content_here_and_says_what_it_saw(here: Run) -> None:
    done = here("check")
    assert done.returncode == 0, done.stdout
    for what in ("Python", "manim", "cairo", "pango", "Typst", "fonts", "glyphs", "codecs", "disk"):
        assert f"ok      {what}" in done.stdout


@pytest.mark.parametrize(
    ("name", "value", "what", "told"),
    [
        ("ENCODERS", ("libx264", "h266"), "codecs", "PyAV lacks h266"),
        ("ENOUGH", 1e18, "disk", "GB free"),
        ("_texts", lambda tree: ["☃"], "glyphs", "the font lacks '☃' in "),
        ("version", lambda name: "0.19.0", "manim", "0.19.0, but 0.22 is needed"),
    ],
)
def test_check_names_the_line_that_mends_what_is_missing(name, value, what, told, monkeypatch) -> None:
    monkeypatch.setattr(check, name, value)
    found = next(one for one in check.look_at_all() if one.what == what)
    assert told in found.told
    assert found.mend
    assert found.needed


def test_one_broken_thing_hides_no_other(monkeypatch) -> None:
    def broken() -> check.Finding:
        raise ImportError("libcairo.so.2: cannot open shared object file")

    monkeypatch.setattr(check, "glyphs", broken)
    found = {one.what: one for one in check.look_at_all()}
    assert "libcairo.so.2" in found["glyphs"].told
    assert found["codecs"].mend is None


def test_records_of_other_versions_are_told(tmp_path: Path) -> None:
    assert check.records(tmp_path).mend is None
    np.savez(tmp_path / "profile-1.npz", versions=np.array('{"numpy": "1.0.0", "python": "3.1"}'))
    (tmp_path / "broken-1.npz").write_bytes(b"PK")
    found = check.records(tmp_path)
    assert found.told.startswith("computed 1 with numpy 1.0.0 (")
    assert found.mend and not found.needed


def test_clean_takes_what_rendering_made_and_nothing_else(here: Run, tmp_path: Path) -> None:
    media = tmp_path / "media"
    old, new = media / "segments" / "a.mp4", media / "es-dark-16x9-soft" / "videos" / "b.mp4"
    mine = [media / "thesis.mp4", media / "holidays" / "c.mp4", media / "segments" / "notes.odt"]
    for path in (old, new, *mine):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 1000)
    os.utime(old, (0, 0))
    where = {"ATAJOS_MEDIA": str(media)}
    assert "would free 0.0 MB in 2 files" in here("clean", "--dry-run", **where).stdout
    assert old.exists()
    assert "in 1 files" in here("clean", "--older-than", "2d", **where).stdout
    assert (old.exists(), new.exists()) == (False, True)
    assert here("clean", **where).returncode == 0
    assert not new.parent.exists()
    assert all(path.exists() for path in mine)
    done = here("clean", "--older-than", "soon", **where)
    assert done.returncode == 2
    assert "--older-than soon: must be a number of hours, days or weeks: 12h, 30d, 4w" in done.stderr
    assert clean.seconds("2w") == 14 * 86_400


def test_the_shell_completes_commands_and_chapters(run: Run) -> None:
    assert "complete" in run("atajos", _ATAJOS_COMPLETE="bash_source").stdout
    words = {"_ATAJOS_COMPLETE": "bash_complete", "COMP_WORDS": "atajos render Grad", "COMP_CWORD": "2"}
    assert run("atajos", **words).stdout.strip() == "plain,GradientFlow"


@pytest.mark.parametrize("name", atajos.commands)
def test_every_command_shows_an_example(name: str) -> None:
    told = atajos.commands[name].help or ""
    assert "Example" in told
    assert f"atajos {name}" in told
