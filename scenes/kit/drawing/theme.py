"""Colours by role: the same thing has the same colour in every chapter.

Each role also has a shape or a dash of its own (see the storyboard), so nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scenes.kit.errors import choose


@dataclass(frozen=True)
class Theme:
    """One set of colours. Every text role reads on ``background`` and ``panel`` with WCAG AA contrast (4.5:1).

    ``opacity`` is that of the background; ``halo`` the width, in manim stroke units, of an outline in the
    background's colour around text, for clips that lie on slides whose colour we do not know.
    """

    name: str
    background: str
    panel: str  # fill of blocks and boxes
    caption: str  # fill of the caption box
    ink: str  # text
    muted: str  # second-rank text
    faint: str  # grid lines, never text
    data: str  # forward, left to right
    gradient: str  # backward, right to left
    skip: str  # the shortcut
    branch: str  # what the block's layers compute
    danger: str  # what fails: the plain net, explosion
    land: str  # beside the road, by day
    night_land: str
    tree: str
    road: str  # the carriageway, by day
    night_road: str
    opacity: float = 1.0
    halo: float = 0.0

    def apply(self) -> None:
        """Set manim's background; called before the camera is made."""
        from manim import config  # costs a second, which who only wants a name need not pay

        config.background_color = self.background
        config.background_opacity = self.opacity


DARK = Theme(
    name="dark",
    background="#0F1218",
    panel="#1B212C",
    caption="#050608",
    ink="#F2F4F8",
    muted="#A3ADBB",
    faint="#3A424F",
    data="#7CC6F7",
    gradient="#F5A623",
    skip="#25B88B",
    branch="#D77FB4",
    danger="#FF6E4A",
    land="#1E2F2A",
    night_land="#151A28",
    tree="#35564A",
    road="#454D5B",
    night_road="#2A303C",
)
LIGHT = Theme(
    name="light",
    background="#FBFAF7",
    panel="#F0F1F4",
    caption="#E9ECF1",
    ink="#14171C",
    muted="#4E5866",
    faint="#C6CBD3",
    data="#00488A",
    gradient="#9A4D00",
    skip="#007656",
    branch="#97306F",
    danger="#BC2B0F",
    land="#D9E7CF",
    night_land="#CDD3E4",
    tree="#A9C79A",
    road="#A7AEBA",
    night_road="#8F97A8",
)
TRANSPARENT = Theme(**{**DARK.__dict__, "name": "transparent", "opacity": 0.0, "halo": 6.0})
TRANSPARENT_LIGHT = Theme(**{**LIGHT.__dict__, "name": "transparent-light", "opacity": 0.0, "halo": 6.0})

THEMES: Mapping[str, Theme] = MappingProxyType(
    {theme.name: theme for theme in (DARK, LIGHT, TRANSPARENT, TRANSPARENT_LIGHT)}
)


def theme_named(name: str) -> Theme:
    """The theme called ``name``. Raises :class:`UsageError` naming the ones there are."""
    return THEMES[choose("ATAJOS_THEME", name, THEMES)]
