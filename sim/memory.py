"""What a profile costs in memory, known before anything is allocated."""

from __future__ import annotations

from typing import Protocol

PIXELS = 64  # an 8×8 image; the spatial size of a convolutional state
SHARE = 192 * 2**20  # bytes one group of seeds may take together; beyond it seeds are run group after group
LIMIT = 2 * 2**30  # bytes above which a profile is refused


class Sized(Protocol):
    """The keys of a profile that decide its size."""

    @property
    def block(self) -> str: ...
    @property
    def norm(self) -> str: ...
    @property
    def layers_per_block(self) -> int: ...
    @property
    def depth(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def batch(self) -> int: ...
    @property
    def seeds(self) -> int: ...
    @property
    def dtype(self) -> str: ...


def bytes_per_seed(profile: Sized) -> int:
    """Bytes that one seed keeps alive between its forward and its backward pass (plain and residual together).

    Per layer the tape keeps the weights and, for both networks, what the derivative of the layer needs: its output,
    and with batch norm the normalised values, their scaled copy and a convolution's input as well.
    """
    item = 8 if profile.dtype == "float64" else 4
    conv = profile.block == "conv"
    weights = profile.width**2 * (9 if conv else 1)
    state = 2 * profile.batch * profile.width * (PIXELS if conv else 1)
    kept = 1 + (4 if profile.norm == "batch" else 1) + conv
    per_block = profile.layers_per_block * (weights + kept * state) + 2 * state
    return item * profile.depth * per_block


def seeds_per_group(profile: Sized) -> int:
    """How many seeds are computed at once."""
    return max(1, min(profile.seeds, SHARE // bytes_per_seed(profile)))


def estimate(profile: Sized) -> int:
    """Peak bytes of a profile: one group of seeds at a time, and every seed's read-outs."""
    read_outs = 8 * profile.seeds * (5 * (profile.depth + 1) + profile.depth)
    return seeds_per_group(profile) * bytes_per_seed(profile) + read_outs
