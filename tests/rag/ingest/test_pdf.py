"""PDF documents: columns in reading order, running lines gone, broken words whole, headings and tables kept."""

import re

import pytest

from rag.errors import UnreadableFileError
from rag.ingest.draft import Draft
from rag.ingest.limits import ReadingLimits
from rag.ingest.pdf import read_pdf
from rag.ingest.removed import Reason
from rag.types import BlockKind
from tests.rag.ingest.documents import PdfFile

LEFT = (
    "Many people with back pain get better within",
    "weeks and with simple means. Heat packs help",
    "some of them, and gentle walking does no harm",
    "to nearly anybody who starts slowly and stiff-",
    "ness often eases. A self-",
    "help group suits those who like to talk.",
)
RIGHT = (
    "Cold packs have been tested less well. Choose",
    "by what feels better. A towel between pack and",
    "skin protects it. Keep sessions short and look",
    "at the skin now and then. Stop when it hurts",
    "more than before, and ask a pharmacist about",
    "cold packs when the skin stays red.",
)
LEFT_TEXT = (
    "Many people with back pain get better within weeks and with simple means. Heat packs help some of them, and "
    "gentle walking does no harm to nearly anybody who starts slowly and stiffness often eases. A self-help group "
    "suits those who like to talk."
)
RIGHT_TEXT = (
    "Cold packs have been tested less well. Choose by what feels better. A towel between pack and skin protects it. "
    "Keep sessions short and look at the skin now and then. Stop when it hurts more than before, and ask a pharmacist "
    "about cold packs when the skin stays red."
)


def two_columns(pages: int = 3) -> bytes:
    file = PdfFile(title="Microsoft Word - paper.docx", author="Jane Roe")
    for number in range(1, pages + 1):
        file.page.line("Journal of Warm Backs, volume 3", 60, 30, size=8)
        if number == 1:
            file.page.line("Heat and cold for sore backs", 60, 60, size=18, bold=True)
            file.page.line("A line in short that runs over both of the columns of the page.", 60, 90)
        file.page.line(f"Part {number} of the paper", 60, 115, size=12, bold=True)
        file.page.lines(LEFT, 60, 140)
        file.page.lines(RIGHT, 320, 140)
        file.page.line("www.example.org", 60, 800, size=8)
        file.page.line(str(number), 300, 815, size=8)
        file.end_page()
    return file.content()


def read(content: bytes, limits: ReadingLimits | None = None) -> Draft:
    return read_pdf(content, limits or ReadingLimits())


def blocks_of(draft: Draft) -> list[tuple[BlockKind, str]]:
    text = draft.builder.text()
    return [(block.kind, text[block.span.start : block.span.end]) for block in draft.builder.blocks]


def test_columns_are_read_one_after_the_other_and_broken_words_are_whole() -> None:
    parts = [
        block
        for number in (1, 2, 3)
        for block in (
            (BlockKind.HEADING, f"Part {number} of the paper"),
            (BlockKind.PARAGRAPH, LEFT_TEXT),
            (BlockKind.PARAGRAPH, RIGHT_TEXT),
        )
    ]

    assert blocks_of(read(two_columns())) == [
        (BlockKind.HEADING, "Heat and cold for sore backs"),
        (BlockKind.PARAGRAPH, "A line in short that runs over both of the columns of the page."),
        *parts,
    ]


def test_running_lines_and_page_numbers_are_reported() -> None:
    removed = [(piece.text, piece.reason) for piece in read(two_columns(2)).builder.removed.pieces]

    assert removed == [
        ("Journal of Warm Backs, volume 3", Reason.RUNNING_LINE),
        ("www.example.org", Reason.RUNNING_LINE),
        ("1", Reason.PAGE_NUMBER),
        ("Journal of Warm Backs, volume 3", Reason.RUNNING_LINE),
        ("www.example.org", Reason.RUNNING_LINE),
        ("2", Reason.PAGE_NUMBER),
    ]


def test_title_is_the_largest_heading_when_a_program_named_the_file() -> None:
    draft = read(two_columns(1))

    assert (draft.title, draft.author) == ("Heat and cold for sore backs", "Jane Roe")


