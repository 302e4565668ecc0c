"""The page computes what the simulator does: the same random numbers, and all that a profile tells of a seed."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from scenes.kit.reading.agreement import digits_of_logs
from scenes.studio.files.page import source
from scenes.studio.files.page.content import as_engine, packed_digits
from sim import params
from sim.measure.profile import profile
from sim.nets.data import digits
from sim.sections.network import GAINS, Network

pytestmark = pytest.mark.xdist_group("engine")
# A program that reads a question from its standard input and writes the answer of `answer` to its output.
NODE = "console.log(JSON.stringify(answer(JSON.parse(require('fs').readFileSync(0, 'utf8')))))"
FAINT = 1e-290
FINE, CHAOTIC = 1e-9, 1e-2  # the largest difference, relative; and in decades of numbers that small changes multiply
Ask = Callable[[str, str, Any], Any]


@pytest.fixture(scope="session")
def asked(request: pytest.FixtureRequest) -> Ask:
    """What the page's code answers, by ``asked(code, answer, question)``: in node where there is one, else in Chromium.

    answer: the body of a function of `question`.
    """
    node = shutil.which("node")
    page = request.getfixturevalue("browser").new_page() if node is None else None

    def ask(code: str, answer: str, question: Any) -> Any:
        program = f"{code}\nfunction answer(question) {{ {answer} }}\n"
        if page is not None:
            told = f"question => {{ {program} return JSON.parse(JSON.stringify(answer(question))); }}"
            return page.evaluate(told, question)
        text = json.dumps(question)
        done = subprocess.run([node, "-e", program + NODE], input=text, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask


def settings() -> list[dict[str, Any]]:
    """All orders, norms, activations and kinds of layer together; everything else at least twice among them."""
    found: list[dict[str, Any]] = []
    others = itertools.cycle(
        [
            {},
            {"bias": "normal", "bias_std": 0.3, "cotangent": "random"},
            {"branch_scale": "1/sqrt(depth)", "input": "gaussian"},
            {"gain": "he", "layers_per_block": 2},
            {"bias": "normal", "bias_std": 0, "branch_scale": -0.7, "seed": 2**31 - 1},
            {"input": "gaussian", "cotangent": "random", "layers_per_block": 2, "gain": 0.9},
            {"width": 8, "branch_scale": 0, "seed": 3},
            {"skip_scale": -0.5, "width": 6},
            {"skip_scale": "gate", "gate_bias": -1.5, "input": "gaussian"},
            {"skip_scale": "projection", "gain": 0.8, "cotangent": "random"},
        ]
    )
    for block, order, norm in itertools.product(("mlp", "conv"), ("literal", "open", "post", "pre"), ("none", "batch")):
        for activation in ("tanh", "relu", "sigmoid", "linear", "gelu"):
            found.append({"block": block, "order": order, "norm": norm, "activation": activation, **next(others)})
    return found


@cache
def base() -> Network:
    return params.load(environ={}).profile.replace(seeds=1, depth=4, width=5, batch=7)


def compared(asked: Ask, nets: list[Network]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What the page and what the simulator find, setting by setting."""
    images, labels = digits()
    pixels = {"x": np.rint(images * 16).astype(int).ravel().tolist(), "y": labels.tolist()}
    question = {"digits": pixels, "gains": GAINS, "nets": [net.model_dump() for net in nets]}
    answer = """
        const digits = { x: Uint8Array.from(question.digits.x), y: Int32Array.from(question.digits.y) };
        const written = (_, x) => (Number.isFinite(x) || typeof x === "object" ? x : String(x)); // Infinity, NaN
        const told = (found) => JSON.parse(JSON.stringify(found, written));
        return question.nets.map((net) => told(profileSeed(resolved(net, question.gains), net.seed, digits)));
    """
    found = asked(source.joined("engine.js"), answer, question)
    return [(one, as_engine(profile(net))) for one, net in zip(found, nets, strict=True)]


def apart(found: Any, expected: Any) -> float:
    """The largest relative difference; infinite where one is a finite number and the other is not.

    At the very block where float64 ends, the order of a sum decides whether it is infinite or none; and of what is
    fainter than FAINT, float64 keeps few digits of each part.
    """
    a, b = np.array(found, dtype=float), np.array(expected, dtype=float)
    assert a.shape == b.shape
    same = (a == b) | ~(np.isfinite(a) | np.isfinite(b)) | ((np.abs(a) < FAINT) & (np.abs(b) < FAINT))
    with np.errstate(all="ignore"):
        return float(np.max(np.where(same, 0, np.nan_to_num(np.abs(a / b - 1), nan=np.inf))))


