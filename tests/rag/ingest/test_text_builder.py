"""Putting a text together: exact offsets, and no character that could harm a terminal or mislead an eye."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.text_builder import TextBuilder, clean_line
from rag.types import Block, BlockKind, Span


def test_blocks_point_at_their_words_without_marks() -> None:
    builder = TextBuilder()
    builder.heading("Heat", 2)
    builder.paragraph("Try it:")
    builder.list_item("warm", depth=1)
    builder.list_item("hot", mark="1.", depth=2)

    assert builder.text() == "## Heat\n\nTry it:\n\n- warm\n  1. hot"
    assert builder.blocks == [
        Block(BlockKind.HEADING, Span(3, 7), 2),
        Block(BlockKind.PARAGRAPH, Span(9, 16), 0),
        Block(BlockKind.LIST_ITEM, Span(20, 24), 1),
        Block(BlockKind.LIST_ITEM, Span(30, 33), 2),
    ]


def test_block_without_words_is_left_out() -> None:
    builder = TextBuilder()
    builder.paragraph(" \u200b\n")

    assert (builder.text(), builder.blocks) == ("", [])


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("red \x1b[31malarm\x1b[0m", "red [31malarm[0m"),
        ("title\x07\x1b]0;owned\x07", "title]0;owned"),
        ("abc\u202edef\u202c", "abcdef"),
        ("a\u2066b\u2069\u200e\u200fc", "abc"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tab\tand\nline\u2028end", "tab and line end"),
        ("no\u00a0break", "no break"),
        ("cafe\u0301", "caf\u00e9"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_invisible_characters_are_taken_out(raw: str, clean: str) -> None:
    assert clean_line(raw) == clean


@given(st.text(), st.text())
def test_every_block_holds_its_cleaned_words(first: str, second: str) -> None:
    builder = TextBuilder()
    builder.paragraph(first)
    builder.list_item(second)
    text = builder.text()

    found = [text[block.span.start : block.span.end] for block in builder.blocks]
    assert found == [line for line in (clean_line(first), clean_line(second)) if line]


@given(st.text())
def test_cleaning_twice_changes_nothing_more(raw: str) -> None:
    once = clean_line(raw)

    assert clean_line(once) == once
    assert not any(character in once for character in "\x1b\x00\n\r\u202e\u2066")
