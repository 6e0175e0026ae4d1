"""Blocks as a reader finds them, before page furniture is taken out and offsets are fixed."""

from collections.abc import Iterable
from dataclasses import dataclass

from rag.ingest.text_builder import TextBuilder
from rag.types import BlockKind


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A heading, paragraph, list item or table row.

    Attributes:
        kind: what it is.
        text: its words, on one line.
        level: 1 to 6 for a heading, the depth from 1 for a list item.
        mark: "-" or a number with a point, for a list item.
    """

    kind: BlockKind
    text: str
    level: int = 1
    mark: str = "-"


def add_blocks(blocks: Iterable[RawBlock], into: TextBuilder) -> None:
    """Add blocks to an article's text."""
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            into.heading(block.text, block.level)
        elif block.kind is BlockKind.LIST_ITEM:
            into.list_item(block.text, mark=block.mark, depth=block.level)
        elif block.kind is BlockKind.TABLE_ROW:
            into.table_row(block.text)
        else:
            into.paragraph(block.text)
