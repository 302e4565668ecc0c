"""What enters the networks: real digits or Gaussian noise, the stem that makes h_0 of it, and the read-out at h_L.

A seed names everything random about its network: images, labels, stem, weights, biases, read-out and cotangent. Row k
of a record is therefore the network of seed `seed + k`, however many seeds stand beside it; and block l of a network is
the same whatever its depth. All is drawn in float64 and rounded afterwards, so that dtypes share weights as well.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.sections.memory import PIXELS
from sim.sections.network import Network

CLASSES = 10
SIDE = 8
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# The streams of random numbers of one seed; each is independent of the others.
STREAMS = {
    "batch": 0,
    "stem": 1,
    "weights": 2,
    "biases": 3,
    "readout": 4,
    "cotangent": 5,
    "shortcuts": 6,
    "minibatches": 10,
    "lesions": 11,
}


def stream(seed: int, name: str, *index: int) -> np.random.Generator:
    """The random numbers of one purpose of one seed (and, for weights, of one block and layer)."""
    return np.random.default_rng([seed, STREAMS[name], *index])


@functools.cache
def digits() -> tuple[Floats, Ints]:
    """All 1797 images [image, 64] with values in [0, 1], and their labels [image].

    The file is scikit-learn's (Alpaydin & Kaynak 1998, UCI Optical Recognition of Handwritten Digits, test part). It is
    read where it lies: importing sklearn.datasets would take longer than most profiles.

    Raises FileNotFoundError if scikit-learn is not installed.
    """
    spec = importlib.util.find_spec("sklearn")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("scikit-learn, which ships the digits, is not installed")
    table = np.loadtxt(Path(spec.origin).parent / "datasets" / "data" / "digits.csv.gz", delimiter=",")
    return table[:, :PIXELS] / 16, table[:, PIXELS].astype(np.int64)


@dataclass(frozen=True)
class Batch:
    """What one seed's networks see.

    hidden: h_0, [batch, width] or [batch, width, 8, 8]. labels: [batch]. digest: SHA-256 of images and labels before
    the stem.
    """

    hidden: Floats
    labels: Ints
    digest: str


def draw_batch(params: Network, seed: int, first: Sequence[int] = ()) -> Batch:
    """The examples of one seed. first: digits, by their place in the set, that come before those drawn.

    Digits are drawn without repetition. An MLP of width 64 gets their pixels, standardised, as h_0; another width gets
    those through a random projection. A convolution gets what the stem of a ResNet makes of the image: a random 3×3
    convolution to `width` channels, each standardised, and a ReLU (He et al. 2015, section 4.2). All means and standard
    deviations are those of the whole set of digits, so that an example does not depend on the batch it is in.

    Gaussian input is N(0, 1) of the state's own shape, with labels drawn evenly.
    """
    rng = stream(seed, "batch")
    conv = params.block == "conv"
    if params.input == "gaussian":
        shape = (params.batch, params.width, *((SIDE, SIDE) if conv else ()))
        images = hidden = rng.standard_normal(shape)
        labels = rng.integers(CLASSES, size=params.batch)
    else:
        every_image, every_label = digits()
        drawn = rng.permutation(len(every_image))
        chosen = np.concatenate([np.array(first, dtype=np.int64), drawn[~np.isin(drawn, first)]])[: params.batch]
        images, labels = every_image[chosen], every_label[chosen]
        hidden = _stem(images, params.width, conv, seed)
    digest = hashlib.sha256(np.ascontiguousarray(images).tobytes() + labels.tobytes()).hexdigest()
    return Batch(hidden, labels, digest)


def _stem(images: Floats, width: int, conv: bool, seed: int) -> Floats:
    """h_0 from pixels; images: [batch, 64]."""
    rng = stream(seed, "stem")
    if conv:
        kernel = rng.standard_normal((width, 9)) / 3
        mean, covariance = _window_moments()
        deviation = np.sqrt(np.einsum("ci,ij,cj->c", kernel, covariance, kernel))
        channels = np.einsum("byxi,ci->bcyx", _windows(images) - mean, kernel) / deviation[:, None, None]
        return np.maximum(channels, 0)
    centre, spread = _pixel_moments()
    pixels = (images - centre) / spread
    return pixels if width == PIXELS else pixels @ (rng.standard_normal((PIXELS, width)) / np.sqrt(PIXELS))


@functools.cache
def _reader(width: int, conv: bool, seed: int) -> Floats:
    images = digits()[0]
    H = _stem(images, width, conv, seed).reshape(len(images), -1)
    wide = H.shape[1] > len(H)  # the smaller of the two square matrices there are is solved
    square = H @ H.T if wide else H.T @ H
    square[np.diag_indices_from(square)] += 1e-3 * np.trace(square) / len(square)
    centre, spread = _pixel_moments()
    pixels = (images - centre) / spread
    weights = H.T @ np.linalg.solve(square, pixels) if wide else np.linalg.solve(square, H.T @ pixels)
    return np.asarray(weights.T)


def draw_reader(params: Network, seed: int) -> Floats:
    """What turns a state into an image, [64, units]: of all linear maps the one that best gives back the pixels,
    standardised, of all digits from their h_0 (least squares, with a ridge of a thousandth of the mean square).
    """
    return _reader(params.width, params.block == "conv", seed)


def _windows(images: Floats) -> Floats:
    """What a zero-padded 3×3 convolution sees at each pixel: [batch, 8, 8, 9]."""
    padded = np.pad(images.reshape(-1, SIDE, SIDE), ((0, 0), (1, 1), (1, 1)))
    return np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2)).reshape(-1, SIDE, SIDE, 9)


@functools.cache
def _pixel_moments() -> tuple[float, float]:
    """Mean and standard deviation of the pixels of all digits."""
    every_image = digits()[0]
    return float(every_image.mean()), float(every_image.std())


@functools.cache
def _window_moments() -> tuple[Floats, Floats]:
    """Mean [9] and covariance [9, 9] of the windows of all digits; the moments of any stem follow from them."""
    windows = _windows(digits()[0]).reshape(-1, 9)
    return windows.mean(axis=0), np.cov(windows, rowvar=False, bias=True)


def draw_weights(params: Network, seeds: Sequence[int], block: int) -> tuple[list[Floats], list[Floats] | None]:
    """Weights N(0, g²/fan_in) and biases of one block (counted from 0).

    Biases are N(0, bias_std²), or, for bias = "torch", even on ±1/√fan_in: what the constructors of nn.Linear and
    nn.Conv2d draw. Per layer [seed, out, in] or [seed, out, in, 3, 3], and [seed, out]. Biases are None if all are 0.
    """
    n = params.width
    shape = (n, n, 3, 3) if params.block == "conv" else (n, n)
    scale = params.gain_value / np.sqrt(np.prod(shape[1:]))
    layers = range(params.layers_per_block)
    weights = [_normal(scale, shape, seeds, "weights", block, layer) for layer in layers]
    if params.bias == "torch":
        bound = 1 / float(np.sqrt(np.prod(shape[1:])))
        return weights, [_even(bound, (n,), seeds, "biases", block, layer) for layer in layers]
    if params.bias_std == 0:
        return weights, None
    return weights, [_normal(params.bias_std, (n,), seeds, "biases", block, layer) for layer in layers]


def draw_shortcuts(params: Network, seeds: Sequence[int], block: int) -> Floats:
    """Weights N(0, g²/width) of a block's projection or gate (blocks counted from 0): [seed, out, in]."""
    scale = params.gain_value / float(np.sqrt(params.width))
    return _normal(scale, (params.width, params.width), seeds, "shortcuts", block)


