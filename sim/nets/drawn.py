"""Blocks drawn at random, ready to compute with."""

from __future__ import annotations

import torch

from sim.nets import data
from sim.nets.blocks import Block
from sim.sections.network import Network


def draw_block(params: Network, seeds: list[int], block: int, dtype: torch.dtype) -> Block:
    """Block number `block` (from 0) of the networks of `seeds`."""
    weights, biases = data.draw_weights(params, seeds, block)
    return Block(
        [torch.from_numpy(weight).to(dtype) for weight in weights],
        None if biases is None else [torch.from_numpy(bias).to(dtype) for bias in biases],
        order=params.order,
        norm=params.norm,
        activation=params.activation,
        branch_scale=params.branch_scale_value,
    )
