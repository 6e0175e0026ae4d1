"""Markdown into blocks: markup goes, words stay, nothing is executed."""

import pytest

from rag.errors import UnreadableFileError
from rag.ingest.markdown import markdown_blocks
from rag.ingest.text_builder import TextBuilder
from rag.types import BlockKind


def blocks_of(body: str) -> list[tuple[BlockKind, int, str]]:
    """Kind, level and words of each block."""
    builder = TextBuilder()
    markdown_blocks(body, builder)
    text = builder.text()
    return [(block.kind, block.level, text[block.span.start : block.span.end]) for block in builder.blocks]


def text_of(body: str) -> str:
    builder = TextBuilder()
    markdown_blocks(body, builder)
    return builder.text()


def test_headings_keep_their_level() -> None:
    assert blocks_of("# One\n\n### Three\n\nTwo\n---\n\nWords.") == [
        (BlockKind.HEADING, 1, "One"),
        (BlockKind.HEADING, 3, "Three"),
        (BlockKind.HEADING, 2, "Two"),
        (BlockKind.PARAGRAPH, 0, "Words."),
    ]


def test_wrapped_lines_are_one_paragraph() -> None:
    assert blocks_of("One line\nand the next.\n\nAnother.") == [
        (BlockKind.PARAGRAPH, 0, "One line and the next."),
        (BlockKind.PARAGRAPH, 0, "Another."),
    ]


def test_nested_list_items_are_blocks_of_their_own_with_their_depth() -> None:
    assert blocks_of("- outer\n  - inner\n- second\n") == [
        (BlockKind.LIST_ITEM, 1, "outer"),
        (BlockKind.LIST_ITEM, 2, "inner"),
        (BlockKind.LIST_ITEM, 1, "second"),
    ]


def test_list_marks_stand_in_the_text_but_outside_the_blocks() -> None:
    assert text_of("Lead:\n\n- outer\n  - inner\n- second\n") == "Lead:\n\n- outer\n  - inner\n- second"


def test_ordered_list_keeps_its_numbers() -> None:
    assert text_of("3. third\n4. fourth\n") == "3. third\n4. fourth"


def test_ordered_list_may_start_at_nought() -> None:
    assert text_of("0. nought\n1. one\n") == "0. nought\n1. one"


def test_second_paragraph_of_an_item_is_a_paragraph() -> None:
    assert blocks_of("- first\n\n  more of it\n") == [
        (BlockKind.LIST_ITEM, 1, "first"),
        (BlockKind.PARAGRAPH, 0, "more of it"),
    ]


def test_table_rows_name_their_columns() -> None:
    table = "| Way | Minutes |\n|---|---|\n| Heat | 20 |\n| Ice |  |\n"

    assert blocks_of(table) == [
        (BlockKind.TABLE_ROW, 0, "Way: Heat; Minutes: 20"),
        (BlockKind.TABLE_ROW, 0, "Way: Ice"),
    ]


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("**Bold** and *slanted* and `code`.", "Bold and slanted and code."),
        ("See [the guide](https://example.org/guide).", "See the guide."),
        ("Before ![a picture](https://example.org/x.png) after.", "Before after."),
        ("Ends here.  \nNew line.", "Ends here. New line."),
        (r"5 \* 3 and &amp; and &lt;", "5 * 3 and & and <"),
        ("Words <b>in</b> tags<br>here.", "Words in tags here."),
        ("> Quoted words.", "Quoted words."),
        ("    indented block", "indented block"),
    ],
)
def test_inline_markup_goes_and_words_stay(markup: str, words: str) -> None:
    assert text_of(markup) == words


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert('x')</script>\n\nSafe words.",
        "<div onclick=\"alert('x')\">\nalert\n</div>\n\nSafe words.",
        "<style>body {display: none} /* alert */</style>\n\nSafe words.",
        "<!-- alert -->\n\nSafe words.",
    ],
)
def test_raw_html_blocks_are_dropped_whole(markup: str) -> None:
    assert text_of(markup) == "Safe words."


def test_no_blocks_come_from_an_empty_body() -> None:
    assert blocks_of("\n \n") == []


def test_list_of_twelve_levels_keeps_its_innermost_item() -> None:
    body = "\n".join("  " * depth + f"- level {depth + 1}" for depth in range(12))

    assert blocks_of(body)[-1] == (BlockKind.LIST_ITEM, 12, "level 12")


def test_absurd_nesting_is_refused_or_read_whole() -> None:
    with pytest.raises(UnreadableFileError, match="nests more than"):
        blocks_of("> " * 2000 + "deep")
    assert blocks_of("[" * 900 + "deep")[0][2].endswith("[deep")
