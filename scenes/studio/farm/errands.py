"""How a job reaches what does it, by its name: who asks for it need not import manim."""

from __future__ import annotations

from typing import Any


def perform(job: str, *arguments: Any) -> Any:
    """Do a job of worker.py. Called in a worker."""
    from scenes.studio.farm import worker

    return getattr(worker, job)(*arguments)
