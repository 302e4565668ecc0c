"""Records: what experiments hand on. Frozen dataclasses of read-only numpy arrays; torch is not needed to read them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
PLAIN, RESIDUAL = 0, 1  # the skip axis


class RecordError(ValueError):
    """Fields that do not make up a record."""


class Status(IntEnum):
    """How far a gradient signal may be trusted.

    OK: an ordinary number. ZERO: exactly zero, for the true gradient is (dead units, or a cancelling branch).
    UNDERFLOW: zero or subnormal in the dtype of the run, though the true gradient is not zero. OVERFLOW: infinite in
    that dtype. NAN: no number at all, as an overflow nearer the loss, or forward, left inf − inf behind.
    """

    OK = 0
    ZERO = 1
    UNDERFLOW = 2
    OVERFLOW = 3
    NAN = 4


@dataclass(frozen=True, eq=False)
class ProfileRecord:
    """Activations and gradients of plain and residual networks with the same weights, block by block.

    Axes: skip 0 plain, 1 residual; seed in the order of `seeds`; index l = 0 … depth is the hidden state h_l (h_0
    enters block 1, h_l leaves block l).

    gradient_signal  [skip, seed, depth+1] float64: RMS over examples of the per-example ‖∂ℓ_i/∂h_l‖₂; ℓ is summed over
                     the batch, or its gradient at h_L is one unit vector per example (cotangent "random"). Unit: loss
                     per unit of activation.
    activation_rms   [skip, seed, depth+1] float64: root mean square of h_l over examples and units.
    branch_ratio     [seed, depth] float64: RMS‖F(x)‖ / RMS‖x‖ of blocks 1 … depth of the residual network, F without β.
    skip_share       [seed, depth] float64: of the gradient g at h_{l−1} of the residual network, the share that its
                     block's shortcut has handed back: ⟨s, g⟩ / ⟨g, g⟩ over batch and units, s the gradient at x + βF.
                     The branch's share is 1 − skip_share. NaN where g is zero or not finite.
    finite_until     [skip, seed] int64: going back from h_L, the lowest l down to which gradient_signal and
                     activation_rms are finite all the way; 0: everything is finite; depth+1: not even h_L is.
    signal_status    [skip, seed, depth+1] int64: a `Status` for every gradient_signal.
    seeds            [seed] int64: the seed of each network.
    experiment, params, versions, source_digest, data_digest: what was run, with which parameters (as in the TOML file),
                     libraries, simulator source and examples (SHA-256).

    Raises RecordError if shapes, dtypes or invariants do not hold. Source: science.md, "Vocabulary".
    """

    gradient_signal: NDArray[np.float64]
    activation_rms: NDArray[np.float64]
    branch_ratio: NDArray[np.float64]
    skip_share: NDArray[np.float64]
    finite_until: NDArray[np.int64]
    signal_status: NDArray[np.int64]
    seeds: NDArray[np.int64]
    experiment: str
    params: Mapping[str, Any]
    versions: Mapping[str, str]
    source_digest: str
    data_digest: str

    def __post_init__(self) -> None:
        if getattr(self.gradient_signal, "ndim", 0) != 3:
            raise RecordError("gradient_signal must have the axes [skip, seed, depth+1]")
        skip, seeds, states = self.gradient_signal.shape
        check(self, "gradient_signal", np.float64, (2, seeds, states))
        check(self, "activation_rms", np.float64, (2, seeds, states))
        check(self, "branch_ratio", np.float64, (seeds, states - 1))
        check(self, "skip_share", np.float64, (seeds, states - 1))
        check(self, "finite_until", np.int64, (skip, seeds))
        check(self, "signal_status", np.int64, (skip, seeds, states))
        check(self, "seeds", np.int64, (seeds,))
        signal, status = self.gradient_signal, self.signal_status
        agrees = (
            (np.isnan(signal) == (status == Status.NAN)).all()
            and (np.isinf(signal) == (status == Status.OVERFLOW)).all()
            and (signal[status == Status.ZERO] == 0).all()
            and (signal[status == Status.OK] > 0).all()
            and not (signal < 0).any()
        )
        if not agrees:
            raise RecordError("signal_status contradicts gradient_signal")
        if (self.finite_until != finite_until(signal, self.activation_rms)).any():
            raise RecordError("finite_until contradicts gradient_signal and activation_rms")

    def relative_signal(self) -> NDArray[np.float64]:
        """gradient_signal at l over that at L: [skip, seed, depth+1]. NaN where the two do not make a ratio."""
        with np.errstate(all="ignore"):
            return self.gradient_signal / self.gradient_signal[..., -1:]

    def mean_log10_relative(self) -> NDArray[np.float64]:
        """Mean over seeds of log10 of the relative signal: [skip, depth+1].

        A mean of logs, so that no single seed rules it. −inf where a seed's signal is 0, +inf where it is infinite, NaN
        where it is NaN or where seeds disagree on the sign of the infinity.
        """
        with np.errstate(all="ignore"):
            # The difference of logs does not overflow where the quotient would.
            logs = np.log10(self.gradient_signal)
            return (logs - logs[..., -1:]).mean(axis=1)

    def block_gain(self) -> NDArray[np.float64]:
        """Signal at l−1 over signal at l, for blocks 1 … depth: [skip, seed, depth]."""
        with np.errstate(all="ignore"):
            return self.gradient_signal[..., :-1] / self.gradient_signal[..., 1:]


def finite_until(signal: Array, activation: Array) -> NDArray[np.int64]:
    """The field of that name from [skip, seed, depth+1] arrays: see ProfileRecord."""
    finite = np.isfinite(signal) & np.isfinite(activation)
    run = np.logical_and.accumulate(finite[..., ::-1], axis=-1).sum(axis=-1)
    return (finite.shape[-1] - run).astype(np.int64)


def check(record: object, name: str, dtype: type, shape: tuple[int, ...]) -> None:
    """Make a field a read-only array of its own.

    Raises RecordError if its dtype or shape is not the given one.
    """
    value = getattr(record, name)
    if not isinstance(value, np.ndarray) or value.dtype != dtype or value.shape != shape:
        found = f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
        raise RecordError(f"{name} must be {np.dtype(dtype)} {shape}, not {found}")
    own = np.array(value, order="C")
    own.flags.writeable = False
    object.__setattr__(record, name, own)


R = TypeVar("R")


def to_arrays(record: Any) -> dict[str, Array]:
    """A record as arrays alone, for .npz: text and tables as JSON in a unicode array. No pickles."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return {name: value if isinstance(value, np.ndarray) else np.array(_json(value)) for name, value in values.items()}


