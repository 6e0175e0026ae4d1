"""What the fuzz run found, once broken and now held."""

import time
from pathlib import Path

import pytest

from rag.errors import UnreadableFileError
from rag.ingest.limits import ReadingLimits
from rag.ingest.parse import parse_content
from tests.rag.ingest.documents import word_file


def test_case_folding_of_doubled_letters_takes_no_exponential_time() -> None:
    """Full case folding tries "ff" as one sign and as two, at each place; a line like this took minutes."""
    line = "Heat " + "û" * 36 + "f" * 90 + "û" * 36 + "> helps some people."
    started = time.perf_counter()
    for name in ("a.txt", "a.md"):
        parse_content(f"Words of an article.\n\n{line}\n".encode("cp1252"), Path(name), None, ReadingLimits())

    assert time.perf_counter() - started < 5


def test_part_of_a_word_document_that_is_no_xml_is_refused() -> None:
    """Its parser raises an error that is neither a ValueError nor any other usual one."""
    content = word_file(**{"word__document.xml": b"<w:document><w:body><w:p \xff\x01"})

    with pytest.raises(UnreadableFileError, match="ExpatError"):
        parse_content(content, Path("a.docx"), None, ReadingLimits())
