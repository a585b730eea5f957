"""Chromium, which tests of pages run in, and node, which runs JavaScript without a page."""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

NAMES = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
HOSTILE = "</script><img src=x onerror=\"document.title='run'\">"
"""A text that runs a script where it becomes markup."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _reason() -> str:
    """Why no page can be opened; the empty string where one can."""
    if importlib.util.find_spec("playwright") is None:
        return "needs playwright: pip install 'autograd_bp[browser]'"
    if path() is None:
        return "needs Chromium: apt-get install chromium"
    return ""


def path() -> str | None:
    """Where Chromium is; None where it is not installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextlib.contextmanager
def launched() -> Iterator[Any]:
    """A Chromium without a window, with an empty profile of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path(), args=ARGUMENTS)
        yield browser
        browser.close()


def needs_chromium(test: Any) -> Any:
    """Mark a test that opens a page: `pytest -m browser` runs these tests alone."""
    reason = _reason()
    return pytest.mark.browser(pytest.mark.skipif(bool(reason), reason=reason)(test))


CHROMIUM = [pytest.mark.browser, pytest.mark.skipif(bool(_reason()), reason=_reason())]
"""The marks of a module whose tests all open a page."""

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
