"""A headless Chromium, to see what viewers see."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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
    """A page of a fresh browser whose profile lies in ``folder``. Skips the test where there is no Chromium."""
    from playwright import sync_api

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        lacking("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch_persistent_context(
            str(folder), executable_path=program, headless=True, args=FLAGS, viewport={"width": 1280, "height": 720}
        )
        try:
            yield browser.pages[0]
        finally:
            browser.close()
