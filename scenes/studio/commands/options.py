"""The options that commands share, and how a chapter is named on the command line."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from scenes.film import CHAPTERS, ENCORE, FILM, Chapter

TELLING = click.option(
    "--telling",
    envvar="ATAJOS_TELLING",
    default="brief",
    show_default=True,
    help="brief (captions carry it) or full (a voice carries it)",
)
COMMON = (
    click.option(
        "--theme", envvar="ATAJOS_THEME", default="dark", show_default=True, help="dark, light or transparent"
    ),
    TELLING,
    click.option("--aspect", envvar="ATAJOS_ASPECT", default="16:9", show_default=True, help="16:9, 1:1 or 9:16"),
    click.option("--params", metavar="FILE", help="a TOML file with the parameters to change"),
    click.option("--set", "sets", metavar="KEY=VALUE", multiple=True, help="change one parameter; repeatable"),
    click.option("--out", default="out", show_default=True, type=click.Path(file_okay=False, path_type=Path)),
)
LANG = click.option("--lang", envvar="ATAJOS_LANG", default="es", show_default=True, help="es, en or es,en")
QUALITY = click.option(
    "--quality", "-q", default="l", show_default=True, help="l 480p15, m 720p30, h 1080p60, k 2160p60"
)
BURN = click.option("--burn-captions", "burn", is_flag=True, help="captions in the picture, not as a track")
OUTPUT = (
    click.option("--format", "-f", help="mp4, webm, mov, gif or png (the last frame) [default: mp4; transparent: mov]"),
    click.option("--transparent", is_flag=True, help="no background, to lie on slides; not as mp4"),
    BURN,
)
NETWORK = click.option("--network", metavar="NAME.npz", help="draw this record of atajos measure")
EVERY = click.option("--all", "every", is_flag=True, help="every chapter of the film")
SOME = click.argument("chapters", metavar="CHAPTER…", nargs=-1, shell_complete=lambda *args: completed(args[-1]))


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that all commands which draw share."""
    return _with(COMMON, command)


def output(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what files are made of what is drawn."""
    return _with(OUTPUT, command)


def _with(options: Sequence[Callable[..., Any]], command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command


def completed(begun: str) -> list[str]:
    """The names of chapters that begin so, for the shell."""
    return [chapter.name for chapter in (*FILM, *ENCORE) if chapter.name.startswith(begun)]


def draws_networks(chapter: Chapter) -> bool:
    """Whether a chapter can draw a network of one's own. Imports its scene."""
    return not chapter.scene().lacks


def some_chapters(names: Sequence[str], every: bool, network: str | None = None) -> list[Chapter]:
    """The chapters that are named, or all: of a network of one's own, all that can draw one. Raises UsageError if there
    are none."""
    from scenes.kit.errors import UsageError

    some = [chapter for chapter in CHAPTERS if network is None or draws_networks(chapter)]
    wanted = some if every else [chapter_named(name) for name in dict.fromkeys(names)]
    if not wanted:
        raise UsageError(f"name a chapter, or --all; there are: {', '.join(chapter.name for chapter in CHAPTERS)}")
    return wanted


def chapter_named(name: str) -> Chapter:
    """The chapter of that name. Raises UsageError naming the ones there are."""
    from scenes.kit.errors import UsageError

    found = {chapter.name: chapter for chapter in (*FILM, *ENCORE)}
    if name not in found:
        near = difflib.get_close_matches(name, found, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise UsageError(f"unknown chapter {name!r}{hint}; there are: {', '.join(found)}")
    return found[name]


WORKERS = (
    click.option(
        "--jobs",
        "-j",
        type=click.IntRange(1, 512),
        help="worker processes that draw, all chapters and languages together [default: one for each core]",
    ),
    click.option("--cluster", metavar="ADDRESS", help="draw on a Dask cluster: tcp://host:8786, or local:N"),
)


def workers(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say who draws."""
    for option in reversed(WORKERS):
        command = option(command)
    return command
