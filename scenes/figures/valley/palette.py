"""The colours of the valley, of each theme, by day; night is one layer over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scenes.kit.drawing.painting import Colour
from scenes.kit.drawing.theme import Theme


@dataclass(frozen=True)
class Palette:
    """Colours of the world. ``ground`` is left out where the clip lies over a slide (``bare``)."""

    ground: str
    fields: tuple[str, ...]
    verge: str
    kerb: str
    road: str
    dash: str
    trees: tuple[str, str, str]
    water: str
    shore: str
    wall: str  # of halls
    roof: str
    mouth: str
    bay: str  # a layer's front that is dark, and one that is lit
    lit: str
    bay_ink: str
    deck: str
    cargo: str  # lorries, and the frames of what they carry
    cargo_ink: str
    light: str  # a messenger, its core, and one beyond a thousand
    core: str
    hot: str
    number: str  # of what lights count
    night: Colour  # by which all is multiplied, or with which it is covered over a slide
    plate: str  # behind words
    ink: str
    shadow: float  # how dark shadows are
    vignette: float
    bare: bool


ON_LIGHT: dict[str, Any] = {
    "ground": "#D3E3C6",
    "fields": ("#C9DDB9", "#DCE8CD", "#C2D8B2", "#E2E9CB"),
    "verge": "#BBD3A8",
    "kerb": "#FFFFFF",
    "road": "#9AA3AE",
    "dash": "#FFFFFF",
    "trees": ("#7FA771", "#98BC88", "#B9D4A8"),
    "water": "#A9CFE3",
    "shore": "#E9DFC0",
    "wall": "#F4EEF3",
    "roof": "#E2D3DE",
    "mouth": "#4A3A47",
    "bay": "#D9A9C8",
    "lit": "#B4528D",
    "bay_ink": "#3A1029",
    "light": "#E8830C",
    "core": "#FFC978",
    "hot": "#DB2F14",
    "night": "#A9B4DC",
    "plate": "#FFFFFF",
    "shadow": 0.14,
}
ON_DARK: dict[str, Any] = {
    "ground": "#2F6450",
    "fields": ("#386F58", "#2B5A49", "#3F775B", "#31685C"),
    "verge": "#45846A",
    "kerb": "#C8D2DA",
    "road": "#4B5463",
    "dash": "#DDE3EA",
    "trees": ("#1F4437", "#3F8465", "#63AE86"),
    "water": "#3F7F9B",
    "shore": "#8A8763",
    "wall": "#1B212C",
    "roof": "#313A49",
    "mouth": "#07090D",
    "bay": "#8A4F75",
    "lit": "#FFC2E6",
    "bay_ink": "#14060F",
    "cargo_ink": "#BFE3FB",
    "core": "#FFDFA0",
    "number": "#FFDFA0",
    "night": "#4C5EA6",
    "plate": "#0B0F15",
    "shadow": 0.24,
}


def palette_of(theme: Theme) -> Palette:
    """The palette that goes with a theme."""
    bare = theme.opacity < 1
    roles: dict[str, Any] = {"deck": theme.skip, "cargo": theme.data, "bare": bare, "ink": theme.ink}
    if theme.name.endswith("light"):
        return Palette(**ON_LIGHT, **roles, cargo_ink=theme.data, number=theme.gradient, vignette=0.0)
    lights: dict[str, Any] = {"light": theme.gradient, "hot": theme.danger}
    return Palette(**ON_DARK, **roles, **lights, vignette=0.0 if bare else 0.42)
