"""EPUB books: chapters in the order of the spine; covers, tables of contents and asides stay out."""

import pytest

from rag.errors import UnreadableFileError
from rag.ingest.epub import read_epub
from rag.ingest.limits import ReadingLimits
from tests.rag.ingest.documents import epub_file, packed

LIMITS = ReadingLimits()
CHAPTER = "<h1>Heat</h1><p>Warmth may&#160;help some people.</p>"


def text_of(content: bytes) -> str:
    return read_epub(content, LIMITS).builder.text()


def test_chapters_come_in_the_order_of_the_spine() -> None:
    assert text_of(epub_file({"b.xhtml": CHAPTER, "a.xhtml": "<h1>Cold</h1><p>Ice is cold.</p>"})) == (
        "# Heat\n\nWarmth may help some people.\n\n# Cold\n\nIce is cold."
    )


def test_cover_contents_and_asides_stay_out() -> None:
    chapters = {
        "cover.xhtml": "<p>A book</p>",
        "nav.xhtml": "<nav><ol><li>Heat</li></ol></nav>",
        "toc.xhtml": "<p>Heat 1</p>",
        "one.xhtml": CHAPTER,
        "notes.xhtml": "<p>An aside.</p>",
    }

    assert text_of(epub_file(chapters, aside=("notes.xhtml",))) == "# Heat\n\nWarmth may help some people."


def test_lists_and_tables_of_a_chapter_survive() -> None:
    table = "<table><tr><th>Way</th><th>Time</th></tr><tr><td>Heat</td><td>20</td></tr></table>"

    assert (
        text_of(epub_file({"one.xhtml": f"<ol><li>One step.</li></ol>{table}"}))
        == "1. One step.\n\nWay: Heat; Time: 20"
    )


def test_package_gives_title_author_and_date() -> None:
    draft = read_epub(epub_file({"one.xhtml": CHAPTER}), LIMITS)

    assert (draft.title, draft.author, draft.date) == ("A book of backs", "Jane Roe", "2021-02-03")


def test_protected_book_is_refused() -> None:
    content = epub_file(
        {"one.xhtml": CHAPTER}, **{"META-INF__encryption.xml": "<EncryptedData/>", "META-INF__rights.xml": "<r/>"}
    )

    with pytest.raises(UnreadableFileError, match="copy-protected"):
        read_epub(content, LIMITS)


@pytest.mark.parametrize("part", ["META-INF__container.xml", "OEBPS__book.opf"])
def test_entities_are_refused(part: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>'

    with pytest.raises(UnreadableFileError, match="entities"):
        read_epub(epub_file({"one.xhtml": CHAPTER}, **{part: bomb}), LIMITS)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (packed({"a.txt": "x"}), "no EPUB book"),
        (epub_file({"one.xhtml": CHAPTER})[:500], "damaged"),
        (b"PK", "damaged"),
    ],
)
def test_what_is_no_book_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        read_epub(content, LIMITS)


def test_chapter_outside_the_package_is_not_there() -> None:
    content = epub_file({"../../../etc/passwd": CHAPTER, "one.xhtml": "<p>Warm feet help.</p>"})

    assert text_of(content).endswith("Warm feet help.")
