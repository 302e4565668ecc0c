"""A seal at the end of a video file: whose it is, and that nothing in it has changed since it was made. Needs no manim.

The seal is a box of the kind that players pass over (ISO 14496-12: ``free``). It holds the digest of all that comes
before it and of the file's name, so that a file with a flipped byte, half a file, or another one's file is not taken
for what was made. A file says this by itself: nobody has to keep a list, and a killed render loses none.
"""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

MARK = b"atajos 1"
LENGTH = 8 + len(MARK) + hashlib.sha256().digest_size


def seal(path: Path, name: str) -> None:
    """Close a finished file, mp4 or mov, as the one called ``name``. Raises OSError."""
    with path.open("rb+") as file:
        box = _box(file.read(), name)
        file.write(box)


def is_sound(path: Path, name: str) -> bool:
    """Whether a file is the one that was sealed as ``name``, to the last byte; what cannot be read is not."""
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return len(content) > LENGTH and content[-LENGTH:] == _box(memoryview(content)[:-LENGTH], name)


def _box(content: bytes | memoryview, name: str) -> bytes:
    state = hashlib.sha256(content)
    state.update(name.encode())
    return struct.pack(">I4s", LENGTH, b"free") + MARK + state.digest()
