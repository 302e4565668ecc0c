"""How much memory there is, and how much a process has taken."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import psutil

CGROUP = Path("/sys/fs/cgroup")  # where a container says what it may take


def peak() -> int:
    """Bytes that this process has held at most."""
    found = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return found if sys.platform == "darwin" else found * 1024


def free() -> int:
    """Bytes that programs can still take: of this machine, and of the container that this process may be in."""
    return min([psutil.virtual_memory().available, *_left_by_container()])


def _left_by_container() -> list[int]:
    """What its container leaves to this process; nothing where there is none, or no bound."""
    try:
        most, taken = ((CGROUP / f"memory.{name}").read_text().strip() for name in ("max", "current"))
        cached = dict(line.split() for line in (CGROUP / "memory.stat").read_text().splitlines())
        return [max(0, int(most) - int(taken) + int(cached.get("inactive_file", 0)))]
    except (OSError, ValueError):  # another system, or "max": no bound
        return []
