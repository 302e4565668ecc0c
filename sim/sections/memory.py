"""Tables of the experiments that look into a network at initialisation: routes, gains, profiles, activations."""

from __future__ import annotations

from typing import Protocol


def refuse_beyond(needed: int, what: str) -> None:
    """Raises ValueError if that many bytes are more than an experiment may take."""
    if needed > LIMIT:
        raise ValueError(
            f"{what}: would need about {needed / 2**30:.1f} GiB of memory; at most {LIMIT / 2**30:.0f} GiB is "
            "allowed: take less of one of them"
        )


PIXELS = 64  # an 8×8 image; the spatial size of a convolutional state
SHARE = 96 * 2**20  # bytes one group of seeds takes, if one seed takes no more
TOGETHER = 384 * 2**20  # bytes that groups side by side may take, if one group takes no more
LIMIT = 2 * 2**30  # bytes above which a profile is refused


class Sized(Protocol):
    """The keys of a profile that decide its size."""

    @property
    def block(self) -> str: ...
    @property
    def order(self) -> str: ...
    @property
    def norm(self) -> str: ...
    @property
    def activation(self) -> str: ...
    @property
    def layers_per_block(self) -> int: ...
    @property
    def skip_scale(self) -> float | str: ...
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

    Per layer these are the weights and, for both networks, what the derivative needs: the activation's output, gelu's
    input, normalised values, a convolution's input; once per block the output of what `post` does after the sum. Then
    there are the states and gradients on their way, and the windows of a convolution.
    """
    item = 8 if profile.dtype == "float64" else 4
    conv, gelu = profile.block == "conv", profile.activation == "gelu"
    weights = profile.width**2 * (9 if conv else 1)
    state = 2 * profile.batch * profile.width * (PIXELS if conv else 1)
    kept = 1 + gelu + conv + (1 + gelu if profile.norm == "batch" else 0)
    per_block = profile.layers_per_block * (weights + kept * state) + (profile.order == "post") * (1 + gelu) * state
    if isinstance(profile.skip_scale, str):  # a shortcut's own weights and, of the residual network, a gate's openness
        per_block += profile.width**2 + (profile.skip_scale == "gate") * state
    passing = 8 + (9 if conv else 0)
    return item * (profile.depth * per_block + passing * state)


def seeds_per_group(profile: Sized) -> int:
    """How many seeds are computed at once: enough to make matrix products of a good size, and two groups if it can be.

    It does not depend on the machine, so neither do the digits of a record.
    """
    return max(1, min((profile.seeds + 1) // 2, SHARE // bytes_per_seed(profile)))


def groups_at_once(profile: Sized) -> int:
    """How many groups may run side by side."""
    return max(1, TOGETHER // (seeds_per_group(profile) * bytes_per_seed(profile)))


def estimate(profile: Sized) -> int:
    """Peak bytes of a profile: the groups that may run side by side, and every seed's read-outs."""
    group = seeds_per_group(profile) * bytes_per_seed(profile)
    groups = min(groups_at_once(profile), -(-profile.seeds // seeds_per_group(profile)))
    read_outs = 8 * profile.seeds * (7 * (profile.depth + 1) + profile.depth)
    return groups * group + read_outs
