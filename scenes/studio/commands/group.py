"""`atajos`: the list of its commands."""

from __future__ import annotations

from collections.abc import Sequence

import click

from scenes.studio.commands import check, clean, film, measure, page, slides, stills, voice, watch


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="atajos", prog_name="atajos")
def atajos() -> None:
    """Atajos: the film about why skip connections work, and the machine that makes it."""


COMMANDS = (
    film.film,
    film.render,
    slides.slides,
    stills.stills,
    watch.watch,
    page.page,
    measure.measure,
    voice.voice,
    check.check,
    clean.clean,
)
for _command in COMMANDS:
    atajos.add_command(_command)


@atajos.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def sim(arguments: Sequence[str]) -> None:
    """Run an experiment of the simulator: the same as python -m sim.

    Example: atajos sim profile --set depth=32
    """
    from sim.__main__ import main as simulate

    raise SystemExit(simulate(list(arguments)))
