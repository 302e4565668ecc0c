"""The presets do what their names say, at the command a lecturer would type."""

from pathlib import Path

import numpy as np
import pytest

from sim import params
from sim.measure.profile import profile
from sim.records.record import PLAIN, RESIDUAL

FOLDER = params.DEFAULTS.parent
PRESETS = sorted(path for path in FOLDER.glob("*.toml") if path != params.DEFAULTS)


def measured(name: str, *sets: str) -> np.ndarray:
    """log10 of the relative signal at h_0: [skip]."""
    tree = params.load(FOLDER / f"{name}.toml", sets, section="profile", environ={})
    return profile(tree.profile).mean_log10_relative()[:, 0]


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_a_preset_is_a_short_explained_file(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("# ") and f"--params assets/params/{path.name}" in text and len(text.splitlines()) < 40
    params.load(path, environ={})


def test_vanishing() -> None:
    found = measured("vanishing")
    assert found[PLAIN] == pytest.approx(-13.6, abs=0.5) and found[RESIDUAL] == pytest.approx(1.1, abs=0.3)


def test_exploding() -> None:
    found = measured("exploding")
    assert found[PLAIN] == pytest.approx(5.7, abs=0.5) and 3 < found[RESIDUAL] < found[PLAIN]


def test_persisting() -> None:
    found = [measured("persisting", f"depth={depth}", "batch=32")[RESIDUAL] for depth in (8, 56, 110)]
    assert found == pytest.approx([0.41] * 3, abs=0.12)


def test_batch_norm() -> None:
    found = measured("batch_norm", "seeds=2", "batch=32")
    assert found[PLAIN] == pytest.approx(3.9, abs=0.6) and found[RESIDUAL] == pytest.approx(1.5, abs=0.4)
    without = measured("batch_norm", "norm=none", "gain=torch", "seeds=1", "batch=8")
    assert without[PLAIN] < -8
