"""The READMEs keep what they promise: both have the same commands, and the commands work."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scenes.studio.farm.marks import mark
from sim.nets import measure
from sim.own.file import save
from tests.conftest import ROOT, Run
from tests.tower import tower

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


INSTALLING = (
    "brew ",
    "python -m venv",
    ".venv/bin/pip",
    "make film PIP_FLAGS",
    "make test",
)  # not by a test of its own
CALLED = ("check", "film", "measure", "page", "render", "slides", "stills", "voice")
DRAWING = ("film", "render", "slides", "stills", "voice")


def commands(name: str) -> list[str]:
    """The commands of all blocks, one by one; what stands in quotes may go over several lines."""
    found: list[str] = []
    for line in "\n".join(blocks(name)).splitlines():
        if found and found[-1].count("'") % 2:
            found[-1] += f"\n{line}"
        elif line.strip():
            found.append(line.strip())
    return found


def quickly(command: str, small: Path, out: Path) -> str:
    """The command with what makes it quick: small parameters, few pixels, one language, one worker, one beat of what is
    told twice with other parameters, and for what draws chapters by the dozen a small network of one's own, of which
    there are six. The last option counts."""
    few = f"--network {out.parent / 'few.npz'} --params {small}"
    if command.startswith("make film"):
        return f'{command} LANG_=en "FLAGS={few} -j 1 --quality t --out {out}"'
    if command.startswith(".venv/bin/atajos film"):
        return f"{command} -qt -j 1 --burn-captions --lang en {few} --out {out}"
    if command.startswith(".venv/bin/atajos page"):
        return f"{command} --lang en --params {small}"
    if command.startswith(".venv/bin/atajos stills") and "--network" not in command:
        return f"{command} {few} --out {out}"
    if command.split()[0] == ".venv/bin/atajos" and command.split()[1] in DRAWING:
        added = {"render": " -qt -j 1", "slides": " -qt"}.get(command.split()[1], "")
        if command.startswith(".venv/bin/atajos render") and "--lang" not in command:
            added += " --beat residual" + " --set profile.depth=3" * ("profile.depth" in command)
        return f"{command}{added} --params {small}" + f" --out {out}" * (command.split()[1] != "voice")
    if "manim" in command:
        return command.replace("my.toml", str(small)).replace("-qm", "-r 192,108 --fps 1")
    return command


@pytest.mark.long
@pytest.mark.usefixtures("alone")
def test_every_command_works(here: Run, tmp_path: Path, small: Path) -> None:
    """In one go, as a reader would, so that what one command has drawn the next need not draw again. What a shell has
    to read runs in one, with processes that draw; CALLED are called here. The twins show the same."""
    for part in ("scenes", "assets", "setup.sh", "Makefile", "pyproject.toml"):
        (tmp_path / part).symlink_to(ROOT / part)
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parents[1])
    save(tmp_path / "few.npz", [measure(lambda: tower(2), "vector:4", examples=3)])
    out = tmp_path / "out"
    media = {"ATAJOS_MEDIA": str(tmp_path / "cache")}
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path), "MAKEFLAGS": "--no-print-directory"}
    environment |= {**media, "ATAJOS_STORE": os.environ.get("ATAJOS_STORE", "")}
    tried = []
    for command in commands(READMES[0]):
        if command.startswith(INSTALLING):
            continue
        typed = quickly(command, small, out)
        program, *words = shlex.split(typed) if command.startswith(".venv/bin/atajos ") else [""]
        if program and words[0] in CALLED:
            done = here(*words, **media)
        else:
            mark(tmp_path / "cache").cleanup()  # this process, which lives on, does not render just now
            done = subprocess.run(
                ["bash", "-c", typed],
                cwd=ROOT if command.startswith("make") else tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                timeout=300,
            )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        if command.startswith("make film"):  # prints where the film lies, and nothing else
            film = Path(done.stdout.strip())
            assert film == out / "Atajos-en-few-108p-captions.mp4"
            assert film.stat().st_size > 10_000
            assert "installing" not in done.stderr
            assert not tried or "0 of" in done.stderr  # the second time there is nothing to do
        tried.append(command)
    assert len(tried) > 12
    for ending in ("mp4", "srt", "vtt", "md", "png", "gif", "mov", "webm", "html", "pptx", "json"):
        assert list(out.glob(f"*.{ending}")), ending


def test_make_help_lists_the_targets() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("film", "page", "test", "lint", "stills", "clean"):
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


def test_a_parameter_is_changed_as_the_readme_says(here: Run, tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text("[profile]\ndept = 32\n")
    done = here("render", "GradientFlow", "--params", "my.toml")
    assert done.stderr.strip().endswith("my.toml: profile.dept = 32: unknown key; did you mean profile.depth?")
