"""Temporary folders that say whose they are, so that what a killed process left behind goes at the next start."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import re
import shutil
import tempfile
from pathlib import Path

HOST = hashlib.sha256(platform.node().encode()).hexdigest()[:6]  # machines, and containers, may share a folder
PART = re.compile(rf"\.{HOST}\.(\d+)\.part(\.\w+)?$")
OURS = re.compile(rf"atajos-[a-z]+-{HOST}-(\d+)-.+")


def scratch(purpose: str, root: Path | None = None) -> tempfile.TemporaryDirectory[str]:
    """A folder of this process for one purpose (a word of small letters), which is removed with the object.

    It lies in ``root``, else where the system keeps temporary files. Raises OSError.
    """
    sweep(root)
    prefix = f"atajos-{purpose}-{HOST}-{os.getpid()}-"
    return tempfile.TemporaryDirectory(prefix=prefix, dir=root, ignore_cleanup_errors=True)


def sweep(root: Path | None = None) -> None:
    """Remove the folders of processes of this machine that are no more."""
    if os.name == "nt":  # there, asking whether a process lives would end it
        return
    for folder in Path(root or tempfile.gettempdir()).glob("atajos-*"):
        found = OURS.fullmatch(folder.name)
        if found and not _lives(int(found[1])):
            shutil.rmtree(folder, ignore_errors=True)


def sweep_parts(folder: Path) -> None:
    """Remove half-written files, named ``.….<HOST>.<pid>.part…``, of processes of this machine that are no more."""
    if os.name == "nt":
        return
    for part in folder.glob(f".*.{HOST}.*.part*"):
        found = PART.search(part.name)
        if found and not _lives(int(found[1])):
            part.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):  # somebody else's; no number of a process at all
        return True
    with contextlib.suppress(OSError):  # one that has ended, though its parent has not heard of it yet
        return not re.search(r"\) [ZX] ", Path(f"/proc/{pid}/stat").read_text())
    return True
