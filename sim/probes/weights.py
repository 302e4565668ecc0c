"""What the weights of each block are told: the gradient of the loss in W, example by example.

A layer y = W x + b hands back ∂ℓ_i/∂W = δ_i x_iᵀ, δ the gradient at y; of a convolution it is the sum of such products
over all pixels, x the window that the kernel sees there. A single product's Frobenius norm is ‖δ_i‖·‖x_i‖, so that of a
matrix only lengths are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from sim.nets.blocks import Linear
from sim.probes.pullback import Buffers

AT_ONCE = 2**22  # numbers of windows that are written out at a time


@dataclass
class WeightGradients:
    """Norms of the per-example gradients of all weights of a block, over its layers.

    scaled: whether numbers may be so small or large that their squares are not.
    """

    depth: int
    buffers: Buffers
    scaled: bool
    _inputs: dict[tuple[int, int], Tensor] = field(default_factory=dict)
    _told: dict[int, Tensor] = field(default_factory=dict)

    def enters(self, index: int, place: int, layer: Linear, x: Tensor) -> None:
        """x, [seed, 2, batch, ...], enters a layer of block `index` (from 0)."""
        if layer.weight.ndim == 3:
            self._inputs[index, place] = self._length(x)
        else:
            kept = self.buffers.take((index, place, "entered"), x.shape, x.dtype)
            self._inputs[index, place] = kept.copy_(x)

    def comes_back(self, index: int, place: int, g: Tensor, branch_scale: float) -> None:
        """g, [seed, 2, batch, ...], has come back to where the layer's output was; β is not in it yet."""
        x = self._inputs.pop((index, place))
        norms = self._length(g) * x if x.ndim == 3 else self._of_convolution(g, x)
        norms[:, -1] *= abs(branch_scale)
        before = self._told.get(index)
        self._told[index] = norms if before is None else torch.hypot(before, norms)

    def norms(self) -> Tensor:
        """√Σ_i ‖∂ℓ_i/∂W_l‖², [2, seed, depth]: over √batch it is the RMS over examples."""
        every = torch.stack([self._told[index] for index in range(self.depth)])
        return self._length(every).permute(2, 1, 0)

    def _of_convolution(self, g: Tensor, x: Tensor) -> Tensor:
        """[seed, 2, batch] from gradient and input, [seed, 2, batch, channel, row, column]."""
        shape, (pixels, channels) = g.shape[:3], (x[0, 0, 0, 0].numel(), x.shape[3])
        g, x = g.flatten(0, 2), x.flatten(0, 2)
        at_once = max(1, AT_ONCE // (9 * channels * pixels))
        found = []
        for some_g, some_x in zip(g.split(at_once), x.split(at_once), strict=True):
            high, deep = _largest(some_g), _largest(some_x)
            windows = functional.unfold(some_x / deep[:, None, None, None], 3, padding=1)
            products = torch.bmm((some_g / high[:, None, None, None]).flatten(2), windows.mT)
            found.append(torch.linalg.vector_norm(products.flatten(1), dim=1, dtype=torch.float64) * high * deep)
        return torch.cat(found).view(shape)

    def _length(self, x: Tensor) -> Tensor:
        """‖x_i‖ in float64: [seed, 2, batch] from [seed, 2, batch, unit]; [.., ..] from what has one axis less."""
        if not self.scaled:
            return torch.linalg.vector_norm(x, dim=-1, dtype=torch.float64)
        x = x.double()
        scale = torch.linalg.vector_norm(x, torch.inf, dim=-1)
        scale = torch.where((scale > 0) & scale.isfinite(), scale, 1)
        return torch.linalg.vector_norm(x / scale[..., None], dim=-1) * scale


def _largest(x: Tensor) -> Tensor:
    """The largest entry of every example, in size; 1 if that is no number to divide by."""
    largest = torch.linalg.vector_norm(x.flatten(1), torch.inf, dim=1)
    return torch.where((largest > 0) & largest.isfinite(), largest, 1)
