"""What commands ask for: chapters in several looks, drawn."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from scenes.film import Chapter
from scenes.kit.errors import UsageError
from scenes.kit.segments import part_beside
from scenes.studio import clips


def draw(
    chapters: Sequence[Chapter],
    looks: Sequence[Any],
    params: str | None,
    sets: Sequence[str],
    jobs: int | None = None,
    cluster: str | None = None,
) -> dict[tuple[Any, Chapter], Path]:
    """The finished pictures of every chapter in every look; says on stderr what was drawn, and why."""
    made = {}
    for look in looks:
        with clips.chosen(look, params, sets):
            for chapter in chapters:
                clip, total, drawn = clips.draw(chapter, look, Console(stderr=True))
                cached = f"{total - drawn} from the cache"
                print(f"{chapter.name} ({look.lang}): {drawn} of {total} segments drawn, {cached}", file=sys.stderr)
                made[look, chapter] = clip
    return made


def check_out(out: Path) -> None:
    """See that files can be written to ``out`` before an hour is spent on them. Raises :class:`UsageError`."""
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        part = part_beside(out / "trial")
        part.touch()
        part.unlink()
    except OSError as error:
        raise UsageError(f"--out {out}: cannot be written ({error.strerror}); give another folder") from None
    for folder in made:  # what does not work out leaves no trace
        folder.rmdir()
