"""Experiment `profiles`: the gradient signal over depth and gain. Its parameters, its record, its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sim.records.record import PLAIN, RESIDUAL, Record, RecordError, Status
from sim.records.table import put_out, table
from sim.sections.fields import Section
from sim.sections.network import Depth, Gain, Network

if TYPE_CHECKING:
    from jaxtyping import Float64, Int64


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
class ProfilesRecord(Record):
    """Profiles of one network at every pair of stops of two dials, depth and gain; see ProfileRecord.

    Depths differ, so the axis state, h_0 and on, has room for the deepest: what lies beyond a stop's own depth is NaN,
    its status −1.

    gradient_signal, activation_rms, signal_status  As in ProfileRecord.
    depths           Of the stops: blocks. gains: g, words resolved.
    seeds            The seed of each network.

    Raises RecordError if shapes, dtypes or invariants do not hold.
    """

    gradient_signal: Float64[np.ndarray, "gain stop skip=2 seed state"]
    activation_rms: Float64[np.ndarray, "gain stop skip=2 seed state"]
    signal_status: Int64[np.ndarray, "gain stop skip=2 seed state"]
    depths: Int64[np.ndarray, " stop"]
    gains: Float64[np.ndarray, " gain"]
    seeds: Int64[np.ndarray, " seed"]

    def check(self) -> None:
        shape = self.gradient_signal.shape
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
