"""The bench's rival is a fair one: it computes the same."""

from collections.abc import Callable

import numpy as np

from sim.bench import best, naive_profile
from sim.measure.profile import profile
from sim.sections.network import Network


def test_the_loop_gives_the_same_signals(make: Callable[..., Network]) -> None:
    p = make(depth=7, seeds=2, batch=8)
    np.testing.assert_allclose(naive_profile(p), profile(p).gradient_signal, rtol=1e-10)


def test_every_run_is_timed() -> None:
    runs: list[int] = []
    assert len(best(lambda: runs.append(1), lambda: runs.append(2), rounds=2)) == 2
    assert runs == [1, 2, 1, 2]
