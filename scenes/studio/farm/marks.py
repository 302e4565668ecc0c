"""Marks that renders under way leave in the folder of segments, so that nobody cleans it under their hands."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from scenes.kit.errors import UsageError
from sim.work.scratch import scratch, sweep

PURPOSE = "render"


@functools.cache
def mark(media: Path) -> tempfile.TemporaryDirectory[str]:
    """Say in ``media`` that this process renders, as long as it lives. Raises :class:`UsageError` if nobody can."""
    try:
        media.mkdir(parents=True, exist_ok=True)
        return scratch(PURPOSE, media)
    except OSError as error:
        raise UsageError(
            f"{media}: cannot be written ({error.strerror}); let ATAJOS_MEDIA name a folder that can"
        ) from None


def under_way(media: Path) -> bool:
    """Whether somebody renders there: a living process of this machine, or one of another."""
    sweep(media)
    return any(media.glob(f"atajos-{PURPOSE}-*"))
