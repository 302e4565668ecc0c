"""Where things lie: the packages, what travels with them, and what is made.

In a checkout all is in one folder. Installed from a wheel, the assets travel inside the package, and nothing is written
beside it.
"""

from __future__ import annotations

import os
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


def records() -> Path:
    """Where records are kept: ATAJOS_STORE, else a folder of :func:`kept`."""
    chosen = os.environ.get("ATAJOS_STORE")
    return Path(chosen) if chosen else kept() / "records"


def media() -> Path:
    """Where segments and finished pictures are kept: ATAJOS_MEDIA, else a folder of :func:`kept`. Absolute."""
    return Path(os.environ.get("ATAJOS_MEDIA") or kept() / "media").resolve()
