"""Blocks drawn at random, ready to compute with."""

from __future__ import annotations

import torch

from sim.nets import data
from sim.nets.blocks import Block
from sim.nets.shortcuts import Gate, Projection, Scaled, Shortcut
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
        shortcut=_draw_shortcut(params, seeds, block, dtype),
    )


def _draw_shortcut(params: Network, seeds: list[int], block: int, dtype: torch.dtype) -> Shortcut | None:
    """What carries x past the branch of block `block`; None if that is the identity."""
    if not isinstance(params.skip_scale, str):
        return None if params.skip_scale == 1 else Scaled(params.skip_scale)
    weight = torch.from_numpy(data.draw_shortcuts(params, seeds, block)).to(dtype)
    if params.skip_scale == "projection":
        return Projection(weight, params.block == "conv")
    return Gate(weight, params.gate_bias, params.block == "conv")