def test_stated_title_is_taken() -> None:
    file = PdfFile(title="Warm backs")
    file.page.line("Heat helps some people.", 60, 100)

    assert read(file.content()).title == "Warm backs"


def test_paragraphs_are_told_by_the_space_between_them() -> None:
    file = PdfFile()
    below = file.page.lines(["Heat helps some people with back pain and it", "does no harm."], 60, 100)
    file.page.lines(["Cold has been tested less well than heat and", "may help too."], 60, below + 8)

    assert read(file.content()).builder.text() == (
        "Heat helps some people with back pain and it does no harm.\n\n"
        "Cold has been tested less well than heat and may help too."
    )


def test_sentence_goes_on_over_the_end_of_a_page() -> None:
    file = PdfFile()
    file.page.lines(["Heat helps some people with back", "pain, and it usually does no"], 60, 600)
    file.end_page()
    file.page.lines(["harm when it is used with care."], 60, 150)

    assert read(file.content()).builder.text() == (
        "Heat helps some people with back pain, and it usually does no harm when it is used with care."
    )


def test_lists_keep_their_items() -> None:
    file = PdfFile()
    file.page.lines(
        ["Try these ways:", "1. Warm the water first and test", "it with the elbow.", "2. Dry the toes."], 60, 100
    )
    file.page.lines(["- a towel", "- a basin"], 60, 160)

    assert read(file.content()).builder.text() == (
        "Try these ways:\n\n1. Warm the water first and test it with the elbow.\n2. Dry the toes.\n- a towel\n- a basin"
    )


def test_ruled_table_gives_rows_that_name_their_columns() -> None:
    file = PdfFile()
    file.page.line("Ways and times stand in the table.", 60, 100)
    file.page.table([["Way", "Minutes"], ["Heat", "20"], ["Ice", "10"]], 60, 130)
    file.page.line("They are averages.", 60, 220)

    assert read(file.content()).builder.text() == (
        "Ways and times stand in the table.\n\nWay: Heat; Minutes: 20\n\nWay: Ice; Minutes: 10\n\nThey are averages."
    )


def looping_pages() -> bytes:
    """Page trees that hold themselves, and a cross-reference table that follows itself."""
    objects = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[2 0 R 3 0 R]/Count 9999999/Parent 2 0 R>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources 3 0 R>>endobj\n",
        b"4 0 obj<</Length 4 0 R/Filter[/FlateDecode/FlateDecode]>>stream\nx\nendstream endobj\n",
    ]
    body = b"%PDF-1.4\n" + b"".join(objects)
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 5/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    return body + table % (len(body), len(body))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (two_columns(1)[:-200], "cut short"),
        (two_columns(1)[:400], "cut short"),
        (b"%PDF-1.7\n%%EOF\n", "damaged|no pages|no text"),
        (b"words that are no PDF %%EOF", "no PDF document"),
        (looping_pages(), "damaged|no pages|no text|cannot"),
        (re.sub(rb"startxref\s+\d+", b"startxref\n0", two_columns(1))[:900] + b"%%EOF", "damaged|no pages|no text"),
    ],
    ids=["end cut off", "half", "nothing", "no pdf", "looping", "broken"],
)
def test_damaged_document_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        read(content)


def test_encrypted_document_is_refused_with_what_to_do() -> None:
    file = PdfFile(password="x")  # noqa: S106 - of a test document
    file.page.line("Secret words.", 60, 100)

    with pytest.raises(UnreadableFileError, match="encrypted; save it without a password"):
        read(file.content())


def test_page_without_text_is_refused_as_scanned() -> None:
    file = PdfFile()
    file.page.table([["", ""], ["", ""]], 60, 100)

    with pytest.raises(UnreadableFileError, match="text recognition"):
        read(file.content())


def test_more_pages_than_the_limit_are_refused() -> None:
    with pytest.raises(UnreadableFileError, match=r"more than 2 pages.*CITEWELL_CORPUS__MAX_PAGES"):
        read(two_columns(3), ReadingLimits(max_pages=2))
