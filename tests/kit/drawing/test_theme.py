"""Colours: readable by WCAG AA, and told apart by colour-blind viewers."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from manim import ManimColor

from scenes.kit.drawing.theme import DARK, LIGHT, THEMES, TRANSPARENT, Theme, theme_named
from scenes.kit.errors import UsageError
from tests.scenes.layout import contrast

TEXT = ("ink", "muted", "data", "gradient", "skip", "branch", "danger")
# Machado, Oliveira & Fernandes 2009, severity 1.0: what is left of linear RGB for three kinds of colour blindness.
SEEN_BY = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def rgb(theme: Theme, role: str) -> np.ndarray:
    return np.array(ManimColor(getattr(theme, role)).to_rgb())


def lab(linear: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear sRGB."""
    ratio = XYZ @ np.clip(linear, 0, 1) / (XYZ @ np.ones(3))
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("role", TEXT)
@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_text_colours_reach_wcag_aa(theme: Theme, role: str) -> None:
    for ground in ("background", "panel", "caption"):
        assert contrast(rgb(theme, role), rgb(theme, ground)) >= 4.5, ground


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast([0, 0, 0], [1, 1, 1]) == pytest.approx(21)
    assert contrast([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]) == 1


@pytest.mark.parametrize("kind", SEEN_BY)
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_roles_that_meet_in_a_picture_differ_for_colour_blind_viewers(theme: Theme, kind: str) -> None:
    """ΔE*ab of at least 12. Gradient and danger are shades of one arrow, told apart by hatching and width."""
    seen = {}
    for role in ("data", "gradient", "skip", "branch", "danger"):
        colour = rgb(theme, role)
        linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
        seen[role] = lab(np.array(SEEN_BY[kind]) @ linear)
    for a, b in combinations(seen, 2):
        if {a, b} != {"gradient", "danger"}:
            assert np.linalg.norm(seen[a] - seen[b]) >= 12, (a, b)


def test_transparent_clips_outline_their_text() -> None:
    assert TRANSPARENT.opacity == 0
    assert TRANSPARENT.halo > 0


def test_an_unknown_theme_is_named_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="'sepia' is not known; allowed: dark, light, transparent"):
        theme_named("sepia")
