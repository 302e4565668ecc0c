"""`atajos watch`: render the preview again whenever a parameter, a word or a chapter has been edited."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from scenes.film import Chapter
from scenes.kit.video import code
from scenes.studio.commands.options import EVERY, LANG, QUALITY, SOME, common, output, some_chapters
from sim.paths import ASSETS, PACKAGES

DEBOUNCE = 400  # ms of quiet after which an editor has done writing


@click.command()
@SOME
@EVERY
@LANG
@QUALITY
@output
@common
def watch(
    chapters: Sequence[str],
    every: bool,
    lang: str,
    quality: str,
    format: str | None,
    transparent: bool,
    burn: bool,
    theme: str,
    telling: str,
    aspect: str,
    params: str | None,
    sets: Sequence[str],
    out: Path,
) -> None:
    """Render chapters, and again what depends on a file whenever it is edited: parameters, words, chapters, voices.

    What did not change comes from the cache. Mistakes are told, and the next edit may mend them. Ctrl-C ends it.

    \b
    Examples:
      atajos watch GradientFlow --params my.toml
      atajos watch --all --lang en
    """
    some = some_chapters(chapters, every)
    flags = [
        "--lang",
        lang,
        "--quality",
        quality,
        "--theme",
        theme,
        "--telling",
        telling,
        "--aspect",
        aspect,
        "--out",
        str(out),
    ]
    flags += ["--params", params] if params else []
    flags += [word for pair in sets for word in ("--set", pair)]
    flags += ["--format", format] if format else []
    flags += ["--transparent"] * transparent + ["--burn-captions"] * burn
    command = [sys.executable, "-c", "from scenes.studio.commands.cli import main; main()", "render", *flags]
    child = subprocess.Popen([*command, *(chapter.name for chapter in some)])
    try:
        for edited in edits(some, params):
            _stop(child)
            wanted = depending(some, edited)
            click.echo(f"{', '.join(sorted(path.name for path in edited))}: edited", err=True)
            child = subprocess.Popen([*command, *(chapter.name for chapter in wanted)])
    finally:  # Ctrl-C as well
        _stop(child)


def edits(chapters: Sequence[Chapter], params: str | None) -> Iterator[set[Path]]:
    """The files that were edited, time after time: those that the chapters depend on. Waits for the system to tell."""
    from watchfiles import watch as told

    folders = {PACKAGES / "scenes", PACKAGES / "sim", ASSETS, *([Path(params).resolve().parent] if params else [])}
    for changes in told(*folders, watch_filter=None, debounce=DEBOUNCE, raise_interrupt=True):
        if edited := {Path(path).resolve() for _, path in changes} & set(_files(chapters, params)):
            yield edited


def _files(chapters: Sequence[Chapter], params: str | None) -> Iterator[Path]:
    if params:
        yield Path(params).resolve()
    yield from {path for chapter in chapters for path in code.modules([chapter.file]).values()}
    yield from (ASSETS / "narration").rglob("*.toml")
    yield ASSETS / "params" / "default.toml"
    yield from (ASSETS / "voice").rglob("*.wav")


def depending(chapters: Sequence[Chapter], edited: set[Path]) -> list[Chapter]:
    """The chapters to render after files were edited: those made of this code; all if other files were among them."""
    made_of = {chapter: set(code.modules([chapter.file]).values()) for chapter in chapters}
    if edited <= set().union(*made_of.values()):
        return [chapter for chapter in chapters if made_of[chapter] & edited]
    return list(chapters)


def _stop(child: subprocess.Popen[Any]) -> None:
    """A render that an edit overtakes ends as after Ctrl-C, with nothing half-written."""
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
    child.wait()
