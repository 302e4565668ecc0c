"""What is sent back from h_L."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from sim.nets import data
from sim.sections.network import Network


def cotangent(
    params: Network, seeds: list[int], labels: list[NDArray[np.int64]], dtype: torch.dtype
) -> Callable[[Tensor], Tensor]:
    """∂ℓ/∂h_L as a function of h_L, [seed, n, batch, ...]; the same read-out or unit vectors for all n networks."""
    if params.cotangent == "random":
        vectors = torch.from_numpy(np.stack([data.draw_cotangent(params, seed) for seed in seeds])).to(dtype)
        return lambda h: vectors[:, None].expand(*h.shape[:3], -1).reshape(h.shape)
    readout = torch.from_numpy(np.stack([data.draw_readout(params, seed) for seed in seeds])).to(dtype)
    target = torch.from_numpy(np.stack(labels))[:, None]

    def loss_gradient(h: Tensor) -> Tensor:
        h = h.detach().requires_grad_()
        with torch.enable_grad():
            logits = h.flatten(3) @ readout[:, None].mT
            loss = functional.cross_entropy(logits.flatten(0, 2), target.expand(h.shape[:3]).flatten(), reduction="sum")
            return torch.autograd.grad(loss, h)[0]

    return loss_gradient
