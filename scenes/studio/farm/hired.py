"""Who works for the farm, and who waits for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol

from scenes.studio.farm.messages import Disk, Glanced
from scenes.studio.farm.orders import Clip


class Pool(Protocol):
    """Who does the work: processes here (pool.py) or a cluster (cluster.py)."""

    retries: int
    disk: Disk

    @property
    def size(self) -> int: ...
    @property
    def seats(self) -> int: ...
    def submit(self, job: Callable[..., Any], *arguments: Any) -> Future[Any]: ...
    def revive(self) -> None: ...
    def __enter__(self) -> Pool: ...
    def __exit__(self, *_: Any) -> None: ...


class OvertakenError(Exception):
    """What was being drawn is no longer wanted."""


@dataclass(frozen=True)
class Attended:
    """Somebody waits at the screen: ``show`` is given the picture of a clip that has changed first, before the clip is
    drawn; ``stop``, once it is set, ends the work with OvertakenError."""

    show: Callable[[Clip, Glanced], None]
    stop: Future[None] = field(default_factory=Future)
