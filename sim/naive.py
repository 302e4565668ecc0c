"""What the simulator is measured against: one network after the other, differentiated the obvious way.

Plain nn.Module code for the tanh MLP of order literal, one layer a block: the default network. Used by bench.py alone.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from sim import data
from sim.sections import Profile


class Network(nn.Module):
    """A stack of h ← tanh(W h), or h ← h + tanh(W h)."""

    def __init__(self, weights: list[Tensor], skip: bool) -> None:
        super().__init__()
        self.skip = skip
        self.layers = nn.ModuleList()
        for weight in weights:
            # skip_init: without it nn.Linear draws weights that are then thrown away.
            layer = nn.utils.skip_init(nn.Linear, *weight.shape, bias=False, dtype=weight.dtype)
            layer.weight.data = weight
            self.layers.append(layer)

    def forward(self, h: Tensor) -> list[Tensor]:
        """The hidden states; h: [batch, width]."""
        hidden = [h]
        for layer in self.layers:
            F = torch.tanh(layer(hidden[-1]))
            hidden.append(hidden[-1] + F if self.skip else F)
        return hidden


def naive_profile(params: Profile) -> NDArray[np.float64]:
    """gradient_signal [skip, seed, depth+1]. Asserts that the network is one that it knows."""
    known = (params.block, params.order, params.norm, params.layers_per_block, params.activation, params.bias_std)
    assert known == ("mlp", "literal", "none", 1, "tanh", 0) and params.branch_scale == 1
    signal = np.empty((2, params.seeds, params.depth + 1))
    for row in range(params.seeds):
        seed = params.seed + row
        batch = data.draw_batch(params, seed)
        readout, labels = torch.from_numpy(data.draw_readout(params, seed)), torch.from_numpy(batch.labels)
        weights = [torch.from_numpy(data.draw_weights(params, [seed], block)[0][0][0]) for block in range(params.depth)]
        for skip in (0, 1):
            hidden = Network(weights, bool(skip))(torch.from_numpy(batch.hidden).requires_grad_())
            loss = functional.cross_entropy(functional.linear(hidden[-1], readout), labels, reduction="sum")
            gradients = torch.autograd.grad(loss, hidden)
            signal[skip, row] = [float(g.norm(dim=1).square().mean().sqrt()) for g in gradients]
    return signal
