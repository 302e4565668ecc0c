"""`atajos watch`: render the preview again whenever a parameter, a word or a chapter has been edited."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from scenes.film import Chapter
from scenes.kit.video import code
from scenes.studio.commands.options import EVERY, LANG, QUALITY, SOME, common, output, some_chapters
from sim.paths import ASSETS

PAUSE = 0.3  # s between two looks; an editor has done writing when two looks agree
Times = dict[Path, int]


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
    seen, wanted = times(some, params), some
    while True:
        child = subprocess.Popen([*command, *(chapter.name for chapter in wanted)])
        edited = _next_edit(some, params, seen, child)
        seen = times(some, params)
        wanted = depending(some, edited)
        click.echo(f"{', '.join(sorted(path.name for path in edited))}: edited", err=True)


def times(chapters: Sequence[Chapter], params: str | None) -> Times:
    """When each file that the chapters depend on was last written."""
    found: Times = {}
    for path in _files(chapters, params):
        try:
            found[path] = path.stat().st_mtime_ns
        except OSError:  # just being replaced by an editor
            continue
    return found


def _files(chapters: Sequence[Chapter], params: str | None) -> Iterator[Path]:
    if params:
        yield Path(params)
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


def _next_edit(chapters: Sequence[Chapter], params: str | None, seen: Times, child: subprocess.Popen[Any]) -> set[Path]:
    """Wait for an edit; a render that it overtakes is stopped. Returns the files."""
    try:
        while True:
            time.sleep(PAUSE)
            now = times(chapters, params)
            if now != seen:
                time.sleep(PAUSE)
                if times(chapters, params) == now:
                    break
    finally:  # Ctrl-C as well
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
        child.wait()
    return {path for path in {*now, *seen} if now.get(path) != seen.get(path)}
