"""Which files have been edited, as the system tells."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

DEBOUNCE = 400  # ms at most that edits which follow each other closely are taken for one


def edits(
    files: Callable[[], Iterable[Path]], folders: Sequence[Path], over: threading.Event | None = None
) -> Iterator[set[Path]]:
    """Those of the ``files`` in ``folders`` that were edited, time after time. Waits for the system to tell, until
    that is ``over``."""
    from watchfiles import watch as told

    here = threading.current_thread() is threading.main_thread()
    for changes in told(*folders, watch_filter=None, debounce=DEBOUNCE, raise_interrupt=here, stop_event=over):
        if edited := {Path(path).resolve() for _, path in changes} & set(files()):
            yield edited
