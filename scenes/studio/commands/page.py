"""`atajos page`: one offline HTML file in which readers turn the dials themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scenes.studio.commands.options import LANG, QUALITY, chapter_named

if TYPE_CHECKING:
    from scenes.studio.files.page.pictures import Figure


@click.command()
@LANG
@click.option("--params", metavar="FILE", help="a TOML file with the parameters to change")
@click.option("--set", "sets", metavar="KEY=VALUE", multiple=True, help="change one parameter; repeatable")
@click.option("--network", "networks", metavar="NAME.npz", multiple=True, help="a tab for this record; repeatable")
@click.option("--clips", default="none", show_default=True, help="none, all, or CHAPTER,…: clips that travel with it")
@QUALITY
@click.option("--out", default="page.html", show_default=True, type=click.Path(path_type=Path))
def page(
    lang: str,
    params: str | None,
    sets: Sequence[str],
    networks: Sequence[str],
    clips: str,
    quality: str,
    out: Path,
) -> None:
    """Make a page in which readers turn the dials: the very networks of the film, computed in their browser.

    It is one file. It opens from disk, in a frame of a course, without a network; it asks nobody for anything.

    \b
    Examples:
      atajos page --out page.html
      atajos page --lang es,en --clips GradientFlow --quality m --out lesson.html
      atajos page --network mynet.npz --out mynet.html
    """
    import sim.params
    from scenes.kit.errors import UsageError, choose
    from scenes.kit.telling.narration import LANGUAGES
    from scenes.studio.files.outputs import whole
    from scenes.studio.files.page.content import content
    from scenes.studio.files.page.document import document
    from scenes.studio.files.page.networks import own_network

    if out.is_dir():
        raise UsageError(f"--out {out}: is a directory; give a file")
    languages = list(dict.fromkeys(choose("--lang", code.strip(), LANGUAGES) for code in lang.split(",")))
    embedded = named(clips)
    parameters = sim.params.load(params, sets)
    data = content(parameters, languages, [own_network(Path(path)) for path in networks])
    figures = figures_of(data, embedded, languages, quality, params, sets)
    text = document(data, figures)
    whole(out, lambda part: part.write_text(text, encoding="utf-8"))
    click.echo(out.resolve())


def named(clips: str) -> list[str]:
    """The chapters whose clips are embedded. Raises UsageError."""
    from scenes.film import CHAPTERS

    if clips == "none":
        return []
    if clips == "all":
        return [chapter.name for chapter in CHAPTERS]
    return [chapter_named(name.strip()).name for name in clips.split(",")]


def figures_of(
    data: Mapping[str, Any],
    embedded: Sequence[str],
    languages: Sequence[str],
    quality: str,
    params: str | None,
    sets: Sequence[str],
) -> list[Figure]:
    """Clips, and stills of the other chapters of the tour, in the order of the film, language by language."""
    from scenes.film import CHAPTERS
    from scenes.studio.farm import request
    from scenes.studio.files.page import pictures
    from scenes.studio.look import Look

    stopped_at = {step["chapter"] for step in data["tour"]}
    looks = {code: Look(code, quality=quality, captions="soft") for code in languages}
    some = [chapter for chapter in CHAPTERS if chapter.name in embedded]
    drawn = request.draw(some, list(looks.values()), params, sets) if some else {}
    figures = []
    for code in languages:
        for chapter in CHAPTERS:
            if chapter.name in embedded:
                figures.append(pictures.moving(chapter, looks[code], drawn[looks[code], chapter]))
            elif chapter.name in stopped_at:
                figures.append(pictures.still(chapter, code, params, sets))
    return figures
