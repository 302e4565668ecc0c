"""The READMEs keep what they promise: both have the same commands, and the commands work."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

READMES = ("README.md", "README.es.md")


def blocks(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [re.sub(r"\s+#.*", "", block) for block in re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)]


def test_the_twins_show_the_same_commands() -> None:
    assert blocks("README.md") == blocks("README.es.md")
    assert len(blocks("README.md")) >= 5


@pytest.mark.parametrize("name", READMES)
def test_links_and_pictures_exist(name: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).is_file()] == []


def test_make_film_prints_where_the_film_lies(tmp_path: Path, small: Path) -> None:
    """`make film`, set up already, with small parameters, and a second time with nothing to do."""
    flags = f"FLAGS=--params {small} --out {tmp_path / 'out'}"
    command = ["make", "--no-print-directory", "film", "LANG_=en", flags]
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "ATAJOS_MEDIA": str(tmp_path / "media"),
    }
    first = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert first.returncode == 0, first.stderr
    film = Path(first.stdout.strip())
    assert film == tmp_path / "out" / "Atajos-en-480p-captions.mp4"
    assert film.stat().st_size > 10_000
    second = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert "0 of" in second.stderr
    assert "installing" not in first.stderr + second.stderr


def test_make_help_lists_the_targets() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("film", "test", "lint", "stills", "clean"):
        assert f"make {target}" in told


def test_set_up_without_rights_prints_the_line_to_run(tmp_path: Path) -> None:
    """A machine with no Python, no root and no sudo: one message with the exact line, and nothing made."""
    shutil.copy(ROOT / "setup.sh", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("dirname", "uname"):
        (tools / tool).symlink_to(shutil.which(tool))
    (tools / "id").write_text("#!/bin/sh\necho 1000\n")
    (tools / "id").chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", "./setup.sh"], cwd=tmp_path, env={"PATH": str(tools)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "apt-get install -y build-essential pkg-config libcairo2-dev libpango1.0-dev" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_a_parameter_is_changed_as_the_readme_says(run: Run, tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text("[profile]\ndept = 32\n")
    done = run("atajos", "render", "GradientFlow", "--params", "my.toml")
    assert done.stderr.strip().endswith("my.toml: profile.dept = 32: unknown key; did you mean profile.depth?")
