"""What a reader takes along or finds again: copies, files, votes, the conversation after a reload."""

from pathlib import Path

from playwright.sync_api import expect

from tests.ui.browser import ask
from tests.ui.in_browser.conftest import MARKS, NUMB, OpenTab

pytestmark = MARKS
WARM = "Do warm packs help a sore back?"


def test_one_click_copies_the_answer_with_its_sources(address: str, open_tab: OpenTab) -> None:
    page = open_tab(address)
    ask(page, WARM, expect=".cw-sources")

    page.click("text=Copy answer")
    expect(page.locator(".cw-tools [role=status]")).to_have_text("Copied")

    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Warm packs may ease")
    assert "[1] Warm packs for a sore back ›" in copied
    page.click("text=Copy link")
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.includes('?q=Do+warm+packs'))")


def test_a_vote_is_thanked_and_can_be_taken_back(address: str, open_tab: OpenTab) -> None:
    page = open_tab(address)
    ask(page, WARM, expect=".cw-sources")

    page.click("[class*=st-key-thumbs] button >> nth=0")
    expect(page.get_by_text("Thank you for saying so.")).to_be_visible()
    page.get_by_text("Take it back").click()

    expect(page.get_by_text("Was this helpful?")).to_be_visible()
    expect(page.locator(".cw-answer")).to_have_count(1)


def test_a_reload_finds_the_conversation_and_another_tab_does_not(address: str, open_tab: OpenTab) -> None:
    page = open_tab(address)
    ask(page, WARM, expect=".cw-sources")
    page.wait_for_timeout(1000)

    page.reload()

    expect(page.locator(".cw-question")).to_have_text(WARM, timeout=60_000)
    other = open_tab(address)
    other.wait_for_selector(".st-key-examples")
    other.wait_for_timeout(1500)
    expect(other.locator(".cw-question")).to_have_count(0)


def test_an_article_chosen_after_a_reload_joins_the_conversation(address: str, open_tab: OpenTab) -> None:
    page = open_tab(address)
    ask(page, WARM, expect=".cw-sources")
    page.wait_for_timeout(1000)
    page.goto(f"{address}/library?article=gliding-strokes")

    page.click(".st-key-ask-article button")
    page.wait_for_selector(".cw-question")

    expect(page.locator(".st-key-within")).to_contain_text("Asking only: Strokes of classic massage")


def test_an_emergency_still_stands_after_a_reload(address: str, open_tab: OpenTab) -> None:
    page = open_tab(address)
    ask(page, NUMB, expect=".st-key-urgent .cw-emergency")
    page.wait_for_timeout(1000)

    page.reload()

    expect(page.locator(".st-key-urgent .cw-emergency")).to_be_visible(timeout=60_000)


def test_a_cleared_conversation_stays_cleared(address: str, open_tab: OpenTab) -> None:
    page = open_tab(address)
    ask(page, WARM, expect=".cw-sources")
    page.get_by_text("Clear conversation").click()
    page.wait_for_selector(".st-key-examples")

    page.reload()

    page.wait_for_selector(".st-key-examples")
    page.wait_for_timeout(1500)
    expect(page.locator(".cw-question")).to_have_count(0)


def test_the_conversation_is_kept_as_a_file_to_print(address: str, open_tab: OpenTab, tmp_path: Path) -> None:
    page = open_tab(address)
    ask(page, WARM, expect=".cw-sources")
    with page.expect_download() as started:
        page.get_by_text("Download to print").click()
    file = tmp_path / "conversation.html"
    started.value.save_as(file)

    kept = page.context.new_page()
    kept.goto(f"data:text/html;charset=utf-8,{file.read_text(encoding='utf-8').replace('#', '%23')}")

    expect(kept.locator("mark").first).to_be_visible()
    expect(kept.locator("h2")).to_have_text(WARM)


def test_pasted_megabytes_get_a_line_and_the_page_goes_on(address: str, open_tab: OpenTab) -> None:
    page = open_tab(address)
    page.evaluate("navigator.clipboard.writeText('my back hurts '.repeat(200000))")
    page.focus("[data-testid=stChatInputTextArea]")
    page.keyboard.press("Control+V")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Your question has 2,799,999 characters; 2,000 fit.")).to_be_visible(timeout=120_000)
    ask(page, WARM, expect=".cw-sources")
