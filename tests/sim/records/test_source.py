"""The digests of code: all that could change a number or a pixel, and nothing else, for experiments and chapters."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from scenes.film import FILM
from scenes.kit.video import code
from sim.paths import PACKAGES
from sim.records import source
from sim.registry import EXPERIMENTS

IMPORTED = """
import importlib, sys
for experiment in sys.argv[1:]:
    for name in [name for name in sys.modules if name.split(".")[0] == "sim"]:
        del sys.modules[name]
    importlib.import_module(f"sim.measure.{experiment}")
    print(*[name for name in sys.modules if name.split(".")[0] == "sim"])
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the packages that digests are taken of."""
    for package in ("sim", "scenes"):
        shutil.copytree(PACKAGES / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(source, "ROOT", tmp_path)
    source.digest.cache_clear()
    yield tmp_path
    source.digest.cache_clear()


def digest(experiment: str) -> str:
    """As a new process would take it."""
    source.digest.cache_clear()
    return source.digest(experiment)


def test_what_an_experiment_really_imports_is_in_its_digest() -> None:
    out = subprocess.run([sys.executable, "-c", IMPORTED, *EXPERIMENTS], capture_output=True, text=True, check=True)
    for experiment, imported in zip(EXPERIMENTS, out.stdout.splitlines(), strict=True):
        assert f"sim.measure.{experiment}" in imported.split()
        assert set(imported.split()) <= source.modules(experiment).keys() | source.LEFT_OUT, experiment


def test_an_edit_of_a_file_changes_exactly_what_is_made_of_it(tree: Path) -> None:
    """Each file in turn: the records and the chapters that change are those whose imports reach it, and no others."""
    reached = {f"sim.{name}": reach(f"sim.measure.{name}", tree, source.LEFT_OUT) for name in EXPERIMENTS}
    chapters = sorted({chapter.module for chapter in FILM})
    reached |= {module: reach(f"scenes.{module}", tree, code.LEFT_OUT) for module in chapters}

    def digests() -> dict[str, str]:
        found = {f"sim.{name}": digest(name) for name in EXPERIMENTS}
        return found | {module: code.digest([tree / "scenes" / f"{module}.py"]) for module in chapters}

    before = digests()
    files = {path: dotted(path, tree) for path in sorted(tree.rglob("*.py"))}
    everywhere = 0
    for path, name in files.items():
        text = path.read_bytes()
        path.write_bytes(text + b"\n# edited\n")
        after = digests()
        path.write_bytes(text)
        changed = {key for key in before if after[key] != before[key]}
        assert changed == {key for key, names in reached.items() if name in names}, name
        everywhere += len(changed)
    assert {f"scenes.{module}" for module in chapters} <= set(files.values())
    assert 0 < everywhere < len(files) * len(before) / 2  # most edits leave most of it alone
    assert digests() == before


def reach(name: str, tree: Path, left_out: frozenset[str]) -> set[str]:
    """What a module imports, however deep, packages around it included; read from whole syntax trees."""
    found: set[str] = set()
    ahead = {".".join(name.split(".")[:i]) for i in range(1, name.count(".") + 2)}
    while ahead:
        now = ahead.pop()
        path = tree.joinpath(*now.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if now in found or now in left_out or not path.is_file():
            continue
        found.add(now)
        ahead |= imported(path, now if path.name == "__init__.py" else now.rpartition(".")[0])
    return {name for name in found if name.split(".")[0] in ("sim", "scenes")}


@lru_cache(4096)
def imported(path: Path, package: str) -> frozenset[str]:
    """What the import statements of a file name, and the packages around that."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            parts = package.split(".") if node.level else []
            base = ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [node.module])])
            names = [base, *(f"{base}.{name}" for name in names)]
        found |= {".".join(n.split(".")[:i]) for n in names for i in range(1, n.count(".") + 2)}
    return frozenset(found)


def dotted(path: Path, tree: Path) -> str:
    return ".".join(path.relative_to(tree).with_suffix("").parts).removesuffix(".__init__")


def test_line_ends_are_not_an_edit(tree: Path) -> None:
    before = digest("profile")
    path = tree / "sim" / "nets" / "blocks.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert digest("profile") == before


def test_files_in_new_rooms_count(tree: Path) -> None:
    """A file that moves into a folder of a folder, and is imported from there, is in the digest."""
    room = tree / "sim" / "rooms" / "inner"
    room.mkdir(parents=True)
    (room / "threads.py").write_text("calm = 1\n")
    path = tree / "sim" / "nets" / "blocks.py"
    path.write_text(path.read_text() + "from sim.rooms.inner import threads\n")
    before = digest("profile")
    assert "sim.rooms.inner.threads" in source.modules("profile")
    (room / "threads.py").write_text((room / "threads.py").read_text() + "# edited\n")
    assert digest("profile") != before


def test_every_way_to_import_is_seen(tree: Path) -> None:
    room = tree / "sim" / "measure"
    for name in "abcdefgh":
        (room / f"{name}.py").write_text("")
    (room / "a.py").write_text(
        "from sim.measure import b, nothing\nimport sim.measure.c\nfrom . import d\nfrom .e import x\n"
        "def later():\n    from sim.measure.f import y\nimport numpy\nfrom os import path\n"
    )
    (room / "e.py").write_text("from sim.measure import (\n    nothing,  # (as it is)\n    h,\n)\n")
    (room / "f.py").write_text("import sim.measure.g as z, sim.measure.a\n")
    assert source.modules("a").keys() == {"sim", "sim.measure", *(f"sim.measure.{name}" for name in "abcdefgh")}
    with pytest.raises(FileNotFoundError):
        source.modules("nowhere")


def test_a_scene_of_ones_own_counts_what_stands_beside_it(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("own")
    (folder / "mine.py").write_text("from beside import colour\nfrom scenes.kit.drawing.shapes import rounded_boxes\n")
    (folder / "beside.py").write_text("colour = 1\n")
    named = code.modules([folder / "mine.py"])
    assert {"mine", "beside", "scenes.kit.drawing.shapes"} <= named.keys()
    before = code.digest([folder / "mine.py"])
    (folder / "beside.py").write_text("colour = 22\n")
    assert code.digest([folder / "mine.py"]) != before
