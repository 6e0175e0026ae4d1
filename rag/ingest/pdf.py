"""Read a PDF document by the places of its words; only its text layer, never its scripts or attachments."""

import io
import logging
import warnings
from typing import Any

import pdfplumber
import regex
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from rag.errors import UnreadableFileError
from rag.ingest.draft import Draft
from rag.ingest.limits import ReadingLimits, setting
from rag.ingest.pdf_lines import TextLine, Word, reading_order
from rag.ingest.pdf_text import PageSize, blocks_of_lines
from rag.ingest.raw_blocks import RawBlock, add_blocks
from rag.ingest.tables import rows_in_words
from rag.ingest.text_builder import clean_line
from rag.types import BlockKind

MIN_WORDS_PER_PAGE = 1
_END_WITHIN = 65_536
"""The end mark stands at the end; some programs write a little after it."""

_UNMAPPED = regex.compile(r"\(cid:\d{1,6}\)")
"""A glyph that its font does not map to a character; in front of a line it is a bullet."""

_MADE_BY_PROGRAM = regex.compile(
    r"^(?:untitled|microsoft\s+word|document\d*$|slide\s+\d)|\.(?:docx?|pdf|indd|tex|qxd)$", regex.IGNORECASE
)


def read_pdf(content: bytes, limits: ReadingLimits) -> Draft:
    """Return the article in a PDF.

    Args:
        content: the file.
        limits: bound its pages.

    Raises:
        UnreadableFileError: it is encrypted, cut short, damaged, too long, or has no text layer.
    """
    if b"%PDF-" not in content[:1024]:
        raise UnreadableFileError("it is no PDF document; expected one that starts with %PDF")
    if b"%%EOF" not in content[-_END_WITHIN:]:
        raise UnreadableFileError("it is cut short: the end mark of a PDF is missing; copy it again")
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it warns about each oddity of a file
    draft = Draft()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with pdfplumber.open(io.BytesIO(content)) as document:
                lines, pages = _lines(document, limits)
                facts = dict(document.metadata or {})
        except PdfminerException as error:
            cause = error.args[0] if error.args else None
            if isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError):
                raise UnreadableFileError("it is encrypted; save it without a password") from error
            raise UnreadableFileError("it is damaged and cannot be parsed; save it again as PDF") from error
        except PDFEncryptionError as error:
            raise UnreadableFileError("it is encrypted; save it without a password") from error
    if not pages:
        raise UnreadableFileError("it has no pages that can be read; save it again as PDF")
    if not lines:
        raise UnreadableFileError("it has no text layer, as scanned pages have none; run text recognition on it first")
    blocks = blocks_of_lines(lines, pages, draft.builder.removed)
    draft.title = _stated(facts.get("Title")) or _largest_heading(blocks)
    draft.author = _stated(facts.get("Author"))
    made = regex.match(r"D:(\d{4})(\d\d)(\d\d)", str(facts.get("ModDate") or facts.get("CreationDate") or ""))
    draft.date = "-".join(made.groups()) if made else None
    add_blocks(blocks, draft.builder)
    return draft


def _lines(document: Any, limits: ReadingLimits) -> tuple[list[TextLine], list[PageSize]]:  # noqa: ANN401 - pdfplumber's document
    lines: list[TextLine] = []
    sizes: list[PageSize] = []
    for number, page in enumerate(document.pages):
        if number >= limits.max_pages:
            raise UnreadableFileError(
                f"has more than {limits.max_pages} pages; cut it into parts or raise {setting('max_pages')}"
            )
        sizes.append(PageSize(float(page.height)))
        tables = _tables(page)
        words = [word for word in _words(page) if not any(_inside(word, box) for box, _ in tables)]
        found = reading_order(words, number)
        for box, rows in tables:
            place = next((at for at, line in enumerate(found) if line.top > box[1] and line.left < box[2]), len(found))
            found[place:place] = [
                TextLine(row, box[0], box[2], box[1], box[3], 0.0, False, number, (box[0], box[2]), is_row=True)
                for row in rows
            ]
        lines += found
        page.close()
    return lines, sizes


def _words(page: Any) -> list[Word]:  # noqa: ANN401 - pdfplumber's page
    upright = page.extract_words(
        x_tolerance_ratio=0.15, keep_blank_chars=False, extra_attrs=["fontname", "size"], return_chars=False
    )
    return [
        Word(
            text=text,
            left=float(word["x0"]),
            right=float(word["x1"]),
            top=float(word["top"]),
            bottom=float(word["bottom"]),
            size=float(word["size"]),
            bold=bool(regex.search(r"bold|black|heavy|semibold", str(word["fontname"]), regex.IGNORECASE)),
        )
        for word in upright
        if (text := clean_line(_UNMAPPED.sub("•", str(word["text"]))))
        and word.get("upright", True)
        and float(word["size"]) > 1.0
    ]


def _tables(page: Any) -> list[tuple[tuple[float, float, float, float], list[str]]]:  # noqa: ANN401 - pdfplumber's page
    """Tables with ruled lines, each with its box and its rows in words."""
    if len(page.lines) + len(page.rects) + len(page.curves) not in range(3, 3000):
        return []  # none, or a drawing
    found = []
    for table in page.find_tables():
        rows = [[cell or "" for cell in row] for row in table.extract()]
        filled = sum(bool(cell.strip()) for row in rows for cell in row)
        if len(rows) >= 2 and max(len(row) for row in rows) >= 2 and filled >= 4:
            found.append((table.bbox, rows_in_words(rows)))
    return found


def _inside(word: Word, box: tuple[float, float, float, float]) -> bool:
    across, down = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _stated(value: object) -> str | None:
    """A title or author that a person wrote, not the name that a program left."""
    text = clean_line(value if isinstance(value, str) else "")
    return None if not text or len(text) > 200 or _MADE_BY_PROGRAM.search(text) or "@" in text else text


def _largest_heading(blocks: list[RawBlock]) -> str | None:
    headings = [block for block in blocks[:10] if block.kind is BlockKind.HEADING]
    return min(headings, key=lambda one: one.level).text if headings else None
