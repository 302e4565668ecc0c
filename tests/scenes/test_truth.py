"""What was said and was not so: a row for each, that it may not come back."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from scenes.studio.files.captions import as_transcript
from scenes.studio.look import Look, chosen
from sim.paths import ASSETS
from sim.records.record import PLAIN
from tests.conftest import PREVIEW
from tests.scenes.telling import CHAPTER, told

FEW = ["identity.seeds=2", "identity.width=4", "identity.longer=2", "identity.wider=2", "routes.seeds=2"]
FEW += ["highway.seeds=2", "highway.width=4", "highway.depth=6", "highway.batch=8", "highway.dtype=float32"]
FEW += ["gains.seeds=1", "gains.batch=4", "profile.seeds=2", "profile.batch=4", "gradient_flow.depths=[2,4]"]
FEW += [f"gradient_flow.bn.{key}" for key in ("depth=2", "width=4", "batch=8", "seeds=2")]
SMALL_GAIN = ["identity.gain=1e-6", "identity.norm=none"]
BOTTLENECK = ["identity.block=mlp", "identity.width=4", "identity.norm=none"]
LOST = ["identity.learning_rates=[1000.0]", "identity.steps=30", "identity.snapshots=[0,30]"]
QUICK = ["identity.steps=1", "identity.snapshots=[0,1]", "identity.longer=1", "identity.wider=1"]
THREE = ["identity.depth=3", "identity.norm=none", "identity.seeds=1", "identity.steps=30", "identity.snapshots=[0,30]"]
THREE += ["identity.longer=2", "identity.wider=2", "identity.width=4", "identity.batch=16", "identity.digits=[3]"]
DEAD = ["identity.depth=3", "identity.norm=none", "identity.gain=1e-300", *QUICK]
FEWER = ["width=4", "steps=5", "eval_every=5", "batch=16", "seeds=1", "search_seeds=1", "longer=1", "eval_examples=128"]
LESS = [f"degradation.{key}" for key in FEWER]
LIGHT = [*LESS, "degradation.depths=[56,112]"]  # of matrices, as all in that file
FASTER = ["width=8", "steps=20", "eval_every=20", "batch=16", "seeds=2", "longer=1", "search_seeds=1"]
FAST = [*(f"degradation.{key}" for key in FASTER), "degradation.eval_examples=128", "degradation.depths=[8,20]"]
FAST += ["degradation.norm=none", "degradation.learning_rates=[1000.0]"]
POST = ["highway.order=post"]
SCALED = ["highway.branch_scale='1/sqrt(depth)'"]
RANDOM = ["network.cotangent=random"]
FAINT = ["highway.dtype=float32", "highway.depth=60", "highway.width=8"]
TINY = ["highway.depth=2", "highway.width=8", "highway.batch=4", "highway.seeds=1"]
NOISE = [*TINY, "network.cotangent=random"]  # of both tellings, as all that shares a set
WEAKER = [*TINY, "highway.gain=2.5", "highway.strong=0.5"]
DROWNED = [*TINY, "highway.order=post", "highway.branch_scale=0"]
ONE_CASE = [f"gains.{key}=1" for key in ("depth", "batch", "jacobians", "seeds")]
NEVER = "¡nunca!"  # where there is nothing that may not be said
BATCH_NORM = ["highway.norm=batch", "highway.order=post", "highway.gain=he"]
# what was not so: chapter, settings, beat, what is said there, what may not be said
Rows = dict[str, list[tuple[str, list[str], str, str, str]]]
MISLEADING: Rows = {
    "what the first blocks are told": [
        ("PlainRoad", [], "first", "apenas", "como las del último"),
        ("PlainRoad", ["highway.bias=normal"], "first", "como las del último", "apenas"),
        ("PlainRoad", ["highway.bias=normal"], "drive", "sin sesgos", "como los sortea PyTorch"),
    ],
    "what is certain of one block": [
        ("AtLeastOne", [], "bound", "casos", "como mucho"),
    ],
    "explosion is taken up again": [
        ("Shortcuts", [], "lesson", "no lo cura todo", "asegura"),
        ("GradientFlow", [], "gain_1", "El atajo no cura los pesos grandes", NEVER),
        ("GradientFlow", [], "branch", "Eso sí la doma", NEVER),
    ],
    "what likeness is worth": [
        ("PlainRoad", [], "arrived", "casi como a los demás", "recuerda"),
        ("PlainRoad", [], "arrived", "un lector sencillo", "recuerda"),
    ],
    "untrained weights, said aloud": [
        ("PlainRoad", [], "drive", "recién sorteados, como los sortea PyTorch", "sin sesgos"),
    ],
    "residual gains multiply, too": [
        ("PlusOne", [], "residual", "también se multiplican", "se suman"),
    ],
    "no more digits than seeds agree on": [
        ("PlainRoad", [], "count", "De cada 10⁹", "150 millones"),
    ],
    "idle blocks have no norm": [
        ("Degradation", [], "idle", "sin BN", NEVER),
    ],
    "nothing chooses": [
        ("Shortcuts", [], "quiet", "casi toda la carga va por el atajo", "el coche toma"),
    ],
    "why F is zero, and in He's order is not": [
        ("ResidualBlock", [], "branch", "su última ReLU se ha cerrado", NEVER),
        ("ResidualBlock", [], "why", "Con el orden de He", NEVER),
    ],
    "a race to 1 %": [
        ("ResidualBlock", [], "compare", "del 1 %", NEVER),
    ],
    "measured, or computed": [
        ("Summary", [], "credits", "se midió o se calculó", "Todo lo que has visto"),
    ],
    "what the note teaches": [
        ("PlainRoad", [], "night", "retropropagación", NEVER),
        ("PlusOne", [], "chain", "∂L/∂x = ∂L/∂H · (∂F/∂x + 1)", NEVER),
        ("Degradation", [], "gap", "no es sobreajuste", NEVER),
        ("PlainBlock", [], "wanted", "función identidad", NEVER),
        ("ResidualBlock", [], "shortcut", "ResNet", NEVER),
        ("Summary", [], "routes", "dos dificultades", NEVER),
    ],
}
FALSE_ELSEWHERE: Rows = {
    "a block that copies before training": [
        ("ResidualBlock", SMALL_GAIN, "compare", "ya sin entrenar", "aún no"),
        ("ResidualBlock", SMALL_GAIN, "learned", "Sin entrenar", "solo 0"),
    ],
    "unable, and not slow": [
        ("ResidualBlock", BOTTLENECK, "lesson", "El plano no llega", "lento"),
        ("ResidualBlock", THREE, "lesson", "El plano no llega", "lento"),
    ],
    "one step": [
        ("ResidualBlock", BOTTLENECK, "compare", "1 paso;", "1 pasos"),
        ("PlainBlock", QUICK, "learned", "1 paso", "1 pasos"),
    ],
    "training that diverges": [
        ("PlainBlock", LOST, "effort", "se perdió", "hay que trabajar"),
        ("PlainBlock", DEAD, "effort", "no sale nada", "se perdió"),  # a dead network gives 0, and diverges nowhere
        ("ResidualBlock", LOST, "branch", "se perdió", "Cero basta"),
    ],
    "a ReLU after the sum": [
        ("ResidualBlock", ["identity.order=post", *QUICK], "sum", "ReLU(F(x) + x)", "Sale H(x) = F(x)"),
        ("PlusOne", POST, "sum", "H = ReLU(F + x)", "H = F + x"),
        ("PlusOne", POST, "chain", "pendiente de la ReLU", NEVER),
        ("PlusOne", POST, "total", "tras la ReLU", "copia exacta"),
        ("PlusOne", POST, "route", "pasar la ReLU", "×1"),
        ("Routes", ["routes.order=post"], "start", "cruza una ReLU", NEVER),
        ("Shortcuts", POST, "fork", "tras la activación", "exacta"),
        ("Summary", [*POST, *QUICK], "routes", "copia del atajo", "copia exacta"),
        ("PlusOne", [*POST, "highway.activation=linear"], "total", "copia exacta", "tras la"),  # crashed once
    ],
    "a branch that is weighed": [
        ("Shortcuts", ["highway.branch_scale=-1"], "sum", "x − F(x)", "x + F(x)"),
        ("Shortcuts", ["highway.branch_scale=0.5"], "sum", "x + 0,50 F(x)", "x + F(x)"),
        ("PlusOne", ["highway.branch_scale=-1"], "sum", "H = −1,0 F + x", "H = F + x"),
    ],
    "β does the trick": [
        ("Shortcuts", SCALED, "raise", "branch_scale", NEVER),
        ("PlusOne", SCALED, "chain", "0,41 ∂F/∂x + 1", "· (∂F/∂x + 1)"),
    ],
    "one block": [
        ("PlainRoad", ["highway.depth=1"], "lesson", "un solo peaje", "los demás"),
        ("PlainRoad", ["highway.depth=1"], "count", "a la entrada llegan ", "llegan 0"),
        ("Routes", ["routes.depth=1"], "many", "1 bloque ", "1 bloques"),
    ],
    "what arrives within a factor of two": [
        ("WaterPipes", ["highway.depth=1"], "plain", "a la entrada llega", "aguanta"),
        ("Shortcuts", BATCH_NORM, "arrives", "llega crecida", "hasta la entrada"),
    ],
    "underflow": [
        ("WaterPipes", FAINT, "plain", "0 de redondeo: la señal es menor que el menor float32", "no llega nada"),
    ],
    "tolls that add much": [
        ("Shortcuts", ["highway.quiet=1", "highway.width=8"], "quiet", "esto es lo que llega", "casi no aportan"),
    ],
    "no loss": [
        ("PlainRoad", [*RANDOM, "highway.width=8"], "count", "de la salida", "pérdida"),
        ("GradientFlow", RANDOM, "start", "en la salida", "pérdida"),
    ],
    "one rounding, few digits": [
        ("Shortcuts", ["highway.gain=1000", "highway.dtype=float64"], "fork", "<0,01", "0,0000"),
        ("Shortcuts", ["highway.branch_scale=0"], "fork", "100 %", "100,0"),
    ],
    "networks that learn nothing": [
        ("Degradation", LIGHT, "lesson", "no aprende ninguna", "incapaz"),
        ("Degradation", LIGHT, "depth_56", "falla el 9", "aprende"),
    ],
    "words for one": [
        ("AtLeastOne", ["gains.width=1"], "typical", "gradiente al azar", "1 direcciones"),
    ],
    "rates of 1000": [
        ("Degradation", FAST, "depth_8", "diverge", "?"),  # crashed once
        ("Degradation", FAST, "gap", "tampoco hay con qué comparar", "?"),
        ("Degradation", FAST, "lesson", "no se entrena ninguna", "?"),
    ],
}


def few(sets: list[str]) -> list[str]:
    """Settings, on small networks where they are silent. Without any, the film that other tests tell, too."""
    usual = [one for one in FEW if one.split("=")[0] not in {own.split("=")[0] for own in sets}]
    return [*usual, *sets] if sets else []


def rows(*tables: Rows) -> list[Any]:
    """A case for every sentence, by the name of its row."""
    named = [(row, case) for table in tables for row, cases in table.items() for case in cases]
    return [pytest.param(*case, id=f"{row}: {case[0]}.{case[2]}") for row, case in named]


@pytest.mark.parametrize(("chapter", "sets", "beat", "so", "never"), rows(MISLEADING, FALSE_ELSEWHERE))
def test_the_film_says_what_is_so(chapter: str, sets: list[str], beat: str, so: str, never: str) -> None:
    telling = told(chapter, "es", PREVIEW, few(sets))
    said = telling.said[beat]
    assert so in said and never not in said, said
    assert not telling.wrong


TOLD_IN_FULL = [
    ("PlainRoad", NOISE, "night", "De la salida parte una señal al azar", "La pérdida mide"),
    ("Routes", ["routes.cotangent=random", "routes.depth=2", "routes.seeds=1"], "start", "de la salida", "pérdida"),
    ("PlainRoad", ["highway.bias=normal"], "first", "como a los del último", "oyen"),
    ("PlainRoad", WEAKER, "strong", "multiplicados por 0,20", "veces mayores"),
    ("Shortcuts", DROWNED, "quiet", "activación", "sin tocar"),
    ("Shortcuts", DROWNED, "joined", "su parecido", "añadido"),
    ("AtLeastOne", ONE_CASE, "bound", "1 caso", "1 casos"),
]


@pytest.mark.parametrize(("chapter", "sets", "beat", "so", "never"), TOLD_IN_FULL)
def test_the_full_telling_says_what_is_so(chapter: str, sets: list[str], beat: str, so: str, never: str) -> None:
    said = told(chapter, "es", PREVIEW, few(sets), telling="full").said[beat]
    assert so in said and never not in said, said


def test_batch_norm_leaves_weights_no_scale() -> None:
    """So that nothing is said of large ones, and the norm is named as what did it."""
    said = told("PlainRoad", "es", PREVIEW, [*FEW, *BATCH_NORM]).said
    assert "strong" not in said and "explota" not in said["lesson"]
    assert "BatchNorm (norm): la escala ya no cuenta" in said["drive"]
    assert "explotan" not in told("Shortcuts", "es", PREVIEW, [*FEW, *BATCH_NORM]).said["lesson"]
    assert "BatchNorm" not in told("PlainRoad", "es", PREVIEW, FEW).said["drive"]


def test_stretched_images_of_the_cargo_say_by_how_much() -> None:
    """Without biases what leaves the last toll is tiny; its image would look as strong as the digit that set out."""
    telling = told("PlainRoad", "es", PREVIEW, [*FEW, "highway.bias=normal"])
    spans = np.ptp(telling.scene.cargo.maps[PLAIN, telling.scene.seed, :, 0].reshape(7, -1), axis=1)
    (times, power) = re.search(r"última imagen: contraste × (\d)×10([⁰¹²³⁴-⁹]+)", telling.shown["arrived"]).groups()
    exponent = int("".join(str("⁰¹²³⁴⁵⁶⁷⁸⁹".index(digit)) for digit in power))
    assert int(times) * 10**exponent == pytest.approx(spans[0] / spans[-1], rel=0.1) and exponent > 1
    as_it_is = told("Shortcuts", "es", PREVIEW, [*FEW, "highway.quiet=0"])
    assert "contraste" not in as_it_is.shown["untouched"]


SMALLER = [*FEW, "highway.depth=6", "highway.width=8", "highway.batch=8"]
TRICKS = [
    ("vanishing", "PlainRoad", "drive", "como los sortea PyTorch"),
    ("exploding", "PlainRoad", "drive", "a escala 2,5 (gain)"),
    ("persisting", "Shortcuts", "raise", "por 0,41: lo decide branch_scale"),
    ("batch_norm", "PlainRoad", "drive", "BatchNorm (norm)"),
]


@pytest.mark.parametrize(("preset", "chapter", "beat", "key"), TRICKS)
def test_presets_name_the_key_that_does_the_trick(preset: str, chapter: str, beat: str, key: str) -> None:
    assert key in told(chapter, "es", ASSETS / "params" / f"{preset}.toml", SMALLER).said[beat]


@pytest.mark.parametrize("chapter", ["PlainRoad", "Shortcuts", "WaterPipes", "PlusOne"])
def test_the_transcript_says_what_decides(chapter: str) -> None:
    """What was measured, that it is untrained, and the keys of weights, biases and β with their values."""
    for sets, beta in (([], "1.0"), (SCALED, '"1/sqrt(depth)"')):
        with chosen(Look("es"), str(PREVIEW), [*FEW, *sets]):
            scene = CHAPTER[chapter].scene()(skip_animations=True)
            scene.setup()
        transcript = as_transcript(chapter, [scene.timeline()])
        for part in ("sin entrenar (profile)", 'gain = "torch"', 'bias = "torch"', f"branch_scale = {beta}"):
            assert part in transcript, part


def test_presets_show_the_key_that_does_the_trick() -> None:
    telling = told("WaterPipes", "es", PREVIEW, [*FEW, *SCALED])
    assert "mismos pesos, ramas × 0,41" in telling.shown["residual"]
    assert "ramas" not in told("WaterPipes", "es", PREVIEW, FEW).shown["residual"]
