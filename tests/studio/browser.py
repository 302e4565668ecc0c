"""A headless Chromium, to see what viewers see."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import lacking

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-default-apps",
    "--force-color-profile=srgb",
]


@contextmanager
def chromium(folder: Path) -> Iterator[Any]:
    """A fresh browser whose profile lies in ``folder``. Skips the test where there is no Chromium."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        lacking("no Chromium on this machine (Debian: apt-get install chromium)")
    browser = driver().chromium.launch_persistent_context(
        str(folder), executable_path=program, headless=True, args=FLAGS, viewport={"width": 1280, "height": 720}
    )
    try:
        yield browser
    finally:
        browser.close()


@cache
def driver() -> Any:
    """One driver for all browsers of a process: there cannot be a second beside it."""
    from playwright.sync_api import sync_playwright

    started = sync_playwright().start()
    atexit.register(started.stop)
    return started
