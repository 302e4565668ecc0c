"""Files that are either whole or not there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from sim.work.scratch import HOST


def write(path: Path, content: bytes) -> None:
    """Write `content` to `path` so that no reader ever sees a part of it, and nothing is left behind if it fails.

    A temporary file in the same folder is filled, forced to disk and renamed. Its name ends in the process's number, so
    that what a killed process leaves can be told and swept up. Raises OSError.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=f".{HOST}.{os.getpid()}.part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_umask())  # mkstemp makes files private; a store may be shared
        Path(name).replace(path)
    except BaseException:  # Ctrl-C too
        Path(name).unlink(missing_ok=True)
        raise


def part_beside(path: Path) -> Path:
    """A name in the same folder, which is made, for a file that is not whole yet. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(f".{path.stem}.{HOST}.{os.getpid()}.part{path.suffix}")


def whole(path: Path, make: Callable[[Path], object]) -> None:
    """Let ``make`` write a file that appears under ``path`` only when it is done and forced to disk. Raises OSError."""
    part = part_beside(path)
    try:
        make(part)
        settle(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def settle(path: Path) -> None:
    """Force a file to disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
