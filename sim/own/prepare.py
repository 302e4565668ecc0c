"""Somebody's own network made ready: as at the beginning of training, but nothing in it random."""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from sim.own.errors import RefusedError

Build = Callable[[], nn.Module]


def prepare(build: Build, seed: int, dtype: torch.dtype, add_shortcuts: str | None = None) -> nn.Module:
    """A network with weights of `seed`: dropout off, batch norms on the statistics of the batch, all weights trained.

    add_shortcuts: a pattern of names of modules F that x + F(x) is put in the place of. Raises RefusedError for what is
    no module, TorchScript, or a pattern that fits none; and whatever `build` raises.
    """
    torch.manual_seed(seed)
    net = build()
    if not isinstance(net, nn.Module):
        raise RefusedError(f"the target gives a {type(net).__name__}, not a torch.nn.Module")
    if any(isinstance(module, torch.jit.ScriptModule) for module in net.modules()):
        raise RefusedError("the network is TorchScript, which cannot be watched; give the Python module it is made of")
    net = getattr(net, "_orig_mod", net)  # what torch.compile was given
    net = net.to(dtype).eval()
    for module in net.modules():
        if isinstance(module, _BatchNorm):
            module.train()
            module.momentum = 0.0
    for parameter in net.parameters():
        parameter.requires_grad_(True)
    if add_shortcuts is not None:
        _add(net, add_shortcuts)
    return net


def _add(net: nn.Module, pattern: str) -> None:
    fitting = [module for name, module in net.named_modules() if name and fnmatch.fnmatchcase(name, pattern)]
    if not fitting:
        names = [name for name, _ in net.named_modules() if name]
        raise RefusedError(f"--add-shortcuts {pattern}: fits no module; there are: {', '.join(names[:12])}")
    for module in fitting:
        module.register_forward_hook(_joined)


def _joined(module: nn.Module, args: tuple[Any, ...], out: Any) -> Any:
    """x + F(x) where both are of one shape; F(x) elsewhere."""
    same = args and isinstance(args[0], Tensor) and isinstance(out, Tensor) and args[0].shape == out.shape
    return args[0] + out if same else out


def weights_digest(net: nn.Module) -> str:
    """SHA-256 of all parameters and buffers, by name."""
    state = hashlib.sha256()
    for name, value in sorted(net.state_dict().items()):
        if isinstance(value, Tensor):
            state.update(f"{name} {value.dtype} {tuple(value.shape)}".encode())
            state.update(value.detach().contiguous().view(-1).view(torch.uint8).numpy().tobytes())
    return state.hexdigest()
