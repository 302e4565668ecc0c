"""What is sent through somebody's own network: one of a few kinds of input, or what a function of theirs gives."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from sim.nets import data
from sim.own.errors import RefusedError

SPECS = "vector:64, image:3x32x32, digits, digits:3x32x32, tokens:VOCABULARY:LENGTH, sequence:LENGTHxWIDTH"
Draw = Callable[[int, int], Any]  # seed, examples → a tensor, a tuple of arguments, or a dict of named ones


@dataclass(frozen=True)
class Batch:
    """What a network is called with. labels: [batch], where the examples have some."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    labels: Tensor | None = None

    def tensors(self) -> Iterator[Tensor]:
        return (value for value in (*self.args, *self.kwargs.values()) if isinstance(value, Tensor))

    @property
    def size(self) -> int:
        """The number of examples: the first axis of the first tensor. Raises RefusedError without any."""
        first = next((value for value in self.tensors() if value.ndim), None)
        if first is None:
            raise RefusedError("the input holds no tensor with an axis of examples")
        return len(first)

    def digest(self) -> str:
        """SHA-256 of all tensors in it."""
        state = hashlib.sha256()
        for value in self.tensors():
            state.update(f"{value.dtype} {tuple(value.shape)}".encode() + value.detach().numpy().tobytes())
        return state.hexdigest()

    def fresh(self, dtype: torch.dtype) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Arguments for one pass: floating tensors cast to `dtype`, and copied so that a gradient comes back to them
        and a network may write into them."""
        named = {name: _own(value, dtype) for name, value in self.kwargs.items()}
        return tuple(_own(value, dtype) for value in self.args), named


def _own(value: Any, dtype: torch.dtype) -> Any:
    if not isinstance(value, Tensor):
        return value
    if not value.is_floating_point():
        return value.clone()
    with torch.enable_grad():
        return value.detach().to(dtype).clone().requires_grad_().clone()


def batch_of(what: str | Draw | Any, seed: int, examples: int) -> Batch:
    """One seed's examples. what: a SPEC, a function of seed and number, or the input itself.

    Raises RefusedError for a SPEC that there is not.
    """
    if isinstance(what, str):
        return _drawn(what, seed, examples)
    given = what(seed, examples) if callable(what) and not isinstance(what, Tensor) else what
    if isinstance(given, dict):
        return Batch((), given)
    return Batch(tuple(given) if isinstance(given, tuple | list) else (given,), {})


def _drawn(spec: str, seed: int, examples: int) -> Batch:
    kind, *numbers = re.split("[:x]", spec)
    if not all(re.fullmatch("[1-9][0-9]{0,8}", number) for number in numbers):
        raise RefusedError(f"--input {spec}: sizes must be whole numbers from 1; allowed: {SPECS}, or a function")
    sizes = [int(number) for number in numbers]
    rng = torch.Generator().manual_seed(seed)
    if (kind, len(sizes)) in {("vector", 1), ("sequence", 2), ("image", 3)}:
        return Batch((torch.randn(examples, *sizes, generator=rng, dtype=torch.float64),), {})
    if kind == "tokens" and len(sizes) == 2:
        return Batch((torch.randint(sizes[0], (examples, sizes[1]), generator=rng),), {})
    if kind == "digits" and len(sizes) in (0, 3):
        return _digits(sizes or [1, data.SIDE, data.SIDE], rng, examples)
    raise RefusedError(f"--input {spec}: is not known; allowed: {SPECS}, or a function: file.py:name")


def _digits(sizes: list[int], rng: torch.Generator, examples: int) -> Batch:
    """scikit-learn's digits, standardised: repeated over channels, and enlarged bilinearly."""
    images, labels = data.digits()
    chosen = torch.randperm(len(images), generator=rng)[:examples]
    if examples > len(images):
        raise RefusedError(f"--batch {examples}: there are {len(images)} digits")
    pixels = torch.from_numpy((images - images.mean()) / images.std())[chosen].view(-1, 1, data.SIDE, data.SIDE)
    if sizes[1:] != [data.SIDE, data.SIDE]:
        pixels = functional.interpolate(pixels, size=sizes[1:], mode="bilinear", align_corners=False)
    return Batch((pixels.repeat(1, sizes[0], 1, 1),), {}, torch.from_numpy(labels)[chosen])


def sender(loss: str | Callable[[Tensor], Tensor], batch: Batch, seed: int) -> Callable[[Tensor], Tensor]:
    """∂ℓ/∂output from the output, ℓ summed over examples.

    loss: "random", one unit vector per example; "cross-entropy", of the digits' labels or of some drawn evenly; or a
    function that gives ℓ. Raises RefusedError for another word, or a loss that is no number.
    """
    rng = torch.Generator().manual_seed(10_000 + seed)
    if loss == "random":

        def send(output: Tensor) -> Tensor:
            rng.manual_seed(10_000 + seed)
            vectors = torch.randn(output.shape, generator=rng, dtype=torch.float64)
            lengths = torch.linalg.vector_norm(vectors.flatten(1), dim=1)
            return (vectors / lengths.view(-1, *[1] * (output.ndim - 1))).to(output.dtype)

        return send
    if isinstance(loss, str) and loss != "cross-entropy":
        raise RefusedError(f"--loss {loss}: is not known; allowed: random, cross-entropy, or a function: file.py:name")
    measure = loss if callable(loss) else lambda output: _cross_entropy(output, batch, rng.manual_seed(10_000 + seed))

    def gradient(output: Tensor) -> Tensor:
        own = output.detach().clone().requires_grad_()
        with torch.enable_grad():
            value = measure(own)
            if not isinstance(value, Tensor) or value.numel() != 1 or not value.requires_grad:
                raise RefusedError("--loss: must give one number that depends on the output, summed over examples")
            return torch.autograd.grad(value, own)[0]

    return gradient


def _cross_entropy(output: Tensor, batch: Batch, rng: torch.Generator) -> Tensor:
    classes = output.shape[-1]
    labels = batch.labels if output.ndim == 2 else None
    if labels is None or classes <= int(labels.max()):
        labels = torch.randint(classes, output.shape[:-1], generator=rng)
    return functional.cross_entropy(output.flatten(0, -2), labels.flatten(), reduction="sum")