def test_at_80_settings_the_page_finds_what_the_simulator_does(asked: Ask) -> None:
    cases = settings()
    assert len(cases) == 80
    told = {key for case in cases for key in case}
    assert told | {"depth", "batch", "seeds", "dtype"} == set(Network.model_fields)  # a new key has to be ported
    for case, (found, expected) in zip(cases, compared(asked, [base().replace(**case) for case in cases]), strict=True):
        for name, values in expected.items():
            assert apart(found[name], values) < FINE, (case, name)


def test_the_page_tells_as_many_digits_as_the_film(asked: Ask) -> None:
    rng = np.random.default_rng(0)
    rows = [
        rng.normal(mean, spread, (seeds, 40))
        for mean in (-8, 0, 2.6)
        for spread in (0, 1e-3, 0.02, 0.3, 2)
        for seeds in (1, 2, 5)
    ]
    rows.append(np.array([[-np.inf, np.nan, 0.0], [-np.inf, 1.0, 0.0]]))
    asking = [[[str(x) for x in row] for row in case] for case in rows]
    answer = """
        const read = (x) => Number(x.replace("inf", "Infinity"));
        return question.map((rows) => digitsOfAll(rows.map((row) => row.map(read))));
    """
    found = asked(source.joined("agreement.js"), answer, asking)
    assert found == [digits_of_logs(row).tolist() for row in rows]
    assert {digit for row in found for digit in row} == {0, 1, 2}


def test_deep_networks_too_even_where_they_overflow_or_nothing_is_left(asked: Ask) -> None:
    deep = base().replace(depth=110, width=6, batch=4)
    cases = [
        deep,
        deep.replace(gain=300.0, activation="linear", depth=150),  # beyond float64
        deep.replace(gain=0.05, activation="sigmoid", depth=180),  # below it
        deep.replace(gain=0.01, activation="relu", depth=160),
    ]
    for net, (found, expected) in zip(cases, compared(asked, cases), strict=True):
        for name, values in expected.items():
            assert apart(found[name], values) < FINE, (net, name)


def test_chaotic_networks_agree_to_a_hundredth_of_a_decade(asked: Ask) -> None:
    cases = [base().replace(depth=56, width=64, batch=16, gain=gain) for gain in (2.5, 4.0)]
    for found, expected in compared(asked, cases):
        logs = [np.log10(np.array(one["signal"])) for one in (found, expected)]
        assert np.max(np.abs(logs[0] - logs[1])) < CHAOTIC
    assert apart(found["signal"], expected["signal"]) > 0  # it is no copy


def test_random_numbers_are_those_of_numpy(asked: Ask) -> None:
    answer = """
        const rng = () => new Generator(question);
        const [ints, order] = [rng(), rng()];
        const third = rng();
        return { normals: Array.from(rng().normals(300000)), even: Array.from({ length: 9 }, () => third.even()),
            below: Array.from({ length: 99 }, () => ints.below(10)), order: Array.from(order.permutation(1797)) };
    """
    entropy = [7, 2, 11, 1]
    found = asked(source.joined("random.js"), answer, entropy)
    rng = [np.random.default_rng(entropy) for _ in range(4)]
    normals = rng[0].standard_normal(300_000)
    assert np.abs(normals).max() > 3.7  # from the tail, too
    assert np.max(np.abs(np.array(found["normals"]) / normals - 1)) < 1e-13
    assert found["even"] == rng[1].random(9).tolist()
    assert found["below"] == rng[2].integers(10, size=99).tolist()
    assert found["order"] == rng[3].permutation(1797).tolist()


def test_digits_arrive_as_they_were(asked: Ask) -> None:
    code = source.joined("compute.js").partition("const PATIENCE")[2].partition("/** Digits")[2]
    answer = "const { x, y } = unpacked(question); return { x: Array.from(x), y: Array.from(y) };"
    found = asked(f"/**{code}", answer, packed_digits())
    images, labels = digits()
    assert found["x"] == np.rint(images * 16).astype(int).ravel().tolist()
    assert found["y"] == labels.tolist()


@pytest.mark.parametrize("entry", ["ui.js", "worker.js"])
def test_modules_that_are_joined_declare_a_name_once(asked: Ask, entry: str) -> None:
    text = source.joined(entry)
    assert not [line for line in text.splitlines() if line.startswith(("import ", "export "))]
    asked("", "new Function(question); return true", text)  # raises SyntaxError for a name that is declared twice


def test_its_files_and_functions_are_small() -> None:
    for path in source.FOLDER.glob("*.js"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path.name
