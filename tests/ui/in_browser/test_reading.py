"""Reading and asking in a real browser."""

import urllib.request

import pytest
from playwright.sync_api import expect

from tests.ui.browser import IDLE, INPUT, ask
from tests.ui.in_browser.conftest import MARKS, NUMB, PHONE, OpenTab, violations

pytestmark = MARKS


def test_a_citation_opens_its_passage_with_the_quote_marked(address: str, open_tab: OpenTab) -> None:
    page = open_tab(address)
    ask(page, "Do warm packs help a sore back?", expect=".cw-sources")
    page.click(".cw-cite >> nth=0")
    passage = page.locator(".cw-passage:popover-open")
    expect(passage.locator("mark").first).to_be_in_viewport()
    expect(passage).to_contain_text("Not reviewed by a clinician")
    page.keyboard.press("Escape")
    expect(page.locator(".cw-passage:popover-open")).to_have_count(0)
    expect(page.locator(".cw-question")).to_be_in_viewport()


def test_the_passage_leads_to_its_place_in_the_article(address: str, open_tab: OpenTab) -> None:
    page = open_tab(address)
    ask(page, "Do warm packs help a sore back?", expect=".cw-sources")
    page.click(".cw-row >> nth=0")
    with page.context.expect_page() as opened:
        page.click(".cw-passage:popover-open .cw-links a >> nth=0")
    article = opened.value
    expect(article.locator(".cw-article mark").first).to_be_in_viewport(timeout=120_000)
    expect(page.locator(".cw-question")).to_have_count(1)


def test_everything_is_reached_by_keyboard(address: str, open_tab: OpenTab) -> None:
    page = open_tab(address)
    page.focus(INPUT)
    page.keyboard.type("Do warm packs help a sore back?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".cw-sources", timeout=240_000)
    page.wait_for_timeout(800)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "cw-cite":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator(".cw-passage:popover-open")).to_have_count(1)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "cw-close"
    page.keyboard.press("Enter")
    expect(page.locator(".cw-passage:popover-open")).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True])
def test_the_urgent_panel_is_seen_without_scrolling_on_a_phone(address: str, open_tab: OpenTab, dark: bool) -> None:
    page = open_tab(address, viewport=PHONE, dark=dark)
    ask(page, "What is petrissage?", expect=".cw-sources")
    ask(page, NUMB, expect=".st-key-urgent .cw-emergency")
    panel = page.locator(".cw-emergency")
    page.wait_for_function(  # the page brings it into view within moments, from wherever it was scrolled to
        "document.querySelector('.cw-emergency').getBoundingClientRect().y >= 60", timeout=5000
    )
    box, below = panel.bounding_box(), page.locator("[data-testid=stBottomBlockContainer]").bounding_box()
    assert box is not None
    assert below is not None
    assert box["y"] >= 60
    assert box["y"] + box["height"] <= below["y"]
    assert panel.get_attribute("role") == "alert"
    assert page.locator('.cw-emergency a[href^="tel:"]').count() > 0
    assert page.locator(".cw-answer").count() == 0
    assert violations(page) == []


def test_hostile_texts_do_nothing(address: str, open_tab: OpenTab) -> None:
    hostile = (
        "<img src=https://h.example/a.png onerror=alert(1)> ![x](https://h.example/b.png) <script>alert(2)</script>"
    )
    page = open_tab(address)
    ask(page, f"What is a zorbling mark? {hostile}")
    ask(page, "What is a zorbling mark?")
    assert page.locator(".cw-question >> nth=0").text_content() == f"What is a zorbling mark? {hostile}"
    page.goto(f"{address}/library?article=shared-words")
    article = page.locator(".cw-article")
    expect(article).to_contain_text("<script>alert(4)</script>")
    assert article.locator("script, img, b, style, math").count() == 0
    assert article.locator("a").count() == 1
    page.goto(f"{address}/library")
    label = page.locator(".st-key-article-shared-words button")
    expect(label).to_contain_text("$x^2$")
    assert label.locator("img, a, math, .katex, b, span[style*=color]").count() == 0


def test_an_answer_grows_and_a_stopped_one_keeps_what_was_shown(slow_address: str, open_tab: OpenTab) -> None:
    page = open_tab(slow_address)
    page.fill(INPUT, "Do warm packs help?")
    page.keyboard.press("Enter")
    expect(page.locator(".cw-answer")).to_contain_text("Warm packs may ease a sore back.", timeout=120_000)
    expect(page.locator(".cw-answer")).not_to_contain_text("Never sleep on one.")
    expect(page.locator(".cw-answer")).to_contain_text("They are cheap.", timeout=120_000)
    page.click("[data-testid=stChatInputStopButton]")
    page.wait_for_selector(IDLE)
    expect(page.locator(".cw-answer")).to_contain_text("Warm packs may ease a sore back.")
    page.fill(INPUT, "And now?")
    page.keyboard.press("Enter")
    expect(page.locator(".cw-notice", has_text="Stopped.")).to_have_count(1, timeout=120_000)
    expect(page.locator(".cw-disclaimer").first).to_be_visible()


def test_the_server_forbids_what_the_page_does_not_need(address: str) -> None:
    with urllib.request.urlopen(address, timeout=10) as reply:  # noqa: S310 - our own server
        policy = reply.headers["Content-Security-Policy"]
        assert "img-src 'self' data: blob:" in policy
        assert reply.headers["Referrer-Policy"] == "no-referrer"


def test_an_embedded_page_answers_the_question_of_its_address(address: str, open_tab: OpenTab) -> None:
    page = open_tab(f"{address}/?embed=true&q=What%20is%20petrissage%3F")
    page.wait_for_selector(".cw-sources", timeout=240_000)
    assert "q=" not in page.url
    assert page.locator("[data-testid=stTopNavLink]").count() == 0
