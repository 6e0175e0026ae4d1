"""Read a saved web page into blocks: the article by its engine's names, else where trafilatura finds it."""

import json
from dataclasses import dataclass, replace
from typing import Any

import regex
from lxml import etree
from trafilatura.metadata import extract_metadata

from rag.errors import UnreadableFileError
from rag.ingest import chrome
from rag.ingest.blog_engines import PartOfPage, article_container
from rag.ingest.contacts import has_contact_details
from rag.ingest.html_tree import blocks_of, parse_html
from rag.ingest.located import located_blocks
from rag.ingest.raw_blocks import RawBlock, add_blocks
from rag.ingest.removed import MAX_PIECES, Reason, RemovedPieces
from rag.ingest.text_builder import TextBuilder, clean_line
from rag.types import BlockKind

MIN_WORDS = 5
"""A page whose article is shorter than this has none."""


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """What a page says about itself."""

    title: str | None = None
    url: str | None = None
    date: str | None = None
    author: str | None = None
    site: str | None = None


def html_blocks(raw: str, into: TextBuilder) -> HtmlPage:
    """Add the blocks of a page's article to `into`, and what was left out to its `removed`.

    Args:
        raw: the decoded page.
        into: receives headings, list items, table rows and paragraphs.

    Raises:
        UnreadableFileError: no article was found in the page.
    """
    tree = parse_html(raw)
    metadata = extract_metadata(parse_html(raw))
    inner = RemovedPieces()
    container = article_container(tree)
    if container is not None:
        blocks = blocks_of(container, skip=PartOfPage(container), removed=inner)
    else:
        blocks = located_blocks(raw, tree, inner)
    kept = without_furniture(blocks, inner)
    if sum(len(block.text.split()) for block in kept if block.kind is not BlockKind.HEADING) < MIN_WORDS:
        raise UnreadableFileError("no article text was found in the page; expected a page with paragraphs of text")
    page = _facts(tree, metadata)
    if page.author is None:
        page = replace(page, author=chrome.byline_author([block.text for block in blocks[:6]]))
    kept = [block for place, block in enumerate(kept) if place > 3 or not _is_byline(block, page)]
    add_blocks(kept, into)
    _report_outside(tree, {clean_line(page.title or ""), *(block.text for block in kept)}, inner, into.removed)
    return page


def fragment_blocks(raw: str, into: TextBuilder) -> None:
    """Add the blocks of an HTML fragment that is all article, as a feed carries it.

    Raises:
        UnreadableFileError: there is no text in it.
    """
    tree = parse_html(raw)
    add_blocks(without_furniture(blocks_of(tree, skip=PartOfPage(tree), removed=into.removed), into.removed), into)


def without_furniture(blocks: list[RawBlock], removed: RemovedPieces) -> list[RawBlock]:
    """Return the blocks without labels, buttons, comments and headings that nothing is left under."""
    kept: list[RawBlock] = []
    for place, block in enumerate(blocks):
        if chrome.is_comment_form(block.text):
            for rest in blocks[place:]:
                removed.add(rest.text, Reason.COMMENTS)
            break
        if block.kind is not BlockKind.TABLE_ROW and chrome.is_furniture(block.text):
            removed.add(block.text, Reason.CONTACT if has_contact_details(block.text) else Reason.FURNITURE)
        else:
            kept.append(block)
    while kept and kept[-1].kind is BlockKind.HEADING:
        removed.add(kept.pop().text, Reason.EMPTY_HEADING)
    return kept


def _facts(tree: etree._Element, metadata: Any) -> HtmlPage:  # noqa: ANN401 - trafilatura's Document
    if metadata is None:
        return HtmlPage()
    author = metadata.author or _author_in_data(tree)
    if author and (has_contact_details(author) or len(author) > 100):
        author = None
    title = metadata.title
    headings = [heading for heading in tree.iter("h1") if "".join(heading.itertext()).strip()]
    if title and len(headings) == 1:
        heading = clean_line("".join(headings[0].itertext()))
        if heading and title.startswith(heading):  # "Title - name of the site"
            title = heading
    return HtmlPage(title, metadata.url, metadata.date, author, metadata.sitename)


def _author_in_data(tree: etree._Element) -> str | None:
    """The author that structured data names (schema.org, JSON-LD)."""
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for entry in data if isinstance(data, list) else [data]:
            author = entry.get("author") if isinstance(entry, dict) else None
            author = author[0] if isinstance(author, list) and author else author
            name = author.get("name") if isinstance(author, dict) else author
            if isinstance(name, str) and name.strip():
                return clean_line(name)
    return None


def _is_byline(block: RawBlock, page: HtmlPage) -> bool:
    """The author's name or the date alone on a line at the top."""
    line = block.text.casefold().removeprefix("by ").strip(" ·•|,.")
    return block.kind is BlockKind.PARAGRAPH and (
        (page.author is not None and line == page.author.casefold())
        or bool(regex.fullmatch(r"(?:\w{3,9}\.? \d{1,2}|\d{1,2}\.? \w{3,9}),? \d{4}|\d{4}-\d\d-\d\d", line))
    )


def _report_outside(tree: etree._Element, inside: set[str], inner: RemovedPieces, removed: RemovedPieces) -> None:
    """Record what the page shows that is not in the article, with the reason where one is known."""
    known = {piece.text: piece.reason for piece in inner.pieces}
    outer = RemovedPieces()
    around = blocks_of(tree, skip=PartOfPage(tree), removed=outer)
    reported: set[str] = set()
    for piece in (*outer.pieces, *inner.pieces):
        if piece.text not in inside and piece.text not in reported:
            reported.add(piece.text)
            removed.add(piece.text, known.get(piece.text, piece.reason))
    swallowed = " ".join(reported)
    for block in around[:MAX_PIECES]:
        if block.text not in inside and block.text not in swallowed:
            removed.add(block.text, Reason.OUTSIDE)
