"""A browser, servers, and tabs that fail on what must never happen."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, ViewportSize

from tests.conftest import TINY_CORPUS
from tests.ui.browser import IDLE, free_port, served

MARKS = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="needs a Chromium browser on this machine"),
]
OpenTab = Callable[..., Page]
DESKTOP = ViewportSize(width=1280, height=860)
PHONE = ViewportSize(width=360, height=740)
NUMB = "since yesterday i cant feel it when i wipe"
PASSWORD = "harbour and sea"  # noqa: S105 - made up


@pytest.fixture(scope="session")
def address(page_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    log = tmp_path_factory.mktemp("server") / "log"
    settings = {
        "CITEWELL_INDEX__PATH": str(page_index),
        "CITEWELL_CORPUS__PATH": str(TINY_CORPUS),
        "CITEWELL_FEEDBACK__URL": f"sqlite:///{log.parent}/feedback.sqlite3",
        "CITEWELL_PAGE__MAINTAINER": "true",
        "CITEWELL_PAGE__PASSWORD": PASSWORD,
        "CITEWELL_PAGE__REPORTS": str(log.parent / "reports"),
    }
    with served(["-m", "ui", "--port", str(port)], port, log, **settings) as found:
        yield found


@pytest.fixture(scope="session")
def slow_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    log = tmp_path_factory.mktemp("slow") / "log"
    command = ["-m", "streamlit", "run", "tests/ui/slow_page.py", "--server.port", str(port)]
    with served(command, port, log) as found:
        yield found


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[OpenTab]:
    """Open tabs that fail on script errors and on any request to another host."""
    contexts: list[BrowserContext] = []
    foreign: list[str] = []
    errors: list[str] = []

    def check(request: Request) -> None:
        if "//127.0.0.1" not in request.url and not request.url.startswith(("data:", "blob:")):
            foreign.append(request.url)

    def refuse(dialog: Dialog) -> None:
        errors.append("a dialog opened")
        dialog.dismiss()

    def open_one(
        url: str, *, dark: bool = False, viewport: ViewportSize | None = None, calm: bool = False, script: str = ""
    ) -> Page:
        context = browser.new_context(
            viewport=viewport or DESKTOP,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if calm else "no-preference",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.on("request", check)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", refuse)
        page.goto(url)
        page.wait_for_selector(IDLE, timeout=120_000)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert foreign == []
    assert errors == []


def violations(page: Page) -> list[str]:
    """What axe-core finds, one line each."""
    page.wait_for_timeout(500)  # fading elements have less contrast than finished ones
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]
