"""What of somebody's own network cannot be measured."""

from __future__ import annotations


class RefusedError(ValueError):
    """A network, or what was asked of it, cannot be measured. The message says why, and what to do."""
