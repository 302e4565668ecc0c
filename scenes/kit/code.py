"""A digest of code, so that nothing drawn by other code is taken for this code's. Needs no manim."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

KIT = Path(__file__).resolve().parent
FONTS = KIT.parents[1] / "assets" / "fonts"


def files_digest(own: Iterable[Path]) -> str:
    """Digest of all code that can change a pixel of a scene written in the files ``own``: they, the kit, the fonts.

    Raises FileNotFoundError if one of ``own`` is gone.
    """
    digest = hashlib.sha256()
    for path in [*dict.fromkeys(own), *sorted(KIT.glob("*.py")), *sorted(FONTS.glob("*.ttf"))]:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
