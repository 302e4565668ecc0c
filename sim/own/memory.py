"""What a network's passes will take of the machine's memory, known before it is taken.

The first pass, that which looks for sums, is not walked back: what autograd would keep of it for that is counted and
let go. The passes that are walked back keep just as much.
"""

from __future__ import annotations

import os

import torch
from torch import Tensor, nn
from torch.multiprocessing.reductions import StorageWeakRef

from sim.own.errors import RefusedError


class WentBackError(Exception):
    """A network has taken gradients of its own, of which nothing was kept."""


class Counted(torch.autograd.graph.saved_tensors_hooks):
    """A context in which nothing is kept for a way back, unless `kept`; `bytes`: how much it is, or would have been.

    Raises WentBackError from inside if something asks for what was not kept.
    """

    def __init__(self, net: nn.Module, kept: bool = False) -> None:
        super().__init__(self._count, self._asked)
        self.bytes, self.kept = 0, kept
        # Alive or not, a storage that a weak reference is held to shares its number with no other.
        self._seen = {ref.cdata: ref for ref in map(_reference, (*net.parameters(), *net.buffers()))}

    def _count(self, tensor: Tensor) -> Tensor | None:
        ref = _reference(tensor)
        if ref.cdata not in self._seen:
            self._seen[ref.cdata] = ref
            self.bytes += tensor.untyped_storage().nbytes()
        return tensor if self.kept else None

    def _asked(self, packed: Tensor | None) -> Tensor:
        if packed is None:
            raise WentBackError
        return packed


def _reference(tensor: Tensor) -> StorageWeakRef:
    return StorageWeakRef(tensor.untyped_storage())


def needed(net: nn.Module, kept: int, states: int) -> int:
    """Bytes at the peak: weights and their gradients, what is kept for the way back, and gradients of so many bytes of
    states, at forks and joins."""
    weights = sum(one.numel() * one.element_size() for one in net.parameters())
    return 2 * weights + kept + 2 * states


def there_is(needed: int) -> str:
    """The sentence that says how much will be taken. Raises RefusedError if the machine does not have as much."""
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if needed > whole:
        raise RefusedError(
            f"this takes about {shown(needed)} of memory, and the machine has {shown(whole)}; take a smaller --batch, "
            "or --dtype float32"
        )
    return f"about {shown(needed)} of memory will be taken"


def shown(amount: int) -> str:
    """A number of bytes for people."""
    return f"{amount / 2**30:.1f} GiB" if amount >= 2**30 else f"{max(1, round(amount / 2**20))} MiB"
