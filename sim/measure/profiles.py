"""Experiment `profiles`: one network's gradient signal over depth and gain, as one record."""

from __future__ import annotations

import numpy as np

from sim.experiments.profiles import Profiles, ProfilesRecord
from sim.measure.profile import profile
from sim.records.provenance import provenance


def profiles(params: Profiles) -> ProfilesRecord:
    """A profile at every pair of stops."""
    network, deepest = params.network, params.depths[-1]
    shape = (len(params.gains), len(params.depths), 2, network.seeds, deepest + 1)
    signal, activation = np.full(shape, np.nan), np.full(shape, np.nan)
    status = np.full(shape, -1, dtype=np.int64)
    digests, resolved = [], []
    for row, gain in enumerate(params.gains):
        for column, depth in enumerate(params.depths):
            stop = network.replace(depth=depth, gain=gain)
            one = profile(stop)
            own = (row, column, slice(None), slice(None), slice(depth + 1))
            signal[own], activation[own], status[own] = one.gradient_signal, one.activation_rms, one.signal_status
            digests.append(one.data_digest)
        resolved.append(stop.gain_value)
    return ProfilesRecord(
        gradient_signal=signal,
        activation_rms=activation,
        signal_status=status,
        depths=np.array(params.depths, dtype=np.int64),
        gains=np.array(resolved),
        seeds=np.arange(network.seeds, dtype=np.int64) + network.seed,
        **provenance("profiles", params, digests),
    )
