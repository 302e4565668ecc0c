"""The bars of a shot, measured on the pictures of a clip alone: whether it moves, and whether something is there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

CAPTIONS = 0.13  # of the height, from below, that does not count
CHANGED, INK = 6, 18  # of 255: by how much a pixel has changed, or is something else than the ground
STILL, MUCH = 2e-4, 0.02  # shares of pixels that change: below the one a frame is frozen, above the other much happens
GRID, TOUCHED, ALL = (
    8,
    0.005,
    0.7,
)  # tiles a side; share of a tile's pixels that change; share of tiles in a camera's move


class Bars(NamedTuple):
    """Shares from 0 to 1, times in seconds. See ``tests/bench/look.py`` for what each means."""

    seconds: float
    frozen: float
    longest: float
    changing: float
    ink: float
    first: float
    moves: int


def bars_of(clip: Path) -> Bars:
    """The bars of a clip. Raises av.FFmpegError if it is no video."""
    with av.open(str(clip)) as source:
        track = source.streams.video[0]
        track.thread_type = "AUTO"
        return bars((frame.to_ndarray(format="gray") for frame in source.decode(track)), float(track.guessed_rate))


def bars(pictures: Iterable[NDArray[np.uint8]], rate: float) -> Bars:
    """The bars of grey pictures (height, width), ``rate`` of them a second."""
    changes: list[float] = []
    touched: list[float] = []
    ink: list[float] = []
    before: NDArray[np.int16] | None = None
    for picture in pictures:
        body = picture[: round(picture.shape[0] * (1 - CAPTIONS))].astype(np.int16)
        ground = int(np.bincount(body.ravel()).argmax())
        ink.append(float((np.abs(body - ground) > INK).mean()))
        if before is not None:
            changed = np.abs(body - before) > CHANGED
            changes.append(float(changed.mean()))
            touched.append(_tiles(changed))
        before = body
    still = np.array(changes) < STILL
    moving = np.concatenate([[False], np.array(touched) > ALL])
    return Bars(
        seconds=len(ink) / rate,
        frozen=float(still.mean()) if len(still) else 1.0,
        longest=_longest(still) / rate,
        changing=float((np.array(changes) > MUCH).mean()) if changes else 0.0,
        ink=float(np.median(ink)),
        first=ink[0],
        moves=int((np.diff(moving.astype(int)) == 1).sum()),
    )


def _tiles(changed: NDArray[np.bool_]) -> float:
    """The share of tiles in which something changes."""
    rows, columns = (side // GRID for side in changed.shape)
    tiles = changed[: rows * GRID, : columns * GRID].reshape(GRID, rows, GRID, columns).mean(axis=(1, 3))
    return float((tiles > TOUCHED).mean())


def _longest(still: NDArray[np.bool_]) -> int:
    """The longest run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], still.astype(int), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))
