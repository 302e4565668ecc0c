"""What the simulator's tests share: one thread, a store of their own, small networks."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from sim import params
from sim.sections.network import Network

torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A store that is empty at every test, and an environment without settings of its own."""
    folder = tmp_path_factory.mktemp("store")
    monkeypatch.setenv("ATAJOS_STORE", str(folder))
    for name in ("ATAJOS_PARAMS", "ATAJOS_SET"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture(scope="session")
def make() -> Callable[..., Network]:
    """A profile with the default values but for the keys given."""
    defaults = params.load(environ={}).profile
    return lambda **changes: defaults.replace(**changes)
