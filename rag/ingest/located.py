"""Find the article of a page by no engine we know: trafilatura says which paragraphs belong to it.

trafilatura alone leaves out headings, short lists and tables of small pages; between its first and last paragraph
everything that is no furniture is taken.
"""

import trafilatura
from lxml import etree

from rag.ingest.blog_engines import PartOfPage
from rag.ingest.html_tree import blocks_of
from rag.ingest.raw_blocks import RawBlock
from rag.ingest.removed import Reason, RemovedPieces
from rag.ingest.text_builder import clean_line
from rag.types import BlockKind

MIN_ANCHOR_WORDS = 4
"""A shorter piece of trafilatura's text could stand anywhere on the page."""


def located_blocks(raw: str, tree: etree._Element, removed: RemovedPieces) -> list[RawBlock]:
    """Return the blocks of a page's article; none when trafilatura finds no article.

    Args:
        raw: the page.
        tree: the parsed page.
        removed: receives what stands within the article's place and is no part of it.
    """
    document = trafilatura.bare_extraction(raw, include_comments=False, include_tables=True, include_links=False)
    body = getattr(document, "body", None)
    if body is None:
        return []
    texts = {
        clean_line("".join(element.itertext()))
        for element in body.iter()
        if element.tag not in ("body", "list", "table")
    }
    anchors = {text for text in texts if len(text.split()) >= MIN_ANCHOR_WORDS}
    pieces = RemovedPieces()
    blocks = blocks_of(tree, skip=PartOfPage(tree), removed=pieces)
    places = [place for place, block in enumerate(blocks) if block.text in anchors]
    if not places:
        # Its paragraphs are cut otherwise than the page's: what it says is the article all the same.
        return blocks_of(_as_html(body), removed=removed)
    first, last = places[0], places[-1] + 1
    while first > 0 and blocks[first - 1].kind is BlockKind.HEADING:
        first -= 1
    while last < len(blocks) and blocks[last].kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW):
        last += 1
    for piece in pieces.pieces:
        removed.add(piece.text, piece.reason)
    for block in (*blocks[:first], *blocks[last:]):
        removed.add(block.text, Reason.OUTSIDE)
    return blocks[first:last]


_TEI = {"list": "ul", "item": "li", "row": "tr", "cell": "td", "lb": "br", "quote": "blockquote", "code": "pre"}
"""trafilatura's names for elements, which are those of the Text Encoding Initiative, in HTML."""


def _as_html(body: etree._Element) -> etree._Element:
    for element in body.iter():
        if element.tag == "head":
            element.tag = element.get("rend") or "h2"
        elif element.tag == "list" and element.get("rend") == "ol":
            element.tag = "ol"
        elif element.tag == "cell" and element.get("role") == "head":
            element.tag = "th"
        else:
            element.tag = _TEI.get(element.tag, element.tag)
    return body
