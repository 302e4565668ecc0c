"""Records of networks, and the list of their blocks, as tables for a terminal. torch is not needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.own.record import NetworkRecord
from sim.records.record import PLAIN, RESIDUAL, Status
from sim.records.table import put_out, some, table, trouble


def show_network(record: NetworkRecord) -> None:
    """The relative gradient signal at about a dozen states, from the input to the output."""
    depth, signal = len(record.blocks), record.mean_log10_relative()
    p = record.params
    out = table(
        f"Gradient signal of {record.name}, {depth} blocks{_varied(p)}",
        f"signal at h_l / signal at h_{depth}{_behind(record)}, {_seeds(p['seeds'])}; {p['batch']} examples, "
        f"{p['dtype']}; same weights; share: of the gradient at h_l, by the block's shortcut; {record.sums['found']} "
        f"residual sums, {record.sums['kept']} of them kept in the plain twin{_silent(record)}"
        f"{trouble(record.signal_status)}",
        ("state", "block", "shortcut", "plain", "residual", "‖F‖/‖x‖", "share"),
    )
    ratio, share = record.branch_ratio.mean(axis=0), record.skip_share.mean(axis=0)
    for index in some(depth):
        block: Mapping[str, Any] = record.blocks[index] if index < depth else {"name": "", "kind": ""}
        out.add_row(
            f"h_{index}",
            block["name"],
            block["kind"],
            *(_power(signal[skip, index], record.signal_status[skip, :, index]) for skip in (PLAIN, RESIDUAL)),
            *(f"{row[index]:.3g}" if index < depth and np.isfinite(row[index]) else "" for row in (ratio, share)),
        )
    put_out(out)


def _behind(record: NetworkRecord) -> str:
    """After what h_L is read, as most other states are."""
    return f" (states are read behind {', '.join(record.tail)})" if record.tail else ""


def _seeds(count: int) -> str:
    return f"mean of logs over {count} seeds" if count > 1 else "1 seed"


def _silent(record: NetworkRecord) -> str:
    """That branches give exactly nothing yet, as some are made to begin; their plain twins pass nothing on."""
    count = int((record.branch_ratio == 0).all(axis=0).sum())
    return f"; branches that begin at exactly 0: {count} of {len(record.blocks)}" if count else ""


def _varied(params: Mapping[str, Any]) -> str:
    """The stop of the dial, if there is one."""
    vary = params.get("vary")
    return f", {vary[0]} = {params['kwargs'][vary[0]]}" if vary else ""


def _power(exponent: float, status: np.ndarray) -> str:
    worst = Status(status.max())
    if worst is not Status.OK:
        return worst.name.lower()
    return f"10^{exponent:+.2f}" if np.isfinite(exponent) else "no ratio"


def show_blocks(blocks: Sequence[Mapping[str, Any]]) -> None:
    """The residual sums of a network: what --blocks chooses from."""
    if not blocks:
        print("no residual sum; --add-shortcuts 'layers.*' adds x + F(x) around the modules of that name")
        return
    out = table(
        "Residual sums, in the order they are computed", "", ("", "block", "shortcut", "layers", "where", "line")
    )
    for number, block in enumerate(blocks, start=1):
        out.add_row(str(number), *(str(block[key]) for key in ("name", "kind", "layers", "where", "code")))
    put_out(out)
