"""How clips are made: language, colours, shape, size, captions and file format, and the names that say so."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sim.params
from scenes.kit.errors import UsageError, choose
from scenes.kit.narration import LANGUAGES
from scenes.kit.stage import ASPECTS
from scenes.kit.theme import THEMES
from scenes.studio.formats import FORMATS

QUALITIES = {"l": (480, 15), "m": (720, 30), "h": (1080, 60), "k": (2160, 60)}  # short side in px, frames a second
CLEAR = {"dark": "transparent", "light": "transparent-light"}  # the theme without its background


@dataclass(frozen=True)
class Look:
    """How clips are made. Raises :class:`UsageError` for a choice that does not exist."""

    lang: str = "es"
    theme: str = "dark"
    aspect: str = "16:9"
    quality: str = "l"
    captions: str = "burn"  # drawn in the picture; soft: left to players
    format: str = "auto"  # mov if transparent, else mp4

    def __post_init__(self) -> None:
        choose("--lang", self.lang, LANGUAGES)
        choose("--theme", self.theme, THEMES)
        choose("--aspect", self.aspect, ASPECTS)
        choose("--quality", self.quality, QUALITIES)
        choose("--format", self.format, ("auto", *FORMATS))
        if self.format == "auto":
            object.__setattr__(self, "format", "mov" if self.transparent else "mp4")
        if self.transparent and self.format == "mp4":
            raise UsageError("--format mp4: has no alpha channel; for a transparent clip take mov, webm, gif or png")

    @property
    def transparent(self) -> bool:
        return THEMES[self.theme].opacity < 1

    @property
    def suffix(self) -> str:
        return f".{self.format}"

    @property
    def drawn_as(self) -> str:
        """The ending of what manim writes: H.264 in mp4, or qtrle in mov, which has an alpha channel."""
        return ".mov" if self.transparent else ".mp4"

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height."""
        short, (columns, rows) = QUALITIES[self.quality][0], ASPECTS[self.aspect]
        if columns > rows:
            return round(short * columns / rows / 2) * 2, short
        return short, round(short * rows / columns)

    def stem(self, title: str) -> str:
        """A readable name: title and language, and whatever is not default."""
        extras = [self.theme] * (self.theme != "dark") + [self.aspect.replace(":", "x")] * (self.aspect != "16:9")
        return "-".join([title, self.lang, *extras])

    def plain_name(self, title: str) -> str:
        """The name of a clip and of its words: ``GradientFlow-es-480p.mp4``."""
        return f"{self.stem(title)}-{QUALITIES[self.quality][0]}p{self.suffix}"

    def name(self, title: str) -> str:
        """The name of a clip. With captions in the picture it says so, and differs from that of the caption files:
        players take a file of the same name for captions to show over the picture."""
        plain = Path(self.plain_name(title))
        return plain.name if self.captions == "soft" else f"{plain.stem}-captions{plain.suffix}"


def looks(
    lang: str,
    theme: str,
    aspect: str,
    quality: str = "l",
    burn: bool = False,
    format: str | None = None,
    transparent: bool = False,
) -> list[Look]:
    """One look for each language of ``es,en``, as the options of a command say."""
    if transparent:
        theme = CLEAR.get(theme, theme)
    captions = "burn" if burn else "soft"
    return [Look(code.strip(), theme, aspect, quality, captions, format or "auto") for code in lang.split(",")]


@contextmanager
def chosen(look: Look, params: str | None = None, sets: Sequence[str] = ()) -> Iterator[None]:
    """The environment that scenes read, set for a while; the parameters are read once, so that mistakes show at once.

    Raises ParamsError.
    """
    sim.params.load(params, sets)
    environment = {
        "ATAJOS_LANG": look.lang,
        "ATAJOS_THEME": look.theme,
        "ATAJOS_ASPECT": look.aspect,
        "ATAJOS_CAPTIONS": look.captions,
    }
    if voices := os.environ.get("ATAJOS_VOICE"):  # workers stand in folders of their own
        environment["ATAJOS_VOICE"] = str(Path(voices).resolve())
    if params is not None:
        environment["ATAJOS_PARAMS"] = str(Path(params).resolve())
    if sets:
        already = os.environ.get("ATAJOS_SET")
        environment["ATAJOS_SET"] = ";".join([*([already] if already else []), *sets])
    before = {key: os.environ.get(key) for key in environment}
    os.environ.update(environment)
    try:
        yield
    finally:
        for key, value in before.items():
            os.environ.pop(key) if value is None else os.environ.update({key: value})
