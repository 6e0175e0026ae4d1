"""Read Markdown into blocks: headings, paragraphs, list items, table rows; markup goes, words stay."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.errors import UnreadableFileError
from rag.ingest.tables import row_in_words
from rag.ingest.text_builder import TextBuilder

# Raw HTML in Markdown is dropped, never interpreted: an article needs none and it may carry scripts.
MAX_NESTING = 100
"""Lists in lists and quotations in quotations; the parser leaves out what is deeper, and nobody writes so."""

_PARSER = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING}).enable("table")


def markdown_blocks(body: str, into: TextBuilder) -> None:
    """Add the blocks of a Markdown body to `into`.

    Raises:
        UnreadableFileError: lists or quotations are nested so deep that the parser would leave words out.
    """
    walker = _Walker(into)
    for token in _PARSER.parse(body):
        if token.level >= MAX_NESTING - 1:
            raise UnreadableFileError(f"nests more than {MAX_NESTING - 1} deep; expected lists that a person wrote")
        walker.take(token)


@dataclass
class _Walker:
    """Where in the document the token stream stands."""

    into: TextBuilder
    heading_level: int = 0
    ordered: list[bool] = field(default_factory=list)
    ordinals: list[int] = field(default_factory=list)
    item_is_new: bool = False
    in_cell: bool = False
    in_header: bool = False
    columns: list[str] = field(default_factory=list)
    row: list[str] = field(default_factory=list)

    def take(self, token: Token) -> None:
        """Follow one token."""
        if token.type == "inline":
            self._words(_plain(token.children or ()))
        elif token.type in ("code_block", "fence"):
            self.into.paragraph(token.content)
        elif token.type.startswith(("bullet_list", "ordered_list", "list_item")):
            self._follow_list(token)
        elif token.type.startswith("heading"):
            self.heading_level = int(token.tag[1]) if token.nesting == 1 else 0
        else:
            self._follow_table(token)

    def _follow_list(self, token: Token) -> None:
        if token.type == "list_item_open":
            self.ordinals[-1] += 1
            self.item_is_new = True
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            self.ordered.append(token.type == "ordered_list_open")
            start = token.attrGet("start")
            self.ordinals.append((1 if start is None else int(start)) - 1)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.ordered.pop()
            self.ordinals.pop()

    def _follow_table(self, token: Token) -> None:
        if token.type in ("thead_open", "thead_close"):
            self.in_header = token.nesting == 1
        elif token.type == "tr_open":
            self.row = []
        elif token.type in ("th_open", "td_open", "th_close", "td_close"):
            self.in_cell = token.nesting == 1
        elif token.type == "tr_close" and self.in_header:
            self.columns = self.row
        elif token.type == "tr_close":
            self.into.table_row(row_in_words(self.columns, self.row))

    def _words(self, text: str) -> None:
        if self.in_cell:
            self.row.append(text)
        elif self.heading_level:
            self.into.heading(text, self.heading_level)
        elif self.ordered and self.item_is_new:
            mark = f"{self.ordinals[-1]}." if self.ordered[-1] else "-"
            self.into.list_item(text, mark=mark, depth=len(self.ordered))
            self.item_is_new = False
        else:
            self.into.paragraph(text)


def _plain(children: Sequence[Token]) -> str:
    """Words of inline tokens; link texts stay, targets, images and raw HTML go."""
    words = []
    for child in children:
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak") or child.content.lower().startswith("<br"):
            words.append(" ")
    return "".join(words)
