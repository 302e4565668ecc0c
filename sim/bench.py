"""`python -m sim bench`: what the simulator costs, beside what it is measured against, in one run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn
from torch.nn import functional

from sim import params
from sim.measure.profile import profile
from sim.nets import data
from sim.sections.network import Network

DEPTHS = (8, 20, 56, 110)

MEMORY = """
import resource
from sim import params
from sim.measure.profile import profile
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 2**20)
p = params.load(environ={}).profile
profile(p.replace(depth=1, seeds=1, batch=2))  # libraries and digits are in
before = peak()
profile(p.replace(depth=110, width=256, batch=256, seeds=5))
print(peak() - before)
"""

WARM = """
import time
start = time.perf_counter()
from sim import params, store
p = params.load(environ={}).profile
loaded = time.perf_counter()
store.fetch("profile", p)
end = time.perf_counter()
assert "torch" not in sys.modules
print(end - loaded, end - start)
"""


def bench() -> None:
    """Print the table. About a minute on two idle cores; other work on the machine is in the times, so see ratios."""
    p = params.load(environ={}).profile
    out = Table(title=f"The simulator's costs; torch with {torch.get_num_threads()} threads", title_justify="left")
    for heading in ("what", "measured", "against", "ratio", "aim"):
        out.add_column(heading, justify="left" if heading == "what" else "right")
    memory = _memory()  # first: on Linux a child's peak begins with its parent's
    for row in (*_speed(p), *_depths(p), memory, *_store()):
        out.add_row(*row)
    Console(highlight=False).print(out)


def best(*runs: Callable[[], Any], rounds: int = 4) -> list[float]:
    """The shortest of some times of each, in seconds; one after the other, that the machine's other work hit all."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, own in zip(runs, times, strict=True):
            start = time.perf_counter()
            run()
            own.append(time.perf_counter() - start)
    return [min(own) for own in times]


def _speed(p: Network) -> list[tuple[str, ...]]:
    p = p.replace(depth=56, batch=64, seeds=32)
    np.testing.assert_allclose(naive_profile(p), profile(p).gradient_signal, rtol=1e-10)
    rows = torch.randn(p.seeds, 2 * p.batch, p.width, dtype=torch.float64)
    weight, product = torch.randn(p.seeds, p.width, p.width, dtype=torch.float64), torch.empty_like(rows)

    def products() -> None:
        for _ in range(2 * p.depth):  # forward and back
            torch.bmm(rows, weight, out=product)

    ours, naive, floor = best(lambda: profile(p), lambda: naive_profile(p), products, rounds=3)
    what = f"{p.seeds} seeds × MLP × L = {p.depth}, batch {p.batch}"
    return [
        (f"{what}; against a loop", _s(ours), _s(naive), f"{naive / ours:.1f} × faster", "3 ×"),
        (f"{what}; against its matrix products", _s(ours), _s(floor), f"{ours / floor:.1f} × the floor", ""),
    ]


def _depths(p: Network) -> list[tuple[str, ...]]:
    stops = [p.replace(depth=depth, seeds=8) for depth in DEPTHS]
    times = best(*[lambda stop=stop: profile(stop) for stop in stops], rounds=5)
    blocks = [seconds / depth for seconds, depth in zip(times, DEPTHS, strict=True)]
    return [
        (
            f"a block of {depth}, 8 seeds",
            f"{1e3 * own:.2f} ms",
            f"{1e3 * blocks[2]:.2f} ms",
            f"{own / blocks[2]:.2f}",
            "0.7–1.3",
        )
        for depth, own in zip(DEPTHS, blocks, strict=True)
    ]


def _memory() -> tuple[str, ...]:
    (grown,) = _child(MEMORY)
    return (
        "memory of L = 110, width 256, batch 256, 5 seeds",
        f"{grown:.0f} MB",
        "500 MB",
        f"{grown / 500:.2f}",
        "< 1",
    )


def _store() -> list[tuple[str, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        environ = {"ATAJOS_STORE": folder}
        _child("from sim import params, store\nstore.fetch('profile', params.load(environ={}).profile)", environ)
        fetch, whole = (min(times) for times in zip(*(_child(WARM, environ) for _ in range(5)), strict=True))
    return [
        ("a record from the store, without torch", _ms(fetch), "", "", ""),
        ("… imports and parameters included", _s(whole), _s(0.5), f"{whole / 0.5:.2f}", "< 1"),
    ]


def _child(code: str, environ: dict[str, str] | None = None) -> list[float]:
    """The numbers that a process of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys\n" + code],
        env={**os.environ, **(environ or {})}, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return [float(word) for word in done.stdout.split()]


def _s(seconds: float) -> str:
    return f"{seconds:.3f} s"


def _ms(seconds: float) -> str:
    return f"{1e3 * seconds:.2f} ms"


class Naive(nn.Module):
    """A stack of h ← tanh(W h + b), or h ← h + tanh(W h + b)."""

    def __init__(self, layers: list[tuple[Tensor, Tensor | None]], skip: bool) -> None:
        super().__init__()
        self.skip = skip
        self.layers = nn.ModuleList()
        for weight, bias in layers:
            # skip_init: without it nn.Linear draws weights that are then thrown away.
            layer = nn.utils.skip_init(nn.Linear, *weight.shape, bias=bias is not None, dtype=weight.dtype)
            layer.weight.data = weight
            if bias is not None:
                layer.bias.data = bias
            self.layers.append(layer)

    def forward(self, h: Tensor) -> list[Tensor]:
        """The hidden states; h: [batch, width]."""
        hidden = [h]
        for layer in self.layers:
            F = torch.tanh(layer(hidden[-1]))
            hidden.append(hidden[-1] + F if self.skip else F)
        return hidden


def naive_profile(params: Network) -> NDArray[np.float64]:
    """gradient_signal [skip, seed, depth+1]. Asserts that the network is one that it knows."""
    known = (params.block, params.order, params.norm, params.layers_per_block, params.activation)
    assert known == ("mlp", "literal", "none", 1, "tanh") and params.branch_scale == params.skip_scale == 1
    signal = np.empty((2, params.seeds, params.depth + 1))
    for row in range(params.seeds):
        seed = params.seed + row
        batch = data.draw_batch(params, seed)
        readout, labels = torch.from_numpy(data.draw_readout(params, seed)), torch.from_numpy(batch.labels)
        layers = []
        for block in range(params.depth):
            weights, biases = data.draw_weights(params, [seed], block)
            layers.append((torch.from_numpy(weights[0][0]), None if biases is None else torch.from_numpy(biases[0][0])))
        for skip in (0, 1):
            hidden = Naive(layers, bool(skip))(torch.from_numpy(batch.hidden).requires_grad_())
            loss = functional.cross_entropy(functional.linear(hidden[-1], readout), labels, reduction="sum")
            gradients = torch.autograd.grad(loss, hidden)
            signal[skip, row] = [float(g.norm(dim=1).square().mean().sqrt()) for g in gradients]
    return signal
