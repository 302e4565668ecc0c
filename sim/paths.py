"""Where things lie: the packages, what travels with them, and what is made.

In a checkout all is in one folder. Installed from a wheel, the assets travel inside the package, and nothing is written
beside it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

PACKAGES = Path(__file__).resolve().parent.parent  # the folder that holds `sim` and `scenes`
IN_CHECKOUT = (PACKAGES / "pyproject.toml").is_file()  # else installed from a wheel
ASSETS = PACKAGES / "assets" if IN_CHECKOUT else PACKAGES / "sim" / "assets"


def kept() -> Path:
    """What is made once and used again: `.atajos/` in a checkout, else the cache of the user."""
    if IN_CHECKOUT:
        return PACKAGES / ".atajos"
    import platformdirs  # costs nothing where nobody asks for it

    return platformdirs.user_cache_path("atajos", appauthor=False)


_RECORDS: ContextVar[Path | None] = ContextVar("records", default=None)


def records() -> Path:
    """Where records are kept: what :func:`records_in` says, else ATAJOS_STORE, else a folder of :func:`kept`."""
    chosen = _RECORDS.get() or os.environ.get("ATAJOS_STORE")
    return Path(chosen) if chosen else kept() / "records"


@contextmanager
def records_in(folder: Path) -> Iterator[None]:
    """Records are kept in another folder in this block: a worker has a store of its own."""
    token = _RECORDS.set(folder)
    try:
        yield
    finally:
        _RECORDS.reset(token)


def media() -> Path:
    """Where segments and finished pictures are kept: ATAJOS_MEDIA, else a folder of :func:`kept`. Absolute."""
    return Path(os.environ.get("ATAJOS_MEDIA") or kept() / "media").resolve()
