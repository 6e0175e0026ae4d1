"""Put an article's text together block by block, keeping exact offsets."""

import os
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import regex

from rag.ingest.contacts import without_contact_details
from rag.ingest.removed import Reason, RemovedPieces
from rag.types import Block, BlockKind, Span

INVISIBLE = regex.compile(r"[\p{Cc}\p{Cf}\p{Co}\p{Cs}--[\u200c\u200d]]", regex.VERSION1)
"""Controls, formats (bidi marks, zero-width, soft hyphen) and private use; joiners are kept for scripts
that need them. Terminal escapes and direction overrides in an article would otherwise reach a reader."""


ESCAPED = regex.compile(r"[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]")
"""What a file's name shows as escapes: two names that differ must not print alike."""

LONG_WORD = regex.compile(r"[^\s\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]{1000,}+")
"""A run without spaces that no script with spaces has: data, or an attack on whatever looks at words."""


def clean_line(text: str) -> str:
    """Return the text on one line: NFC, no control or direction characters, single spaces."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    spaced = regex.sub(r"\s+", " ", text)
    return " ".join(unicodedata.normalize("NFC", INVISIBLE.sub("", spaced)).split())


def printable(path: Path | str) -> str:
    """Return a path on one line: control and direction characters and undecodable bytes are written as escapes."""
    name = os.fsencode(str(path)).decode("utf-8", "backslashreplace")
    return ESCAPED.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), name) or "(unnamed)"


@dataclass
class TextBuilder:
    """Collects blocks and the text they stand in.

    Headings are shown as `## Heading`, list items as `- item` or `1. item`; a block's span leaves that mark
    out, so that a quotation never carries it. Contact details of people and words too long to be words are
    taken out on the way and stand in `removed`.
    """

    parts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    length: int = 0
    removed: RemovedPieces = field(default_factory=RemovedPieces)

    def heading(self, text: str, level: int) -> None:
        """Add a heading of level 1 to 6."""
        self._add(BlockKind.HEADING, "#" * level + " ", text, level)

    def paragraph(self, text: str) -> None:
        """Add a paragraph."""
        self._add(BlockKind.PARAGRAPH, "", text, 0)

    def list_item(self, text: str, *, mark: str = "-", depth: int = 1) -> None:
        """Add a list item; `mark` is "-" or a number with a point, `depth` counts from 1."""
        self._add(BlockKind.LIST_ITEM, "  " * (depth - 1) + mark + " ", text, depth)

    def table_row(self, text: str) -> None:
        """Add a table row, already put into words."""
        self._add(BlockKind.TABLE_ROW, "", text, 0)

    def _add(self, kind: BlockKind, mark: str, text: str, level: int) -> None:
        line = self._admitted(clean_line(text))
        if not line:
            return
        tight = kind is BlockKind.LIST_ITEM and self.blocks and self.blocks[-1].kind is kind
        gap = "" if not self.parts else "\n" if tight else "\n\n"
        start = self.length + len(gap) + len(mark)
        self.parts.append(gap + mark + line)
        self.length = start + len(line)
        self.blocks.append(Block(kind=kind, span=Span(start, self.length), level=level))

    def _admitted(self, line: str) -> str:
        for word in LONG_WORD.findall(line):
            self.removed.add(word, Reason.LONG_WORD)
        line, gone = without_contact_details(" ".join(LONG_WORD.sub(" ", line).split()))
        for sentence in gone:
            self.removed.add(sentence, Reason.CONTACT)
        return line

    def text(self) -> str:
        """Return the text so far."""
        return "".join(self.parts)
