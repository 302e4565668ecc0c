"""The page's code: ES modules in assets/page, joined into one text, since a file opened from disk may import nothing.

Nothing is translated. A module's imports go, its exports lose the word `export`, and modules stand in the order in
which they import each other; so the names that they declare must differ, which tests/page sees to.
"""

from __future__ import annotations

import re
from pathlib import Path

from sim.paths import ASSETS

FOLDER = ASSETS / "page"
IMPORT = re.compile(r"^import\s[^;]*?from\s+\"\./([\w-]+\.js)\";\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|let|function|class)\b)", re.MULTILINE)


def joined(entry: str) -> str:
    """The code of a module and of all that it imports, those first."""
    return "\n".join(_stripped(FOLDER / name) for name in order(entry))


def order(entry: str) -> list[str]:
    """A module and all that it imports, each after what it imports itself."""
    found: list[str] = []

    def visit(name: str) -> None:
        for other in IMPORT.findall((FOLDER / name).read_text(encoding="utf-8")):
            visit(other)
        if name not in found:
            found.append(name)

    visit(entry)
    return found


def _stripped(path: Path) -> str:
    return EXPORT.sub("", IMPORT.sub("", path.read_text(encoding="utf-8")))
