"""Output that never fails for want of a letter."""

from __future__ import annotations

import io
import sys


def speak_anyhow() -> None:
    """Letters that the terminal's encoding lacks are written as escapes from here on, in place of a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
