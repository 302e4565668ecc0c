"""Records of the road are measured soon: the probe reads few digits, of which one sentence speaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sim.probes import linear


@pytest.fixture(autouse=True, scope="module")
def few_digits() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linear, "SENT", 60)
        yield
