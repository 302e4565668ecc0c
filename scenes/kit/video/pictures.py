"""Single pictures of a scene as it stands. ``scene`` is a Lecture."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit.drawing.tiles import LEFT_OUT, scenery

Frame = NDArray[np.uint8]  # (height, width, 4)


def seen(scene: Any) -> Frame:
    """The picture as it stands."""
    scene.renderer.static_image = None
    scene.renderer.update_frame(scene)
    frame: Frame = scene.renderer.get_frame()
    return frame


def glimpse(scene: Any) -> str:
    """A digest of the picture as it stands, by which one tells at little cost whether it is another: of where one looks
    and of all but standing scenery."""
    with scenery(LEFT_OUT):
        frame = seen(scene)
    world = getattr(scene, "world", None)
    state = hashlib.sha256(np.ascontiguousarray(frame).tobytes())
    state.update(repr(None if world is None else world.view).encode())
    return state.hexdigest()[:16]
