"""Tables of the experiments that look into a network at initialisation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from sim.records import PLAIN, RESIDUAL, Status
from sim.records_analysis import ActivationsRecord, GainsRecord, ProfilesRecord, RoutesRecord

ROWS = 12


def show_routes(record: RoutesRecord) -> None:
    """Share, energy and number of the routes of each length, the longest left out once they carry nothing."""
    share = record.signed_share.mean(0)
    out = _table(
        f"Routes of {record.params['depth']} blocks by branches taken; on average {_mean(record.mean_length())}",
        f"signed share and energy: mean over {len(record.seeds)} seeds{_trouble(record.status)}",
        ("branches", "routes", "share of gradient", "energy"),
    )
    told = np.flatnonzero(~(np.abs(share) < 5e-5))
    for k in range(int(told.max(initial=0)) + 1):
        out.add_row(str(k), f"{record.count[k]:.4g}", f"{share[k]:.2%}", f"{record.energy[:, k].mean():.3g}")
    Console(highlight=False).print(out)


def show_gains(record: GainsRecord) -> None:
    """Extremes of the singular values and the mean gains, block by block."""
    depth = record.status.shape[2]
    out = _table(
        f"Gains of {depth} blocks; singular values of I + βJ_F below 1: {record.singular_below.mean():.1%}",
        f"mean over seeds and examples; singular values: {record.method}; random directions with skip below 1: "
        f"{_mean(record.random_below[RESIDUAL] * 100)} %{_trouble(record.status)}",
        ("block", "σ max J", "σ min I+βJ", "1−|β|‖J‖", "random plain", "random res.", "loss plain", "loss residual"),
    )
    for block in _some(depth):
        random, loss = record.random_gain[:, :, block].mean((1, 2)), record.loss_gain[:, :, block].mean((1, 2))
        values = (
            record.singular_branch[:, block, :, 0].mean(),
            record.singular_total[:, block, :, -1].mean(),
            record.bound[:, block].mean(),
            *random,
            *loss,
        )
        out.add_row(str(block + 1), *(f"{value:.3g}" for value in values))
    Console(highlight=False).print(out)


def show_profiles(record: ProfilesRecord) -> None:
    """The relative signal at h_0 for every pair of stops: plain / residual."""
    signal = record.mean_log10_relative()[..., 0]
    out = _table(
        "Relative gradient signal at h_0, plain / residual, log10",
        f"mean of logs over {len(record.seeds)} seeds; -inf: zero or underflow; same weights plain and residual",
        ("gain", *(f"{depth} blocks" for depth in record.depths)),
    )
    for gain, row in zip(record.gains, signal, strict=True):
        out.add_row(f"{gain:.3g}", *(f"{stop[PLAIN]:+.2f} / {stop[RESIDUAL]:+.2f}" for stop in row))
    Console(highlight=False).print(out)


def show_activations(record: ActivationsRecord) -> None:
    """Cosine similarity of the hidden states to the input, digit by digit: plain / residual."""
    cosine = record.cosine.mean(1)
    out = _table(
        "Cosine similarity to h_0, plain / residual",
        f"mean over {len(record.seeds)} seeds; same weights plain and residual{_trouble(record.status)}",
        ("state", *(f"digit {label}" for label in record.labels)),
    )
    for state in _some(cosine.shape[1]):
        out.add_row(f"h_{state}", *(f"{a:+.3f} / {b:+.3f}" for a, b in cosine[:, state].T))
    Console(highlight=False).print(out)


PRINTERS: dict[type, Callable[[Any], None]] = {
    RoutesRecord: show_routes,
    GainsRecord: show_gains,
    ProfilesRecord: show_profiles,
    ActivationsRecord: show_activations,
}


def _table(title: str, caption: str, headings: Iterable[str]) -> Table:
    out = Table(title=title, title_justify="left", caption=caption, caption_justify="left")
    for heading in headings:
        out.add_column(heading, justify="right")
    return out


def _some(count: int) -> list[int]:
    return [int(index) for index in np.unique(np.linspace(0, count - 1, min(count, ROWS)).round())]


def _mean(values: np.ndarray) -> str:
    return f"{values.mean():.2f}"


def _trouble(status: np.ndarray) -> str:
    """What went wrong anywhere, for a caption."""
    worst = sorted({Status(code).name.lower() for code in np.unique(status) if code != Status.OK})
    return f"; somewhere: {', '.join(worst)}" if worst else ""
