"""The digest of an experiment's source: all that could change its numbers, and nothing of other experiments."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim import source
from sim.experiments import EXPERIMENTS

IMPORTED = """
import importlib, sys
importlib.import_module(f"sim.{sys.argv[1]}")
print(*[name.split(".")[1] for name in sys.modules if name.startswith("sim.")])
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package that the digest is taken of."""

    def forget() -> None:
        for known in (source.digest, source._text, source._imports):
            known.cache_clear()

    copy = Path(shutil.copytree(source.PACKAGE, tmp_path / "sim"))
    monkeypatch.setattr(source, "PACKAGE", copy)
    forget()
    yield copy
    forget()


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_what_an_experiment_really_imports_is_in_its_digest(experiment: str) -> None:
    out = subprocess.run([sys.executable, "-c", IMPORTED, experiment], capture_output=True, text=True, check=True)
    assert set(out.stdout.split()) <= source.modules(experiment) | source.LEFT_OUT


@pytest.mark.parametrize("module", ["profile", "blocks", "data", "sections", "records"])
def test_a_change_of_what_it_imports_is_another_source(package: Path, module: str) -> None:
    before = source.digest("profile")
    source.digest.cache_clear()
    source._text.cache_clear()
    (package / f"{module}.py").write_bytes((package / f"{module}.py").read_bytes() + b"# more\n")
    assert source.digest("profile") != before


def test_other_experiments_the_tree_and_line_ends_are_not(package: Path) -> None:
    before = source.digest("profile")
    source.digest.cache_clear()
    source._text.cache_clear()
    (package / "brand_new.py").write_text("import sim.profile\n")
    for module in ("params", "experiments", "table"):
        (package / f"{module}.py").write_text("from sim import brand_new\n")
    (package / "blocks.py").write_bytes((package / "blocks.py").read_bytes().replace(b"\n", b"\r\n"))
    assert source.digest("profile") == before


def test_every_way_to_import_is_seen(package: Path) -> None:
    for name in "abcdefgh":
        (package / f"{name}.py").write_text("")
    (package / "a.py").write_text(
        "from sim import b, nothing\nimport sim.c\nfrom . import d\nfrom .e import x\n"
        "def later():\n    from sim.f import y\nimport numpy\nfrom os import path\n"
    )
    (package / "e.py").write_text("from sim import (\n    nothing,  # (as it is)\n    h,\n)\n")
    (package / "f.py").write_text("import sim.g as z, sim.a\n")
    assert source.modules("a") == set("abcdefgh")
    with pytest.raises(FileNotFoundError):
        source.modules("nowhere")
