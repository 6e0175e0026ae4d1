"""Word documents: headings, lists, tables and properties; bombs, entities and passwords are refused."""

from collections.abc import Sequence

import pytest

from rag.errors import UnreadableFileError
from rag.ingest.draft import Draft
from rag.ingest.limits import ReadingLimits
from rag.ingest.removed import Reason
from rag.ingest.word import read_word
from tests.rag.ingest.documents import packed, word_file, word_paragraph, word_table

LIMITS = ReadingLimits()
BODY = (word_paragraph("Warm feet help."),)


def read(*body: str) -> Draft:
    return read_word(word_file(*body), LIMITS)


def test_headings_lists_and_paragraphs_keep_their_kind() -> None:
    draft = read(
        word_paragraph("Ways", "Heading2"),
        word_paragraph("Try one of these:"),
        word_paragraph("wool socks", list_number=1),
        word_paragraph("First warm the water.", list_number=2),
        word_paragraph("Then dry the toes.", list_number=2),
    )

    assert draft.builder.text() == (
        "## Ways\n\nTry one of these:\n\n- wool socks\n1. First warm the water.\n2. Then dry the toes."
    )


def test_rows_of_a_table_name_their_columns() -> None:
    draft = read(word_table([["Way", "Minutes"], ["Heat", "20"], ["Ice", "10"]]))

    assert draft.builder.text() == "Way: Heat; Minutes: 20\n\nWay: Ice; Minutes: 10"


def test_properties_give_title_author_and_date() -> None:
    draft = read(*BODY)

    assert (draft.title, draft.author, draft.date) == ("Warm feet", "Jane Roe", "2024-05-06")


def test_contact_details_go_and_the_rest_of_the_paragraph_stays() -> None:
    draft = read(word_paragraph("Walk daily. Call Jane on 020 7946 0958. Rest at night."))

    assert draft.builder.text() == "Walk daily. Rest at night."
    assert [piece.reason for piece in draft.builder.removed.pieces] == [Reason.CONTACT]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04" + b"\x00" * 40, "damaged"),
        (word_file(*BODY)[:-40], "damaged"),
        (word_file(*BODY)[:300], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "encrypted or of the old .doc format"),
        (packed({"notes.txt": "An archive of something else."}), "no Word document"),
        (packed({"[Content_Types].xml": "<Types/>"}), "lacks parts"),
    ],
)
def test_what_is_no_sound_word_document_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        read_word(content, LIMITS)


ENTITIES: Sequence[str] = (
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
)


@pytest.mark.parametrize("entity", ENTITIES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["word__document.xml", "docProps__core.xml", "word__styles.xml"])
def test_entities_are_refused_in_every_part(entity: str, encoding: str, part: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?>{entity}<x>&a;</x>'.encode(encoding)

    with pytest.raises(UnreadableFileError, match="entities"):
        read_word(word_file(*BODY, **{part: content}), LIMITS)


def test_document_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = word_file(*BODY, word__media__x=b"\x00" * (3 * 1024 * 1024))
    assert len(bomb) < 20_000

    with pytest.raises(UnreadableFileError, match="unpacks to"):
        read_word(bomb, ReadingLimits(max_unpacked_mb=2))


def test_one_part_that_is_too_large_for_a_tree_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="a part of it holds"):
        read_word(word_file(*BODY, **{"word__big.xml": b" " * (26 * 1024 * 1024)}), LIMITS)


def test_pictures_and_links_to_files_are_not_opened() -> None:
    drawing = (
        '<w:p><w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="r9"/>'
        "</w:drawing></w:r></w:p>"
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" '
        'Type="x/image" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    )

    draft = read_word(word_file(*BODY, drawing, **{"word___rels__document.xml.rels": relations}), LIMITS)

    assert draft.builder.text() == "Warm feet help."
