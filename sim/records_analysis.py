"""Records of the experiments that look into a network at initialisation. torch is not needed to read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.records import RecordError, Status, check


@dataclass(frozen=True, eq=False)
class Origin:
    """What was run, with which parameters (as in the TOML file), libraries, source and examples (SHA-256)."""

    experiment: str
    params: Mapping[str, Any]
    versions: Mapping[str, str]
    source_digest: str
    data_digest: str


@dataclass(frozen=True, eq=False)
class RoutesRecord(Origin):
    """The gradient at h_0 of residual networks as a sum over the 2^depth routes back from h_L.

    A route takes the shortcut or the branch at every block; C_k is the sum of those that take k branches (β and, for
    order post, the activation after the sum included), g = Σ_k C_k the gradient. Source: Veit et al. 2016, eq. 6.

    signed_share  [seed, depth+1] float64: ⟨C_k, g⟩ / ⟨g, g⟩ over batch and units; sums to 1 over k. No unit.
    energy        [seed, depth+1] float64: mean over examples of the per-example |C_k|². Unit: that of a squared signal.
    total_energy  [seed] float64: the same of g; the gradient signal at h_0 squared.
    count         [depth+1] float64: binomials, the number of routes: exact up to depth 56, then to 16 digits.
    route_share   [seed, 2^depth] float64: the signed share of each route, up to 10 blocks; else [seed, 0]. Bit l−1 of
                  the index is 1 where the branch of block l is taken.
    status        [seed] int64: a `Status`. OK: all is finite. ZERO: g is zero and nothing has a share in it (NaN).
                  UNDERFLOW: shares stand, energies are too faint for float64. OVERFLOW, NAN: shares are NaN.
    seeds         [seed] int64: the seed of each network.

    Raises RecordError if shapes, dtypes or invariants do not hold.
    """

    signed_share: NDArray[np.float64]
    energy: NDArray[np.float64]
    total_energy: NDArray[np.float64]
    count: NDArray[np.float64]
    route_share: NDArray[np.float64]
    status: NDArray[np.int64]
    seeds: NDArray[np.int64]

    def __post_init__(self) -> None:
        seeds, lengths = _shape(self, "signed_share", 2)
        routes = _shape(self, "route_share", 2)[1]
        check(self, "signed_share", np.float64, (seeds, lengths))
        check(self, "energy", np.float64, (seeds, lengths))
        check(self, "total_energy", np.float64, (seeds,))
        check(self, "count", np.float64, (lengths,))
        check(self, "route_share", np.float64, (seeds, routes))
        check(self, "status", np.int64, (seeds,))
        check(self, "seeds", np.int64, (seeds,))
        if routes not in (0, 2 ** (lengths - 1)):
            raise RecordError("route_share must have one entry per route, or none")
        whole = (self.status == Status.OK) | (self.status == Status.UNDERFLOW)
        for name in ("signed_share", "route_share"):
            _agree(name, getattr(self, name), whole)
        _agree("energy", self.energy, whole | (self.status == Status.ZERO), flagged_may_be_finite=True)

    def mean_length(self) -> NDArray[np.float64]:
        """Branches taken on average, weighted by signed share: [seed]."""
        return self.signed_share @ np.arange(self.count.size)


@dataclass(frozen=True, eq=False)
class GainsRecord(Origin):
    """What one block does to gradients: singular values of its Jacobian, and how much vectors grow on their way back.

    J_F is the Jacobian of the branch at the state of the residual network; A = I + βJ_F, for order post without the
    activation after the sum. Blocks 1 … depth. skip: 0 J_F alone, 1 with the shortcut.

    singular_branch  [seed, depth, example, rank] float64: singular values of J_F, falling.
    singular_total   [seed, depth, example, rank] float64: those of A.
    method           "exact": of single examples, all values, rank = width. "estimate": of the batch as one operator
                     (example = 1; batch norm mixes examples), rank = 2: the largest, from below, and the smallest, from
                     above (Golub & Kahan 1965). Errors: see the number of steps; an isolated largest value is right to
                     many digits, a smallest one within a crowd is not.
    bound            [seed, depth, example] float64: 1 − |β|‖J_F‖ ≤ smallest singular value of A.
    singular_below   [seed, depth] float64: share of the singular values of A below 1; for estimates of the two.
    random_gain      [skip, seed, depth, batch] float64: |Bᵀu| of a random unit vector u per example, B the Jacobian of
                     the block at the state of the residual network, activation after the sum included.
    loss_gain        [skip, seed, depth, batch] float64: ‖∂ℓ_i/∂h_{l−1}‖ / ‖∂ℓ_i/∂h_l‖ of the plain and the residual
                     network, each at its own states. 0/0 and ∞/∞ are NaN and flagged.
    random_below, loss_below  [skip, seed] float64: share of those gains below 1, NaN where one of them is.
    status           [skip, seed, depth] int64: a `Status`, OK where all of a block's numbers are finite; singular
                     values, bound and singular_below go with skip 1. Else ZERO if the gradient above is zero, OVERFLOW
                     if a number is infinite, NAN.
    scalar_w, scalar_gain  [w] float64: the block x + wx of one unit, w from −2 to 2: |dH/dx|; 0 at w = −1.
    seeds            [seed] int64.

    Source: science.md, "At least 1?". Raises RecordError if shapes, dtypes or invariants do not hold.
    """

    singular_branch: NDArray[np.float64]
    singular_total: NDArray[np.float64]
    method: str
    bound: NDArray[np.float64]
    singular_below: NDArray[np.float64]
    random_gain: NDArray[np.float64]
    loss_gain: NDArray[np.float64]
    random_below: NDArray[np.float64]
    loss_below: NDArray[np.float64]
    status: NDArray[np.int64]
    scalar_w: NDArray[np.float64]
    scalar_gain: NDArray[np.float64]
    seeds: NDArray[np.int64]

    def __post_init__(self) -> None:
        seeds, depth, examples, rank = _shape(self, "singular_branch", 4)
        batch = _shape(self, "random_gain", 4)[3]
        check(self, "singular_branch", np.float64, (seeds, depth, examples, rank))
        check(self, "singular_total", np.float64, (seeds, depth, examples, rank))
        check(self, "bound", np.float64, (seeds, depth, examples))
        check(self, "singular_below", np.float64, (seeds, depth))
        for name in ("random_gain", "loss_gain"):
            check(self, name, np.float64, (2, seeds, depth, batch))
        for name in ("random_below", "loss_below"):
            check(self, name, np.float64, (2, seeds))
        check(self, "status", np.int64, (2, seeds, depth))
        for name in ("scalar_w", "scalar_gain"):
            check(self, name, np.float64, _shape(self, "scalar_w", 1))
        check(self, "seeds", np.int64, (seeds,))
        ok = self.status == Status.OK
        for name in ("random_gain", "loss_gain"):
            _agree(name, getattr(self, name), ok, flagged_may_be_finite=True)
        for name in ("singular_branch", "singular_total", "bound", "singular_below"):
            _agree(name, getattr(self, name), ok[1], flagged_may_be_finite=True)


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
        shape = _shape(self, "gradient_signal", 5)
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


@dataclass(frozen=True, eq=False)
class ActivationsRecord(Origin):
    """Hidden states of a few digits, plain and residual with the same weights, as 8×8 maps.

    maps    [skip, seed, depth+1, digit, 8, 8] float64: h_l of each digit as an image: the 64 units of an MLP in the
            order of the pixels; of a convolution what a linear reader, fitted to h_0 and the same at every l, makes of
            it.
    branch_maps  [seed, depth, digit, 8, 8] float64: βF of the residual network, likewise; what is added to h_{l−1}.
    cosine  [skip, seed, depth+1, digit] float64: cosine of the angle between the whole of h_l and h_0, −1 to 1; NaN
            where a state is zero or not finite.
    status  [skip, seed, depth+1, digit] int64: a `Status`. OK, ZERO: the state is zero; OVERFLOW and NAN of the state.
    images  [digit, 8, 8] float64: the digits' pixels, 0 to 1. labels: [digit] int64.
    seeds   [seed] int64.

    Raises RecordError if shapes, dtypes or invariants do not hold.
    """

    maps: NDArray[np.float64]
    branch_maps: NDArray[np.float64]
    cosine: NDArray[np.float64]
    status: NDArray[np.int64]
    images: NDArray[np.float64]
    labels: NDArray[np.int64]
    seeds: NDArray[np.int64]

    def __post_init__(self) -> None:
        shape = _shape(self, "maps", 6)
        check(self, "maps", np.float64, (2, *shape[1:4], 8, 8))
        check(self, "branch_maps", np.float64, (shape[1], shape[2] - 1, shape[3], 8, 8))
        check(self, "cosine", np.float64, shape[:4])
        check(self, "status", np.int64, shape[:4])
        check(self, "images", np.float64, (shape[3], 8, 8))
        check(self, "labels", np.int64, (shape[3],))
        check(self, "seeds", np.int64, (shape[1],))
        _agree("cosine", self.cosine[..., None], self.status == Status.OK)


def _shape(record: Any, name: str, axes: int) -> tuple[int, ...]:
    shape: tuple[int, ...] = getattr(getattr(record, name), "shape", ())
    if len(shape) != axes:
        raise RecordError(f"{name} must have {axes} axes")
    return shape


def _agree(name: str, values: NDArray[Any], ok: NDArray[np.bool_], flagged_may_be_finite: bool = False) -> None:
    """Raises RecordError unless values are finite where `ok` (a leading part of their axes), and only there."""
    finite = np.isfinite(values).reshape(*ok.shape, -1).all(axis=-1)
    if (ok & ~finite).any() or (not flagged_may_be_finite and values.size and (finite & ~ok).any()):
        raise RecordError(f"status contradicts {name}")
