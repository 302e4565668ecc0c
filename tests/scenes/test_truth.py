"""What was said of valid parameters and was not so: a row for each, that it may not come back."""

from __future__ import annotations

import pytest

from tests.conftest import PREVIEW
from tests.scenes.telling import told

# chapter, settings, beat, what is said there, what may not be said
ROWS = [
    ("ResidualBlock", ["identity.gain=1e-6", "identity.norm=none"], "compare", "ya sin entrenar", "aún no"),
    ("ResidualBlock", ["identity.gain=1e-6", "identity.norm=none"], "learned", "Sin entrenar", "solo 0"),
    (
        "ResidualBlock",
        ["identity.block=mlp", "identity.width=4", "identity.norm=none"],
        "lesson",
        "el plano no",
        "lento",
    ),
    (
        "ResidualBlock",
        ["identity.block=mlp", "identity.width=4", "identity.norm=none"],
        "compare",
        "1 paso;",
        "1 pasos",
    ),
    ("PlainBlock", ["identity.learning_rates=[1000.0]"], "effort", "se perdió", "hay que trabajar"),
    ("ResidualBlock", ["identity.learning_rates=[1000.0]"], "branch", "se perdió", "Cero basta"),
    ("ResidualBlock", ["identity.order=post"], "sum", "ReLU(F(x) + x)", "Sale H(x) = F(x)"),
    ("Shortcuts", ["highway.branch_scale=-1"], "sum", "x − F(x)", "x + F(x)"),
    ("Shortcuts", ["highway.branch_scale=0.5"], "sum", "x + 0,50 F(x)", "x + F(x)"),
    ("Shortcuts", ["highway.quiet=1"], "quiet", "esto es lo que llega", "casi no aportan"),
    ("Shortcuts", ["highway.gain=1000"], "fork", "<0,01", "0,0000"),
    ("Shortcuts", [], "lesson", "no lo cura todo", "asegura"),
    ("PlainRoad", ["highway.depth=1"], "lesson", "un solo peaje", "los demás"),
    ("PlainRoad", ["highway.depth=1"], "back", "débil", "se queda"),
    ("PlainRoad", ["network.cotangent=random"], "count", "de la salida", "pérdida"),
    ("PlainRoad", ["highway.bias=normal"], "first", "como las del último", "apenas"),
    ("PlainRoad", [], "first", "apenas", "como las del último"),
    ("GradientFlow", ["network.cotangent=random"], "start", "en la salida", "pérdida"),
    ("Routes", ["routes.depth=1"], "many", "1 bloque ", "1 bloques"),
]


@pytest.mark.parametrize(("chapter", "sets", "beat", "so", "never"), ROWS)
def test_the_film_says_what_is_so(chapter: str, sets: list[str], beat: str, so: str, never: str) -> None:
    few = ["identity.seeds=2", "highway.seeds=2", "routes.seeds=2"]
    said = told(chapter, "es", PREVIEW, [*few, *sets]).said
    assert so in said[beat] and never not in said[beat], said[beat]
