"""`atajos clean`: throw away cached segments and clips. They are drawn again when they are wanted."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import click

from scenes.kit.errors import UsageError
from scenes.studio.farm.marks import under_way
from sim.paths import media

UNITS = {"h": 3600, "d": 86_400, "w": 7 * 86_400}  # seconds
OURS = re.compile(r"segments|clips|plans|work|[a-z]{2}-[a-z-]+-\d+x\d+-[a-z]+")  # folders that rendering makes
ENDINGS = {".mp4", ".mov", ".json", ".plan", ".srt", ".txt", ".png", ".part", ".gif", ".webm"}


@click.command()
@click.option("--older-than", metavar="AGE", help="only what was not used for so long: 12h, 30d, 4w")
@click.option("--dry-run", is_flag=True, help="say what would go, and leave it")
def clean(older_than: str | None, dry_run: bool) -> None:
    """Throw away cached segments and clips. Records and the folder out/ stay.

    \b
    Examples:
      atajos clean --older-than 30d
      atajos clean --dry-run
    """
    before = time.time() - seconds(older_than) if older_than is not None else None
    folder = media()
    if not dry_run and under_way(folder):
        raise UsageError(f"{folder}: a render is under way there; clean when it has ended")
    gone, size = 0, 0
    for path in cached(folder):
        stat = path.stat()
        if before is not None and max(stat.st_mtime, stat.st_atime) >= before:
            continue
        gone, size = gone + 1, size + stat.st_size
        if not dry_run:
            path.unlink(missing_ok=True)
    if not dry_run:
        for inner in sorted(folders(folder), reverse=True):
            if not any(inner.iterdir()):
                with contextlib.suppress(OSError):  # a render has just begun there
                    inner.rmdir()
    click.echo(f"{'would free' if dry_run else 'freed'} {size / 1e6:.1f} MB in {gone} files of {folder}")


def seconds(age: str) -> float:
    """``30d`` in seconds. Raises UsageError."""
    match = re.fullmatch(r"(\d+)([hdw])", age.strip())
    if match is None:
        raise UsageError(f"--older-than {age}: must be a number of hours, days or weeks: 12h, 30d, 4w")
    return int(match[1]) * UNITS[match[2]]


def cached(media: Path) -> Iterator[Path]:
    """Files that rendering made. Others, should the folder hold any, are left alone, as are links."""
    for folder in (path for path in _top(media) if not path.is_symlink()):
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink() and path.suffix in ENDINGS:
                yield path


def folders(media: Path) -> Iterator[Path]:
    for folder in _top(media):
        yield folder
        yield from (path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink())


def _top(media: Path) -> Iterator[Path]:
    if media.is_dir():
        yield from (path for path in media.iterdir() if path.is_dir() and OURS.fullmatch(path.name))
