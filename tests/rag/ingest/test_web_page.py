"""A saved web page: the article stays, the page around it goes."""

import pytest

from rag.errors import UnreadableFileError
from rag.ingest.text_builder import TextBuilder
from rag.ingest.web_page import html_blocks
from tests.conftest import TINY_CORPUS

PAGE = (TINY_CORPUS / "sleep.html").read_text(encoding="utf-8")


def read(raw: str) -> str:
    builder = TextBuilder()
    html_blocks(raw, builder)
    return builder.text()


def removed_from(raw: str) -> list[str]:
    builder = TextBuilder()
    html_blocks(raw, builder)
    return [piece.text for piece in builder.removed.pieces]


def test_article_of_a_page_keeps_headings_and_paragraphs() -> None:
    text = read(PAGE)

    assert "## Which position is best?" in text
    assert "## Which pillow suits the neck?" in text
    assert "A pillow under the knees can help people who lie on the back." in text


@pytest.mark.parametrize("word", ["Home", "Shop", "Jane Doe", "jane@example.org", "Contact", "alert", "<"])
def test_page_furniture_goes(word: str) -> None:
    assert word not in read(PAGE)


def test_title_and_address_come_from_the_page() -> None:
    page = html_blocks(PAGE, TextBuilder())

    assert page.title == "Sleeping with back pain"
    assert page.url == "https://example.org/sleep"


def test_byline_is_kept_among_what_was_removed() -> None:
    assert any("Jane Doe" in line for line in removed_from(PAGE))


def test_comments_below_an_article_go() -> None:
    comments = "<h2>Leave a Reply</h2><p>Tom says that this page is the best of all pages he ever read.</p>"

    assert "Tom" not in read(PAGE.replace("</article>", comments + "</article>"))


@pytest.mark.parametrize(
    "raw",
    ["<html></html>", "<html><body><nav>Home Shop</nav></body></html>", "<!-- nothing -->", "<html><body>Hi</body>"],
)
def test_page_without_an_article_is_refused(raw: str) -> None:
    with pytest.raises(UnreadableFileError, match="no article text"):
        read(raw)