def from_arrays(kind: type[R], arrays: Mapping[str, Array]) -> R:
    """The record that `to_arrays` took apart.

    Raises RecordError if fields are missing or do not fit, ValueError if text is not JSON.
    """
    values = {}
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name not in arrays:
            raise RecordError(f"{field.name} is missing")
        value = arrays[field.name]
        values[field.name] = json.loads(str(value)) if value.dtype.kind == "U" else value
    return kind(**values)


def to_json(record: Any) -> str:
    """A record as JSON with exactly the dataclass's field names.

    Numbers keep all their digits. Those that are not finite are written as Python's json writes and reads them: the
    bare words Infinity, -Infinity and NaN.
    """
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    values = {name: dict(sorted(value.items())) if isinstance(value, dict) else value for name, value in values.items()}
    return json.dumps(
        {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in values.items()}
    )


def from_json(kind: type[R], text: str) -> R:
    """The record that `to_json` wrote. Raises RecordError or ValueError if `text` is none."""
    values = json.loads(text)
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    if not isinstance(values, dict) or set(values) != set(names):
        raise RecordError(f"a {kind.__name__} has the fields {', '.join(names)}")
    hints = {field.name: str(field.type) for field in fields(kind)}  # type: ignore[arg-type]
    for name, hint in hints.items():
        if hint.startswith("NDArray"):
            values[name] = np.array(values[name], dtype=np.int64 if "int64" in hint else np.float64)
    return kind(**values)


def digest(record: Any) -> str:
    """SHA-256 of all a record holds; equal records have equal digests."""
    state = hashlib.sha256()
    for name, value in sorted(to_arrays(record).items()):
        state.update(f"{name} {value.dtype.str} {value.shape}\n".encode())
        state.update(np.ascontiguousarray(value).tobytes())
    return state.hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
