"""A digest of source, so that what other code has made is never taken for this code's: records, and chapters of film.

What code is made of is the closure of its imports, read from the source, since importing would cost torch or manim. A
digest that is too broad costs a recomputation, one that is too narrow a wrong film: all that is imported counts,
wherever the statement stands, but for the few modules that a caller says cannot matter.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from sim.paths import PACKAGES

ROOT = PACKAGES

# What cannot change a number: the command line, the store itself, and the reading of parameters, whose values are in a
# record's key anyway. They are not looked into either: they know every experiment.
LEFT_OUT = frozenset(
    f"sim.{name}"
    for name in (
        "__main__",
        "everything",
        "params",
        "paths",
        "records.atomic",
        "records.table",
        "registry",
        "sections.overrides",
        "show",
        "store",
    )
)


@functools.cache
def digest(experiment: str) -> str:
    """SHA-256 of the names and texts of the modules that an experiment is made of, line ends aside.

    Taken once in a process: what counts is the code that is running.
    """
    return digest_of(modules(experiment).items())


def modules(experiment: str) -> dict[str, Path]:
    """The modules that what computes an experiment imports, itself among them, however deep; without LEFT_OUT.

    Raises FileNotFoundError if there is no such experiment.
    """
    return closure([ROOT / "sim" / "measure" / f"{experiment}.py"], LEFT_OUT)


def digest_of(named: Iterable[tuple[str, Path]]) -> str:
    """SHA-256 of names and texts, line ends aside. Raises FileNotFoundError."""
    state = hashlib.sha256()
    for name, path in sorted(named):
        state.update(name.encode() + b"\0" + _read(path).digest)
    return state.hexdigest()


def closure(start: Iterable[Path], left_out: Collection[str] = ()) -> dict[str, Path]:
    """The files of code that those in ``start`` import, these among them, however deep: path by dotted name.

    Looked for in the packages of this project, and beside a file that is in none of them (a scene of one's own). What
    is ``left_out``, by its dotted name, is not looked into. Raises FileNotFoundError.
    """
    found: dict[str, Path] = {}
    ahead = [Path(path).resolve() for path in start]
    ahead += [room for path in ahead for room in _rooms(path)]
    seen = set()
    while ahead:
        path = ahead.pop()
        if path in seen:
            continue
        seen.add(path)
        if (name := name_of(path)) not in left_out:
            found[name] = path
            ahead += _read(path).leads
    return found


def _rooms(path: Path) -> list[Path]:
    """What Python runs before a file of this project: the packages around it."""
    around = path.relative_to(ROOT).parents if path.is_relative_to(ROOT) else []
    return [file for room in around if (file := ROOT / room / "__init__.py").is_file()]


def name_of(path: Path) -> str:
    """The dotted name of a file in a package of this project; of another, the name of the file."""
    return _named(path, ROOT)


@functools.lru_cache(4096)
def _named(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts if path.is_relative_to(root) else ()
    if len(parts) < 2:
        return path.stem
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


# import statements

Statement = tuple[int, str, tuple[str, ...]]  # dots in front, module, names; none: `import module`


class _Read:
    """A file of code: a digest of its text with plain line ends, and the files that its import statements run."""

    def __init__(self, path: Path) -> None:
        text = path.read_bytes().replace(b"\r\n", b"\n")
        self.digest = hashlib.sha256(text).digest()
        self.leads = tuple({file for statement in _statements(text) for file in _meant(statement, path)})


@functools.lru_cache(4096)
def _known(path: Path, time: int, size: int) -> _Read:
    return _Read(path)


def _read(path: Path) -> _Read:
    """A file as it is now. Raises FileNotFoundError."""
    stat = path.stat()
    return _known(path, stat.st_mtime_ns, stat.st_size)


def _meant(statement: Statement, path: Path) -> Iterator[Path]:
    """The files that an import statement in ``path`` runs: those of the module, of the names that are modules
    themselves, and of the packages around them."""
    dots, module, names = statement
    if dots:
        base = path.parents[dots - 1]
        full = ".".join([*base.relative_to(ROOT).parts, *filter(None, [module])]) if base.is_relative_to(ROOT) else ""
    else:
        full = module
    for dotted in (full, *(f"{full}.{name}" for name in names)):
        parts = dotted.split(".")
        places = (ROOT,) if path.is_relative_to(ROOT) else (ROOT, path.parent)
        for length in range(1, len(parts) + 1):
            yield from _file(tuple(parts[:length]), places)


@functools.cache  # the same few modules are imported by all
def _file(parts: tuple[str, ...], places: tuple[Path, ...]) -> tuple[Path, ...]:
    """The file of a module in the first of the places that has one; none of a library's."""
    for place in places:
        stem = place.joinpath(*parts)
        for file in (stem.with_name(f"{stem.name}.py"), stem / "__init__.py"):
            if file.is_file():
                return (file.resolve(),)
    return ()


# An import statement as the formatter leaves it: on lines of its own, what is in brackets over several.
STATEMENT = re.compile(rb"^[ \t]*((?:from|import)[ \t][^(\n]*(?:\([^)]*\))?)", re.MULTILINE)


def _statements(text: bytes) -> Iterator[Statement]:
    for node in _import_nodes(text):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "", tuple(alias.name for alias in node.names)


def _import_nodes(text: bytes) -> Iterable[ast.AST]:
    """The syntax trees of the import statements, and maybe others."""
    try:
        return ast.parse(b"\n".join(STATEMENT.findall(text))).body  # a tenth of the time that the whole text takes
    except SyntaxError:  # prose that begins like a statement, or a statement that goes on unseen
        return ast.walk(ast.parse(text))
