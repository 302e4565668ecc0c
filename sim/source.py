"""A digest of an experiment's own source, so that a record made by other code is never taken for this code's."""

from __future__ import annotations

import ast
import functools
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).parent

# What cannot change a number: the command line, the store itself, and the reading of parameters, whose values are in a
# record's key anyway. They are not looked into either: they know every experiment. What else an experiment imports
# counts, as a digest that is too broad costs a recomputation and one that is too narrow a wrong film.
LEFT_OUT = {
    "__init__",
    "__main__",
    "atomic",
    "everything",
    "experiments",
    "overrides",
    "params",
    "store",
    "table",
    "table_training",
}


@functools.cache
def digest(experiment: str) -> str:
    """SHA-256 of the names and texts of the modules that an experiment is made of, line ends aside."""
    state = hashlib.sha256()
    for name in sorted(modules(experiment)):
        state.update(name.encode() + b"\0" + _text(name) + b"\0")
    return state.hexdigest()


def modules(experiment: str) -> set[str]:
    """The modules of `sim` that the module of that name imports, itself among them, however deep; without LEFT_OUT.

    Read from the source, since importing them would import torch. Raises FileNotFoundError if there is no such module.
    """
    found: set[str] = set()
    ahead = {experiment}
    while ahead:
        name = ahead.pop()
        found.add(name)
        ahead |= _imports(name) - found - LEFT_OUT
    return found


@functools.cache
def _text(name: str) -> bytes:
    return (PACKAGE / f"{name}.py").read_bytes().replace(b"\r\n", b"\n")


# An import statement as the formatter leaves it: on lines of its own, what is in brackets over several.
STATEMENT = re.compile(rb"^[ \t]*((?:from|import)[ \t][^(\n]*(?:\([^)]*\))?)", re.MULTILINE)


@functools.cache
def _imports(name: str) -> frozenset[str]:
    """The modules of `sim` that a module names in its import statements, wherever they stand."""
    names: set[str] = set()
    for node in _import_nodes(_text(name)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inside = node.module or "" if node.level == 0 else ".".join(filter(None, ("sim", node.module)))
            names |= {inside} | {f"{inside}.{alias.name}" for alias in node.names}
    inner = {parts[1] for parts in (full.split(".") for full in names) if parts[0] == "sim" and len(parts) > 1}
    return frozenset(module for module in inner if (PACKAGE / f"{module}.py").is_file())


def _import_nodes(text: bytes) -> Iterable[ast.AST]:
    """The syntax trees of the import statements, and maybe others."""
    try:
        return ast.parse(b"\n".join(STATEMENT.findall(text))).body  # a tenth of the time that the whole text takes
    except SyntaxError:  # prose that begins like a statement, or a statement that goes on unseen
        return ast.walk(ast.parse(text))