def _normal(scale: float, shape: tuple[int, ...], seeds: Sequence[int], name: str, *index: int) -> Floats:
    """N(0, scale²), each seed from its own stream: [seed, *shape]."""
    out = np.empty((len(seeds), *shape))
    for row, seed in zip(out, seeds, strict=True):
        stream(seed, name, *index).standard_normal(out=row)
        row *= scale
    return out


def _even(bound: float, shape: tuple[int, ...], seeds: Sequence[int], name: str, *index: int) -> Floats:
    """Even on ±bound, each seed from its own stream: [seed, *shape]."""
    drawn = np.stack([stream(seed, name, *index).random(shape) for seed in seeds])
    return np.asarray((2 * drawn - 1) * bound)


def draw_readout(params: Network, seed: int) -> Floats:
    """The fixed linear read-out of h_L to ten classes, [10, units]: N(0, 1/width).

    Of a convolution it reads the average of each channel (He et al. 2015, section 3.3): every pixel has a 64th of its
    channel's weight.
    """
    weights = stream(seed, "readout").standard_normal((CLASSES, params.width)) / np.sqrt(params.width)
    return np.repeat(weights / PIXELS, PIXELS, axis=1) if params.block == "conv" else weights


def draw_cotangent(params: Network, seed: int) -> Floats:
    """One random unit vector per example at h_L: [batch, units]."""
    units = params.width * (PIXELS if params.block == "conv" else 1)
    vectors = stream(seed, "cotangent").standard_normal((params.batch, units))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
