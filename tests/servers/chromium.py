"""The browser: a Chromium or Chrome that is already on the machine."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without its background services the browser asks nothing of the network but the pages under test.
# The sandbox cannot start inside most containers, and the pages are our own.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


class ChromiumMissing(Exception):
    """There is no browser to test in; the message says how to get one."""


def find_chromium() -> str:
    """Return the path of the browser: the one named by `CHROMIUM`, else the first on PATH.

    Raises:
        ChromiumMissing: There is none.
    """
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else NAMES:
        path = shutil.which(name)
        if path:
            return path
    raise ChromiumMissing(
        f"No browser was found ({named or ', '.join(NAMES)}), and the tests need a real one. "
        "On Debian and Ubuntu: sudo apt-get install chromium. Elsewhere install Chromium or Chrome "
        "and name its program in the variable CHROMIUM."
    )
