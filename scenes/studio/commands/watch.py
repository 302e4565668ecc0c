"""`atajos watch`: render the preview again whenever a parameter, a word or a chapter has been edited.

Two processes: one that renders again whenever something is edited that is read anew each time, with workers that are
kept; and this one, which begins it anew whenever code is edited, so that no other code than that on disk ever draws.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from scenes.studio.commands.options import EVERY, LANG, QUALITY, SOME, common, output, some_chapters
from scenes.studio.edits import edits
from sim.paths import PACKAGES

CODE = (PACKAGES / "scenes", PACKAGES / "sim")


@click.command()
@SOME
@EVERY
@LANG
@QUALITY
@output
@common
@click.option("--served", is_flag=True, hidden=True, help="be the process that renders")
def watch(
    chapters: Sequence[str],
    every: bool,
    params: str | None,
    sets: Sequence[str],
    out: Path,
    served: bool,
    **chosen: Any,
) -> None:
    """Render chapters, and again what depends on a file whenever it is edited: parameters, words, chapters, voices.

    First comes a picture of the beat that has changed first, CHAPTER-now.png, then the clip. What did not change comes
    from the cache. Mistakes are told, and the next edit may mend them. Ctrl-C ends it.

    \b
    Examples:
      atajos watch GradientFlow --params my.toml
      atajos watch --all --lang en
    """
    from scenes.studio.farm import request
    from scenes.studio.look import looks

    some, wanted = some_chapters(chapters, every), looks(**chosen)
    request.check_out(out)
    if served:
        from scenes.studio.commands.served import serve

        serve(some, wanted, params, sets, out)
        return
    command = [sys.executable, "-c", "from scenes.studio.commands.cli import main; main()", *sys.argv[1:], "--served"]
    child = _begin(command)
    try:
        for edited in edits(code_files, CODE):
            _stop(child)
            click.echo(f"{', '.join(sorted(path.name for path in edited))}: edited; begins anew", err=True)
            child = _begin(command)
    finally:  # Ctrl-C as well
        _stop(child)


def code_files() -> Iterator[Path]:
    """All code of the project."""
    for room in CODE:
        yield from room.resolve().rglob("*.py")


def _begin(command: Sequence[str]) -> subprocess.Popen[Any]:
    """The process that renders. It hears by the end of its input that this one is gone, however that came."""
    return subprocess.Popen(command, stdin=subprocess.PIPE)


def _stop(child: subprocess.Popen[Any]) -> None:
    """A render that an edit overtakes ends as after Ctrl-C, with nothing half-written."""
    child.terminate()  # heard where Ctrl-C is not: begun in the background by a script
    child.wait()
