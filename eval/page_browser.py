"""Readers of a page in a real browser: when it paints, when it takes a question, when the answer stands."""

import importlib.util
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.page_server import Running
from rag.errors import CitewellError

if TYPE_CHECKING:  # an extra for those who develop; `missing` says so where it is not installed
    from playwright.sync_api import Browser, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
INPUT = "[data-testid=stChatInputTextArea]"
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
REPLY = ".cw-disclaimer"
"""Stands at the end of every reply, and nowhere else on the page."""

PAINT = """new Promise((found) => new PerformanceObserver((list) => {
  for (const entry of list.getEntriesByName("first-contentful-paint")) {
    found([performance.timeOrigin, entry.startTime]);
  }
}).observe({type: "paint", buffered: true}))"""
WAIT_MS = 240_000.0


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader on the page.

    Attributes:
        page: the tab, in a browser profile of its own.
        paint_ms: milliseconds from opening the page to the first contentful paint.
        painted: when that was, in seconds since 1970.
        usable: when there was a place to type and the page had run.
    """

    page: "Page"
    paint_ms: float
    painted: float
    usable: float

    def ask(self, question: str) -> float:
        """Type a question; return the seconds until its reply stands whole."""
        before = self.page.locator(REPLY).count()
        started = time.perf_counter()
        self.page.fill(INPUT, question)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(f"{REPLY} >> nth={before}")
        self.page.wait_for_selector(IDLE)
        return time.perf_counter() - started

    def leave(self) -> None:
        """Close the tab and its profile."""
        self.page.context.close()


def find_browser(given: str | None = None) -> str | None:
    """Return the path of the browser that is named, or else of the first one found, or None."""
    return next((found for name in ((given,) if given else BROWSERS) if (found := shutil.which(name))), None)


def missing(given: str | None = None) -> str:
    """Return in a line what has to be installed before pages can be measured, or nothing.

    Args:
        given: the browser that was asked for.
    """
    if importlib.util.find_spec("playwright") is None:
        return "the page is opened by Playwright, which is not installed; run: pip install playwright"
    if find_browser(given):
        return ""
    if given:
        return f"{given} is not a program; expected the path of a Chromium browser"
    return (
        f"the page is opened in Chromium, and none of {', '.join(BROWSERS)} was found; install it "
        "(Debian, Ubuntu: apt-get install chromium) or name one with --browser"
    )


@contextmanager
def chromium(path: str) -> Iterator["Browser"]:
    """Start a browser and end it.

    Raises:
        CitewellError: it cannot be started, or a page did not do what was waited for.
    """
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=Path(path), args=list(FLAGS))
            try:
                yield browser
            finally:
                browser.close()
    except Error as error:
        first = next(iter(error.message.splitlines()), "")
        raise CitewellError(f"the browser {path} failed: {first}") from None


def visit(browser: "Browser", server: Running) -> Reader:
    """Open the page as a new reader, with nothing kept from earlier visits."""
    page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(server.address, wait_until="commit")
    page.wait_for_selector(INPUT)
    page.wait_for_selector(IDLE)
    usable = time.time()
    opened_ms, paint_ms = page.evaluate(PAINT)
    return Reader(page, float(paint_ms), (opened_ms + paint_ms) / 1000, usable)
