"""Many boxes as one path: arrays of positions and sizes in, bezier points out, no loop over boxes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]
KAPPA = 0.5522847498307936  # handle length of a cubic that stands for a quarter of a circle


def rounded_boxes(centre: ArrayLike, width: ArrayLike, height: ArrayLike, radius: ArrayLike) -> Points:
    """Boxes with round corners around ``centre`` (boxes, 2); sizes are numbers or (boxes,), a box of size zero costs
    nothing. Gives points (curves × 4, 3) for one VMobject."""
    c = np.asarray(centre, dtype=float)
    w, h, r = (np.broadcast_to(np.asarray(v, dtype=float), len(c)) for v in (width, height, radius))
    some = (w > 0) & (h > 0)
    c, w, h, r = c[some], w[some], h[some], np.minimum(r, np.minimum(w, h) / 2)[some]
    k = r * (1 - KAPPA)
    x, y = w / 2, h / 2
    # anticlockwise from the right edge's lower end: edge, corner, edge, corner, …
    outline = [
        (x, -y + r), (x, y - r), (x, y - k), (x - k, y), (x - r, y),
        (-x + r, y), (-x + k, y), (-x, y - k), (-x, y - r),
        (-x, -y + r), (-x, -y + k), (-x + k, -y), (-x + r, -y),
        (x - r, -y), (x - k, -y), (x, -y + k), (x, -y + r),
    ]  # fmt: skip
    p = np.stack([np.stack(corner, axis=-1) for corner in outline], axis=1)
    curves = []
    for i in range(0, 16, 4):
        a, b = p[:, i], p[:, i + 1]
        curves += [np.stack([a, a + (b - a) / 3, a + (b - a) * 2 / 3, b], axis=1), p[:, i + 1 : i + 5]]
    return _lift(c[:, None, None] + np.stack(curves, axis=1))


def _lift(plane: Points) -> Points:
    """Points in the plane, (…, 2), as a list in space, (n, 3)."""
    flat = plane.reshape(-1, 2)
    return np.concatenate([flat, np.zeros((len(flat), 1))], axis=1)
