"""The system's Chromium for measurements, screenshots and the stand-alone pages; never downloads one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
SHELL = "chromium-headless-shell"
"""The same Chromium without windows and their buttons, which are web pages too, and cost a page of a test a second."""
# Without a sandbox because CI runs as root in a container; the rest keeps the browser from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No page that is shown here reaches another machine; one that tries logs an error.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]",
]


def find(*, shell: bool = False) -> str | None:
    """Path of the browser: CHROMIUM when it is set, else the first one on PATH; `shell` first where it is asked for."""
    names = (SHELL, *NAMES) if shell else (*NAMES, SHELL)
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@contextmanager
def chromium(*, shell: bool = False) -> Iterator[Browser]:
    """A headless browser, closed at the end; `find` says which.

    Raises:
        RuntimeError: When there is none; says how to get one.
    """
    path = find(shell=shell)
    if path is None:
        raise RuntimeError("no Chromium found; install the package chromium, or set CHROMIUM=/path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
