"""How clips are made: language, colours, shape, size, captions and file format, and the names that say so."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sim.params
from scenes.kit.drawing.stage import ASPECTS, even
from scenes.kit.drawing.theme import THEMES
from scenes.kit.errors import UsageError, choose
from scenes.kit.telling.narration import LANGUAGES, TELLINGS
from scenes.kit.telling.setting import CAPTIONS, Setting, network_of, using, voices_of

FORMATS = ("mp4", "webm", "mov", "gif", "png")
# short side in px, frames a second; the last is for tests, and is not told of
QUALITIES = {"l": (480, 15), "m": (720, 30), "h": (1080, 60), "k": (2160, 60), "t": (108, 2)}
TOLD = ("l", "m", "h", "k")
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
    telling: str = "brief"  # captions carry it; full: a voice does
    network: str | None = None  # a file of `atajos measure`

    def __post_init__(self) -> None:
        choose("--lang", self.lang, LANGUAGES)
        choose("--theme", self.theme, THEMES)
        choose("--aspect", self.aspect, ASPECTS)
        choose("--quality", self.quality, TOLD if self.quality not in QUALITIES else QUALITIES)
        choose("--format", self.format, ("auto", *FORMATS))
        choose("--telling", self.telling, TELLINGS)
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
            return even(short * columns / rows), short
        return short, even(short * rows / columns)

    def setting(self, parameters: sim.params.Params) -> Setting:
        """How a chapter is told in this look."""
        look = {name: getattr(self, name) for name in ("lang", "theme", "aspect", "captions", "telling")}
        network = network_of(self.network, "--network")
        return Setting(parameters, voices=voices_of(), network=network, **look)

    def stem(self, title: str) -> str:
        """A readable name: title and language, and whatever is not default."""
        extras = [self.telling] * (self.telling != "brief") + [self.theme] * (self.theme != "dark")
        extras += [self.aspect.replace(":", "x")] * (self.aspect != "16:9")
        extras += [Path(self.network).stem] if self.network else []
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
    telling: str = "brief",
    network: str | None = None,
) -> list[Look]:
    """One look for each language of ``es,en``, as the options of a command say."""
    if transparent:
        theme = CLEAR.get(theme, theme)
    said = choose("ATAJOS_CAPTIONS", os.environ.get("ATAJOS_CAPTIONS") or "soft", CAPTIONS)
    captions = "burn" if burn else said
    shape = (theme, aspect, quality, captions, format or "auto", telling, network)
    return [Look(code.strip(), *shape) for code in lang.split(",")]


@contextmanager
def chosen(look: Look, params: str | None = None, sets: Sequence[str] = ()) -> Iterator[Setting]:
    """Chapters that are made in this block are told as ``look`` and the parameters say. Raises ParamsError."""
    with using(look.setting(sim.params.load(params, sets))) as setting:
        yield setting
