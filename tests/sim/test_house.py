"""The house: who imports whom, and how large a file may be. Read from the source, as importing would hide circles."""

import ast
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from sim.paths import PACKAGES

LINES, FUNCTION_LINES = 300, 60

# Each room of sim, and the rooms whose files it may import. What stands in no room is the front: it may import all.
BELOW = {
    "paths": set(),
    "sections": set(),
    "records": {"paths", "work"},
    "work": set(),
    "nets": {"sections"},
    "probes": {"sections", "nets"},
    "learning": {"sections", "work", "nets"},
    "experiments": {"sections", "records"},
    "measure": {"sections", "records", "work", "nets", "probes", "learning", "experiments"},
    "own": {"paths", "records", "work", "nets", "experiments"},
}
# The same for scenes; a name may be a room in a room. What is not named here (chapters) may import all but `studio`.
SCENES = {
    "film": set(),
    "kit.errors": set(),
    "kit.reading": set(),
    "kit.claims": {"kit.reading"},
    "kit.drawing": {"kit.errors", "kit.claims"},
    "kit.video": {"kit.errors", "kit.drawing"},
    "kit.telling": {"film", "kit.errors", "kit.claims", "kit.drawing", "kit.reading", "kit.video"},
    "figures": {"kit.errors", "kit.claims", "kit.drawing", "kit.reading"},
    "studio": {"film", "kit.errors", "kit.claims", "kit.drawing", "kit.video", "kit.reading", "kit.telling"},
}
STUDIO = {
    "look": set(),
    "bar": set(),
    "sound": set(),
    "files": {"look", "bar", "sound"},
    "farm": {"look", "bar"},
    "commands": {"look", "bar", "files", "sound", "farm"},
}
WITHOUT_TORCH = ("sections", "experiments")

Graph = dict[str, set[str]]


def modules(package: str) -> dict[str, Path]:
    """Every file of a package by its dotted name, folders of folders included."""
    found = {}
    for path in sorted((PACKAGES / package).rglob("*.py")):
        parts = path.relative_to(PACKAGES).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(name: str, path: Path) -> Iterator[str]:
    """The dotted names in a file's import statements, wherever they stand: modules, and what is taken from them."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def graph(files: dict[str, Path]) -> Graph:
    """Module by module, the modules among `files` that it imports: the longest name there is a file of."""
    return {name: {m for full in imported(name, path) if (m := _file(full, files))} for name, path in files.items()}


def _file(full: str, files: dict[str, Path]) -> str | None:
    while full and full not in files:
        full = full.rpartition(".")[0]
    return full or None


def circle(edges: Graph) -> list[str]:
    """A circle, if there is one."""
    try:
        TopologicalSorter({name: ahead - {name} for name, ahead in edges.items()}).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def room(name: str) -> str:
    """The room of a module of sim; a file that stands in none is its own."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def test_a_circle_would_be_seen() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})
    assert not circle({"a": {"b", "c"}, "b": {"c"}, "c": set()})


@pytest.mark.parametrize("package", ["sim", "scenes"])
def test_no_file_and_no_room_imports_in_a_circle(package: str) -> None:
    files = graph(modules(package))
    assert len(files) > 40 and sum(map(len, files.values())) > 100
    assert not circle(files)
    rooms: Graph = {}
    for name, ahead in files.items():
        rooms.setdefault(room(name), set()).update(room(other) for other in ahead)
    assert not circle(rooms)


def test_no_arrow_leads_back_up() -> None:
    assert not circle(BELOW)
    for name, ahead in graph(modules("sim")).items():
        if (own := room(name)) in BELOW:
            above = {other for other in ahead if room(other) not in BELOW[own] | {own}}
            assert not above, f"{name} imports {', '.join(sorted(above))}"


def within(name: str, rooms: Iterable[str], package: str) -> str | None:
    """The room, of some with dotted names in a package, that a module stands in."""
    inside = name.removeprefix(f"{package}.")
    return next((one for one in rooms if inside == one or inside.startswith(f"{one}.")), None)


@pytest.mark.parametrize(("package", "below"), [("scenes", SCENES), ("scenes.studio", STUDIO)])
def test_no_arrow_leads_back_up_in_scenes(package: str, below: dict[str, set[str]]) -> None:
    assert not circle(below)
    seen = set()
    for name, ahead in graph(modules("scenes")).items():
        own = within(name, below, package) if name.startswith(f"{package}.") else None
        for other in ahead:
            room_there = within(other, below, package) if other.startswith(f"{package}.") else None
            if own is not None and room_there not in {None, own}:
                seen.add(own)
                assert room_there in below[own], f"{name} imports {other}"
            elif own is None and package == "scenes" and name.startswith("scenes."):
                assert room_there != "studio", f"{name} imports {other}"
    assert len(seen) >= 3


def test_every_room_is_told_of() -> None:
    rooms = {path.name for path in (PACKAGES / "sim").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert rooms == BELOW.keys() - {"paths"}


def test_the_simulator_knows_neither_scenes_nor_manim_and_pages_no_torch() -> None:
    for name, path in modules("sim").items():
        tops = {full.split(".")[0] for full in imported(name, path)}
        assert not tops & {"scenes", "manim"}, name
        assert "torch" not in tops or room(name) not in WITHOUT_TORCH, name


@pytest.mark.parametrize("package", ["sim", "scenes", "tests"])
def test_files_and_functions_are_small(package: str) -> None:
    large = []
    for path in modules(package).values():
        text = path.read_text(encoding="utf-8")
        if (lines := text.count("\n")) > LINES:
            large.append(f"{path.relative_to(PACKAGES)}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                long = node.end_lineno - node.lineno + 1
                if long > FUNCTION_LINES:
                    large.append(f"{path.relative_to(PACKAGES)}: {node.name} of {long} lines")
    assert not large, "\n".join(large)
