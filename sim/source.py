"""A digest of the simulator's own source, so that a record made by other code is never taken for this code's."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

# What cannot change a number: the command line, the store itself, and the reading of parameters, whose values are in a
# record's key anyway. Everything else counts, as a digest that is too broad costs a recomputation and one that is too
# narrow a wrong film.
LEFT_OUT = {"__main__.py", "atomic.py", "overrides.py", "store.py"}


@functools.cache
def digest() -> str:
    """SHA-256 of the names and texts of the package's modules, line ends aside."""
    state = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.name not in LEFT_OUT:
            state.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return state.hexdigest()
