"""Files that are either whole or not there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write `content` to `path` so that no reader ever sees a part of it, and nothing is left behind if it fails.

    A temporary file in the same folder is filled, forced to disk and renamed. Its name ends in the process's number, so
    that what a killed process leaves can be told and swept up. Raises OSError.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=f".{os.getpid()}.part", dir=path.parent)
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


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
