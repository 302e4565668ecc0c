"""Experiment `profiles`: the gradient signal over depth and gain. Its parameters, its record, its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sim.records.record import PLAIN, RESIDUAL, Origin, RecordError, Status, check, shape_of
from sim.records.table import put_out, table
from sim.sections.fields import Section
from sim.sections.network import Depth, Gain, Network


class Profiles(Section):
    """Sweeps over depth and gain: a profile of `network` at every pair of stops."""

    depths: Annotated[
        tuple[Depth, ...], Field(min_length=1, max_length=12, description="1 to 12 rising whole numbers from 1 to 512")
    ]
    gains: Annotated[
        tuple[Gain, ...], Field(min_length=1, max_length=12, description='1 to 12 gains: numbers, "he" or "torch"')
    ]
    network: Network

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if any(a >= b for a, b in zip(self.depths, self.depths[1:], strict=False)):
            raise ValueError(f"depths = {list(self.depths)}: each must be deeper than the last")
        self.network.replace(depth=self.depths[-1])  # memory
        return self


@dataclass(frozen=True, eq=False)
class ProfilesRecord(Origin):
    """Profiles of one network at every pair of stops of two dials, depth and gain; see ProfileRecord.

    Depths differ, so the last axis has room for the deepest: what lies beyond a stop's own depth is NaN, its status −1.

    gradient_signal  [gain, stop, skip, seed, deepest+1] float64: the signal at h_l.
    activation_rms   [gain, stop, skip, seed, deepest+1] float64.
    signal_status    [gain, stop, skip, seed, deepest+1] int64: a `Status`, or −1 beyond the depth.
    depths           [stop] int64: blocks. gains: [gain] float64: g, words resolved.
    seeds            [seed] int64.

    Raises RecordError if shapes, dtypes or invariants do not hold.
    """

    gradient_signal: NDArray[np.float64]
    activation_rms: NDArray[np.float64]
    signal_status: NDArray[np.int64]
    depths: NDArray[np.int64]
    gains: NDArray[np.float64]
    seeds: NDArray[np.int64]

    def __post_init__(self) -> None:
        shape = shape_of(self, "gradient_signal", 5)
        for name in ("gradient_signal", "activation_rms"):
            check(self, name, np.float64, shape)
        check(self, "signal_status", np.int64, shape)
        check(self, "gains", np.float64, shape[:1])
        check(self, "depths", np.int64, shape[1:2])
        check(self, "seeds", np.int64, shape[3:4])
        beyond = np.broadcast_to(np.arange(shape[4]) > self.depths[:, None, None, None], shape)
        if ((self.signal_status == -1) != beyond).any() or not np.isnan(self.gradient_signal[beyond]).all():
            raise RecordError("signal_status must be -1 and gradient_signal NaN beyond each depth, and only there")
        if (np.isnan(self.gradient_signal) & ~np.isin(self.signal_status, (-1, Status.NAN))).any():
            raise RecordError("signal_status contradicts gradient_signal")

    def mean_log10_relative(self) -> NDArray[np.float64]:
        """Mean over seeds of log10 of the signal at h_l over that at the stop's h_L: [gain, stop, skip, deepest+1]."""
        with np.errstate(all="ignore"):
            logs = np.log10(self.gradient_signal)
            last = np.take_along_axis(logs, self.depths[None, :, None, None, None], axis=-1)
            return (logs - last).mean(axis=3)


def show_profiles(record: ProfilesRecord) -> None:
    """The relative signal at h_0 for every pair of stops: plain / residual."""
    signal = record.mean_log10_relative()[..., 0]
    out = table(
        "Relative gradient signal at h_0, plain / residual, log10",
        f"mean of logs over {len(record.seeds)} seeds; -inf: zero or underflow; same weights plain and residual",
        ("gain", *(f"{depth} blocks" for depth in record.depths)),
    )
    for gain, row in zip(record.gains, signal, strict=True):
        out.add_row(f"{gain:.3g}", *(f"{stop[PLAIN]:+.2f} / {stop[RESIDUAL]:+.2f}" for stop in row))
    put_out(out)
