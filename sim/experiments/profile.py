"""Experiment `profile`: the gradient signal, block by block, at initialisation. Its record and its table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.records.record import PLAIN, RESIDUAL, Record, RecordError, Status
from sim.records.table import put_out, some, table

if TYPE_CHECKING:
    from jaxtyping import Float64, Int64


@dataclass(frozen=True, eq=False)
class ProfileRecord(Record):
    """Activations and gradients of plain and residual networks with the same weights, block by block.

    Axes: skip 0 plain, 1 residual; seed in the order of `seeds`; index l = 0 … depth is the hidden state h_l (h_0
    enters block 1, h_l leaves block l).

    gradient_signal  RMS over examples of the per-example ‖∂ℓ_i/∂h_l‖₂; ℓ is summed over the batch, or its gradient at
                     h_L is one unit vector per example (cotangent "random"). Unit: loss per unit of activation.
    activation_rms   Root mean square of h_l over examples and units.
    weight_gradient  RMS over examples of ‖∂ℓ_i/∂W_l‖, l = 1 … depth: the Frobenius norm of example i's part of the
                     gradient of all weight matrices of block l, biases aside; what its weights are told. In the
                     residual network β is part of it. With batch norm, where no ℓ_i stands alone, example i's part is
                     what its row of the batch brings to ∂ℓ/∂W_l. Unit: loss per unit of weight. Both
                     layers of a block count together: of its first layers alone, or of the gradient summed over the
                     batch first, the ratio of two blocks may be another by a power of ten.
    branch_ratio     RMS‖F(x)‖ / RMS‖x‖ of blocks 1 … depth of the residual network, F without β.
    skip_share       Of the gradient g at h_{l−1} of the residual network, the share that its block's shortcut has
                     handed back: ⟨s, g⟩ / ⟨g, g⟩ over batch and units; s is the gradient at x + βF, sent back through a
                     shortcut that is not the identity. The branch's share is
                     1 − skip_share. NaN where g is zero or not finite.
    finite_until     Going back from h_L, the lowest l down to which gradient_signal and activation_rms are finite all
                     the way; 0: everything is finite; depth+1: not even h_L is.
    signal_status    A `Status` for every gradient_signal.
    seeds            The seed of each network.

    Raises RecordError if shapes, dtypes or invariants do not hold. Source: science.md, "Vocabulary".
    """

    gradient_signal: Float64[np.ndarray, "skip=2 seed depth+1"]
    activation_rms: Float64[np.ndarray, "skip=2 seed depth+1"]
    weight_gradient: Float64[np.ndarray, "skip=2 seed depth"]
    branch_ratio: Float64[np.ndarray, "seed depth"]
    skip_share: Float64[np.ndarray, "seed depth"]
    finite_until: Int64[np.ndarray, "skip=2 seed"]
    signal_status: Int64[np.ndarray, "skip=2 seed depth+1"]
    seeds: Int64[np.ndarray, " seed"]

    def check(self) -> None:
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
        if (self.weight_gradient < 0).any():
            raise RecordError("weight_gradient is a norm, and below 0")
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

    def mean_log10_weights(self) -> NDArray[np.float64]:
        """Mean over seeds of log10 of weight_gradient of a block over that of the last block: [skip, depth].

        −inf, +inf and NaN as in :meth:`mean_log10_relative`.
        """
        with np.errstate(all="ignore"):
            logs = np.log10(self.weight_gradient)
            return np.asarray((logs - logs[..., -1:]).mean(axis=1))

    def block_gain(self) -> NDArray[np.float64]:
        """Signal at l−1 over signal at l, for blocks 1 … depth: [skip, seed, depth]."""
        with np.errstate(all="ignore"):
            return self.gradient_signal[..., :-1] / self.gradient_signal[..., 1:]


def finite_until(signal: NDArray[np.float64], activation: NDArray[np.float64]) -> NDArray[np.int64]:
    """The field of that name from [skip, seed, depth+1] arrays: see ProfileRecord."""
    finite = np.isfinite(signal) & np.isfinite(activation)
    run = np.logical_and.accumulate(finite[..., ::-1], axis=-1).sum(axis=-1)
    return (finite.shape[-1] - run).astype(np.int64)


def show_profile(record: ProfileRecord) -> None:
    """The relative gradient signal at about a dozen blocks, from the input to the output."""
    depth = record.branch_ratio.shape[1]
    signal = record.mean_log10_relative()
    weights = record.mean_log10_weights()
    activation = record.activation_rms.mean(axis=1)
    out = table(
        f"Gradient signal, {_network(record)}",
        _caption(record),
        ("state", "plain", "residual", "∂W plain", "∂W res.", "h plain", "h res.", "‖F‖/‖x‖"),
    )
    for index in some(depth):
        out.add_row(
            f"h_{index}",
            *(_power(signal[skip, index], record.signal_status[skip, :, index]) for skip in (PLAIN, RESIDUAL)),
            *(_exponent(weights[skip, index], 1) if index < depth else "" for skip in (PLAIN, RESIDUAL)),
            *(f"{activation[skip, index]:.3g}" for skip in (PLAIN, RESIDUAL)),
            f"{record.branch_ratio[:, index].mean():.3g}" if index < depth else "",
        )
    put_out(out)


def _power(exponent: float, status: np.ndarray) -> str:
    """10^exponent, or what became of it in the worst of the seeds."""
    worst = Status(status.max())
    if worst is not Status.OK:
        return worst.name.lower()
    return _exponent(exponent)


def _exponent(exponent: float, digits: int = 2) -> str:
    return f"10^{exponent:+.{digits}f}" if math.isfinite(exponent) else "no ratio"


def _network(record: ProfileRecord) -> str:
    p = record.params
    skip = "" if p["skip_scale"] == 1 else f", skip {p['skip_scale']}"
    return (
        f"{p['block']} {p['order']}, {p['depth']} blocks of {p['layers_per_block']} × {p['width']}, {p['activation']}, "
        f"norm {p['norm']}, gain {p['gain']}{skip}"
    )


def _caption(record: ProfileRecord) -> str:
    p = record.params
    return (
        "signal at h_l / signal at h_L, ∂W of block l + 1 / of the last block, RMS of h_l; "
        f"means of logs over {p['seeds']} seeds; {p['batch']} {p['input']}, cotangent "
        f"{p['cotangent']}, {p['dtype']}; same weights plain and residual"
    )
