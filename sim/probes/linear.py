"""A linear probe (Alain & Bengio 2016): what can still be read from the hidden states, by depth."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from sim.nets import data
from sim.nets.blocks import DTYPES
from sim.nets.drawn import draw_block
from sim.sections.network import Network

RIDGE = 1e-3  # of the mean square of the states
SENT = 600  # digits that are sent through as one batch
STATE = 2**23  # numbers in the states of both networks, at most


@torch.no_grad()
def read_by_depth(params: Network, seed: int) -> np.ndarray:
    """Which share of digits a probe reads from h_0 … h_L, plain and residual: [2, depth+1].

    SENT digits are sent through, or as many as STATE allows, at least 100. The probe is fitted to every second one and
    tried on the rest.
    """
    units = params.width * (data.PIXELS if params.block == "conv" else 1)
    sent = min(SENT, max(100, STATE // (2 * units)))
    drawn = {name: getattr(params, name) for name in Network.model_fields} | {"seeds": 1, "depth": 1}
    batch = data.draw_batch(Network.model_validate(drawn | {"batch": sent, "input": "digits"}), seed)
    labels = torch.from_numpy(batch.labels)
    h = torch.from_numpy(batch.hidden)[None, None].to(DTYPES[params.dtype]).repeat(1, 2, *[1] * batch.hidden.ndim)
    found = [_accuracies(h[0], labels)]
    for index in range(params.depth):
        h = draw_block(params, [seed], index, DTYPES[params.dtype]).pair(h)
        found.append(_accuracies(h[0], labels))
    return np.array(found).T


def _accuracies(states: Tensor, labels: Tensor) -> list[float]:
    return [accuracy(state.flatten(1).double(), labels) for state in states]


def accuracy(x: Tensor, labels: Tensor) -> float:
    """Which share of the odd rows of x, [example, unit], a ridge regression fitted to the even ones puts in its class.

    labels: the classes, 0 to 9. NaN if x is not finite; states of any scale are read alike.
    """
    if not x.isfinite().all():
        return float("nan")
    largest = x.abs().max()
    x = x / largest if largest > 0 else x
    centre = x[::2].mean(0)
    fitted, tried = x[::2] - centre, x[1::2] - centre
    spread = fitted.abs().max()
    fitted, tried = (fitted / spread, tried / spread) if spread > 0 else (fitted, tried)
    wanted = torch.nn.functional.one_hot(labels[::2], data.CLASSES).double()
    often = wanted.mean(0)
    wanted = wanted - often
    wide = fitted.shape[1] > len(fitted)  # the smaller of the two square matrices there are is solved
    square = fitted @ fitted.mT if wide else fitted.mT @ fitted
    square.diagonal().add_(RIDGE * float(square.diagonal().mean()) or 1.0)
    solved = torch.linalg.solve(square, wanted if wide else fitted.mT @ wanted)
    guessed = (tried @ (fitted.mT @ solved if wide else solved) + often).argmax(1)
    return float((guessed == labels[1::2]).double().mean())
