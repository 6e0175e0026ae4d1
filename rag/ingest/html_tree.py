"""Walk an HTML tree into blocks, without recursion: pages nest as deep as they like."""

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree, html

from rag.errors import UnreadableFileError
from rag.ingest.html_tables import is_data_table, table_rows
from rag.ingest.raw_blocks import RawBlock
from rag.ingest.removed import Reason, RemovedPieces
from rag.ingest.text_builder import clean_line
from rag.types import BlockKind

NEVER_TEXT = frozenset(
    "script style noscript template svg math canvas object embed audio video iframe map head link meta button select "
    "textarea input option datalist form dialog nav".split()
)
"""Elements whose text is code, a form or a menu."""

_BLOCKS = frozenset(
    "p div section article main aside header footer ul ol li dl dt dd table tbody thead tfoot tr td th caption "
    "blockquote pre figure figcaption h1 h2 h3 h4 h5 h6 hr address body html center fieldset details summary".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ul", "ol", "menu"))

MAX_ELEMENTS = 100_000
"""Elements of a page; the largest saved pages of blogs have some 20,000. Finding a page's date and title takes 30 s
for 200,000 (2026-11-22)."""

Skip = Callable[[etree._Element], Reason | None]
"""Says why an element and all within it is no part of the article; None when it is."""


def parse_html(raw: str) -> html.HtmlElement:
    """Return the tree of a page; scripts in it are never run and nothing it names is fetched.

    Raises:
        UnreadableFileError: there is nothing in it, or it nests deeper than any page.
    """
    if raw.count("<") > 3 * MAX_ELEMENTS:
        raise _too_many(raw.count("<") // 2)
    # Bytes, so that a declaration of another encoding inside the text is not believed a second time.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = html.document_fromstring(raw.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError("no article text was found in the page; expected a page with paragraphs") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise UnreadableFileError("its elements are nested more than 2048 deep; expected a page that a person wrote")
    count = sum(1 for _ in tree.iter())
    if count > MAX_ELEMENTS:
        raise _too_many(count)
    return tree


def _too_many(count: int) -> UnreadableFileError:
    return UnreadableFileError(f"holds {count} elements; expected a page of at most {MAX_ELEMENTS}; cut it into parts")


def blocks_of(
    root: etree._Element, *, skip: Skip | None = None, removed: RemovedPieces | None = None
) -> list[RawBlock]:
    """Return the blocks under an element, in order.

    Args:
        root: the element that holds the article.
        skip: tells what to leave out.
        removed: receives the text of what was left out.
    """
    walk = _Walk(removed if removed is not None else RemovedPieces())
    stack: list[tuple[etree._Element, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        if leaving:
            walk.leave(element)
            walk.words(element.tail)
            continue
        tag = tag_of(element)
        reason = _never(element, tag) if element is not root else None
        if reason is None and skip is not None and element is not root:
            reason = skip(element)
        if reason is not None or not tag:
            if reason is not None and tag not in ("script", "style", "head", "svg", "template", "noscript"):
                walk.removed.add(text_of(element), reason)
            walk.passed_over(tag)
            walk.words(element.tail)
            continue
        if tag == "table" and is_data_table(element):
            walk.table(element)
            walk.words(element.tail)
            continue
        walk.enter(element, tag)
        stack.append((element, True))
        if tag != "br":
            walk.words(element.text)
        stack.extend((child, False) for child in reversed(element))
    walk.flush()
    return walk.found


def text_of(element: etree._Element) -> str:
    """Return all the words in an element on one line, without code."""
    words = []
    for part in element.iter():
        if tag_of(part) in ("script", "style", "template"):
            continue
        words.append(part.text or "")
        if part is not element:
            words.append(" " if tag_of(part) in _BLOCKS or tag_of(part) == "br" else "")
            words.append(part.tail or "")
    return clean_line("".join(words))


def tag_of(element: etree._Element) -> str:
    """Return the name of an element in lower case without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1].lower() if isinstance(tag, str) else ""


def _never(element: etree._Element, tag: str) -> Reason | None:
    if tag in NEVER_TEXT:
        return Reason.NAVIGATION if tag == "nav" else Reason.FURNITURE
    if tag == "address":
        return Reason.CONTACT
    if tag in ("figcaption", "caption"):
        return Reason.CAPTION
    style = "".join((element.get("style") or "").lower().split())
    concealed = "display:none" in style or "visibility:hidden" in style or "font-size:0" in style
    if concealed or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return Reason.HIDDEN
    return None


@dataclass
class _Walk:
    """Where in the page the walk stands."""

    removed: RemovedPieces
    found: list[RawBlock] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    heading: int = 0
    lists: list[tuple[bool, int]] = field(default_factory=list)
    item_is_new: bool = False
    term: str = ""
    in_term: bool = False
    breaks: int = 0

    def words(self, text: str | None) -> None:
        """Take text that stands in the current block."""
        if text and text.strip():
            self.breaks = 0
        if text:
            self.pending.append(text)

    def passed_over(self, tag: str) -> None:
        """Part the words before a left-out block from those after it."""
        if tag in _BLOCKS or tag in NEVER_TEXT:
            self.flush()

    def enter(self, element: etree._Element, tag: str) -> None:
        """Open an element."""
        if tag == "br":
            self.breaks += 1
            if self.breaks > 1:
                self.flush()  # two line breaks part paragraphs on pages made without them
            else:
                self.pending.append(" ")
            return
        if tag not in _BLOCKS:
            return
        self.flush()
        if tag in _HEADINGS:
            self.heading = _HEADINGS[tag]
        elif tag in _LISTS:
            self.lists.append((tag == "ol", _start_of(element) - 1))
        elif tag == "li":
            ordered, number = self.lists.pop() if self.lists else (False, 0)
            self.lists.append((ordered, number + 1))
            self.item_is_new = True
        elif tag == "dt":
            self.in_term = True

    def leave(self, element: etree._Element) -> None:
        """Close an element."""
        tag = tag_of(element)
        if tag not in _BLOCKS:
            return
        self.flush()
        if tag in _HEADINGS:
            self.heading = 0
        elif tag in _LISTS and self.lists:
            self.lists.pop()
        elif tag == "li":
            self.item_is_new = False
        elif tag == "dt":
            self.in_term = False
        elif tag == "dl" and self.term:
            self.found.append(RawBlock(BlockKind.PARAGRAPH, self.term))
            self.term = ""

    def table(self, element: etree._Element) -> None:
        """Add the rows of a table of data."""
        self.flush()
        self.found.extend(RawBlock(BlockKind.TABLE_ROW, row) for row in table_rows(element, text_of))

    def flush(self) -> None:
        """Close the current block."""
        text = clean_line("".join(self.pending))
        self.pending.clear()
        self.breaks = 0
        if not text:
            return
        if self.heading:
            self.found.append(RawBlock(BlockKind.HEADING, text, self.heading))
        elif self.in_term:
            self.term = f"{self.term}, {text}" if self.term else text
        elif self.term:
            self.found.append(RawBlock(BlockKind.PARAGRAPH, f"{self.term.rstrip(':')}: {text}"))
            self.term = ""
        elif self.lists and self.item_is_new:
            ordered, number = self.lists[-1]
            mark = f"{number}." if ordered else "-"
            self.found.append(RawBlock(BlockKind.LIST_ITEM, text, len(self.lists), mark))
            self.item_is_new = False
        else:
            self.found.append(RawBlock(BlockKind.PARAGRAPH, text))


def _start_of(element: etree._Element) -> int:
    start = element.get("start") or "1"
    return int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1
