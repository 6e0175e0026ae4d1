"""How every page looks: no barriers, no sideways scrolling, calm, printable. The pictures are kept in `artifacts/`."""

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.ui.browser import INPUT, PROJECT, ask
from tests.ui.in_browser.conftest import DESKTOP, MARKS, NUMB, PASSWORD, PHONE, OpenTab, violations

pytestmark = MARKS

PICTURES = PROJECT / "artifacts"
SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) { if (!entry.hadRecentInput) { window.shifts += entry.value; } }
}).observe({type: "layout-shift", buffered: true});
"""
GOOD_SHIFT = 0.1
"""Sum of layout shifts that counts as good. Source: web.dev, Cumulative Layout Shift (2020)."""


def check(page: Page, name: str) -> None:
    """Keep a picture; no barriers, nothing wider than the screen."""
    found = violations(page)
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=str(PICTURES / f"{name}.png"))
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_barriers_on_the_readers_pages(
    address: str, open_tab: OpenTab, dark: bool, viewport: ViewportSize, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    page = open_tab(address, dark=dark, viewport=viewport)
    page.wait_for_selector(".st-key-examples")
    background = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    assert background == ("rgb(20, 25, 26)" if dark else "rgb(252, 251, 248)")
    check(page, f"{name}-start")
    ask(page, "Do warm packs help a sore back?", expect=".cw-sources")
    check(page, f"{name}-answer")
    page.click(".cw-row >> nth=0")
    check(page, f"{name}-passage")
    page.keyboard.press("Escape")
    page.click("[class*=st-key-thumbs] button >> nth=1")
    page.wait_for_selector("[data-testid=stForm]")
    page.locator("[data-testid=stForm]").scroll_into_view_if_needed()
    check(page, f"{name}-vote")
    ask(page, "Who won the football world cup in 1966?", expect=".cw-abstention")
    check(page, f"{name}-not-covered")
    ask(page, NUMB, expect=".st-key-urgent .cw-emergency")
    check(page, f"{name}-urgent")
    for place in ("library", "library?article=warm-packs"):
        page.goto(f"{address}/{place}")
        page.wait_for_selector(".cw-notice, .cw-article")
        check(page, f"{name}-{'article' if '=' in place else 'library'}")
    page.click(".st-key-ask-article button")
    page.wait_for_selector(".st-key-within")
    check(page, f"{name}-one-article")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_barriers_on_the_maintainers_pages(
    address: str, open_tab: OpenTab, dark: bool, viewport: ViewportSize, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    for place in ("index-status", "feedback", "evaluation"):
        page = open_tab(f"{address}/{place}", dark=dark, viewport=viewport)
        page.wait_for_selector("input[type=password]")
        check(page, f"{name}-sign-in")
        page.fill("input[type=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("input[type=password]", state="detached")
        page.wait_for_selector("h1")
        check(page, f"{name}-{place}")


def test_nothing_jumps_while_an_answer_grows(slow_address: str, open_tab: OpenTab) -> None:
    page = open_tab(slow_address, script=SHIFTS)
    page.wait_for_timeout(1500)
    page.evaluate("window.shifts = 0")
    page.fill(INPUT, "Do warm packs help?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".cw-answer", timeout=120_000)
    page.wait_for_timeout(600)  # what directly follows the key press is the reader's own doing
    page.evaluate("window.shifts = 0")
    page.wait_for_selector(".cw-answer:has-text('Never sleep on one.')", timeout=120_000)

    assert page.evaluate("window.shifts") < GOOD_SHIFT


def test_reduced_motion_stands_still(address: str, open_tab: OpenTab) -> None:
    page = open_tab(address, calm=True)
    ask(page, "Do warm packs help a sore back?", expect=".cw-sources")

    moving = page.evaluate(
        """[...document.querySelectorAll('.stApp *')].filter((one) => {
          const style = getComputedStyle(one);
          const times = [style.animationDuration, style.transitionDuration].join().split(",");
          return Math.max(...times.map(parseFloat)) > 0.001;
        }).length"""
    )

    assert moving == 0


def test_a_printed_page_holds_the_answer_and_its_passages(address: str, open_tab: OpenTab) -> None:
    page = open_tab(address)
    ask(page, "Do warm packs help a sore back?", expect=".cw-sources")
    page.emulate_media(media="print")

    assert page.locator(".cw-passage mark").first.is_visible()
    assert page.locator(".cw-disclaimer").first.is_visible()
    for hidden in (INPUT, ".cw-tools", "header"):
        assert not page.locator(hidden).first.is_visible()
    assert len(page.pdf()) > 10_000
