"""A real browser behind nginx, and the replica that serves it dies."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import PROJECT
from tests.ui.browser import IDLE, INPUT, ask
from tests.ui.in_browser.conftest import DESKTOP, MARKS
from tests.ui.replicas.conftest import Site
from tests.ui.replicas.replica import Replica, wait_until

pytestmark = MARKS
WARM, LEGS = "Do warm packs help a sore back?", "Is walking good for leg pain?"
BACK_MS = 60_000


def opened(browser: Browser, address: str) -> Page:
    """A tab with the page."""
    page = browser.new_page(viewport=DESKTOP)
    page.goto(address)
    page.wait_for_selector(IDLE, timeout=120_000)
    return page


def serving(site: Site) -> Replica:
    """The replica that answered."""
    found = [one for one in site.replicas if one.metrics()["citewell_questions_total"] > 0]
    assert len(found) == 1
    return found[0]


def kept(page: Page, name: str) -> None:
    """Keep a picture for people to look at."""
    folder = PROJECT / "artifacts"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=str(folder / name))


def test_conversation_goes_on_at_the_other_replica(site: Site, browser: Browser) -> None:
    page = opened(browser, site.address)
    ask(page, WARM, expect=".cw-sources")
    killed = serving(site)
    left = next(one for one in site.replicas if one is not killed)

    killed.kill()
    wait_until(lambda: left.metrics()["citewell_readers_connected"] == 1, seconds=60)
    ask(page, LEGS, expect=".cw-question:has-text('leg pain')")

    expect(page.locator(".cw-question")).to_have_text([WARM, LEGS], timeout=BACK_MS)
    expect(page.locator(".cw-answer")).to_have_count(2)
    expect(page.get_by_text("Stopped")).to_have_count(0)
    kept(page, "replica-killed.png")


@pytest.mark.parametrize("site", [None], indirect=True, ids=["without-a-secret"])
def test_reader_is_told_when_the_conversation_is_gone(site: Site, browser: Browser) -> None:
    page = opened(browser, site.address)
    ask(page, WARM, expect=".cw-sources")

    serving(site).kill()

    expect(page.get_by_text("no longer here")).to_be_visible(timeout=BACK_MS)
    expect(page.locator(INPUT)).to_be_enabled()
    kept(page, "conversation-gone.png")
