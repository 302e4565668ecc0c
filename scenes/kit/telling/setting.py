"""How chapters are told: language, colours, shape, captions, telling, voices, parameters; one object that travels.

Where the plain manim command is the front door, it is read from the environment; the `atajos` command hands it over,
here and to workers.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import sim.params
from scenes.kit.drawing.stage import ASPECTS
from scenes.kit.drawing.theme import THEMES
from scenes.kit.errors import UsageError, choose
from scenes.kit.telling.narration import LANGUAGES, TELLINGS
from sim.paths import ASSETS

CAPTIONS = ("burn", "soft")  # in the picture; or not, for players to show
ALLOWED = {
    "lang": LANGUAGES,
    "theme": tuple(THEMES),
    "aspect": tuple(ASPECTS),
    "captions": CAPTIONS,
    "telling": TELLINGS,
}


@dataclass(frozen=True)
class Setting:
    """How chapters are told. Each choice has a variable: ``lang`` is ATAJOS_LANG."""

    parameters: sim.params.Params
    lang: str = "es"
    theme: str = "dark"
    aspect: str = "16:9"
    captions: str = "burn"
    telling: str = "brief"
    voices: Path = ASSETS / "voice"  # the folder of recordings
    network: Path | None = None  # a record of `atajos measure`, drawn in the place of the simulator's networks

    @property
    def seen(self) -> dict[str, str]:
        """All but the parameters, as text; of a network what is in its file."""
        said = {field.name: str(getattr(self, field.name)) for field in fields(self) if field.name != "parameters"}
        if self.network is not None:
            said["network"] = hashlib.sha256(self.network.read_bytes()).hexdigest()
        return said


def from_environment(environ: Mapping[str, str] = os.environ) -> Setting:
    """What the variables say. Raises :class:`UsageError` naming variable, value and what is allowed; ParamsError."""
    said = {name: environ.get(f"ATAJOS_{name.upper()}") for name in ALLOWED}
    chosen = {name: choose(f"ATAJOS_{name.upper()}", value, ALLOWED[name]) for name, value in said.items() if value}
    network = network_of(environ.get("ATAJOS_NETWORK"), "ATAJOS_NETWORK")
    return Setting(sim.params.load(environ=environ), voices=voices_of(environ), network=network, **chosen)


def network_of(path: str | None, source: str) -> Path | None:
    """The file of a network, absolute: workers stand in folders of their own. Raises :class:`UsageError`."""
    if not path:
        return None
    if not Path(path).is_file():
        raise UsageError(f"{source}: there is no file {path}; atajos measure --out makes one")
    return Path(path).resolve()


def refuse_network(network: Path | None, chapter: type[Any]) -> None:
    """Raises UsageError if a chapter is given the file of a network and cannot draw it: with its reason, its `lacks`,
    and the chapters that can."""
    if network is None or not chapter.lacks:
        return
    from scenes.film import FILM  # which names the scenes, and imports none before it is asked to

    others = [one.name for one in FILM if not one.scene().lacks]
    raise UsageError(
        f"--network: {chapter.__name__} draws no network of one's own: {chapter.lacks}; those that do: "
        f"{', '.join(others)}"
    )


def voices_of(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of recordings, absolute: workers stand in folders of their own."""
    return Path(environ.get("ATAJOS_VOICE") or ASSETS / "voice").resolve()


_HANDED: ContextVar[Setting | None] = ContextVar("setting", default=None)


def setting_now() -> Setting:
    """The setting that was handed over, else that of the environment."""
    return _HANDED.get() or from_environment()


@contextmanager
def using(setting: Setting) -> Iterator[Setting]:
    """Hand a setting over to the chapters that are made in this block."""
    token = _HANDED.set(setting)
    try:
        yield setting
    finally:
        _HANDED.reset(token)


def refuse_shortcuts(section: str, model: Any) -> None:
    """Raises UsageError for networks whose shortcuts hand on no copy: no chapter has words for them."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        if name == "skip_scale" and value != 1:
            raise UsageError(f"{section}.skip_scale: {value!r}: the film speaks of shortcuts that hand on a copy; 1")
        if hasattr(type(value), "model_fields"):
            refuse_shortcuts(f"{section}.{name}", value)
