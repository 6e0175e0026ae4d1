"""Read a saved web page into blocks; trafilatura finds the article among the furniture."""

from dataclasses import dataclass

import trafilatura
from trafilatura.metadata import extract_metadata

from rag.errors import UnreadableFileError
from rag.ingest import chrome
from rag.ingest.markdown import markdown_blocks
from rag.ingest.text_builder import TextBuilder

MIN_WORDS = 5
"""A page whose article is shorter than this has none."""


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """What a page says about itself."""

    title: str | None
    url: str | None
    date: str | None
    author: str | None
    removed: tuple[str, ...]


def html_blocks(raw: str, into: TextBuilder) -> HtmlPage:
    """Add the blocks of a page's article to `into`.

    Args:
        raw: the decoded page.
        into: receives headings, list items, table rows and paragraphs.

    Raises:
        UnreadableFileError: no article was found in the page.
    """
    tree = trafilatura.load_html(raw)
    body = None
    if tree is not None:
        body = trafilatura.extract(
            tree, output_format="markdown", include_comments=False, include_tables=True, include_links=False
        )
    if tree is None or body is None or len(body.split()) < MIN_WORDS:
        raise UnreadableFileError("no article text was found in the page; expected a page with paragraphs of text")
    metadata = extract_metadata(trafilatura.load_html(raw))
    kept, removed = [], []
    for line in body.split("\n"):
        plain = line.strip(" #*-_>|")
        if plain and (chrome.is_furniture(plain) or chrome.has_contact_details(plain)):
            removed.append(plain)
        elif chrome.is_comment_form(plain):
            removed.append(plain)
            break
        else:
            kept.append(line)
    markdown_blocks("\n".join(kept), into)
    if metadata is None:
        return HtmlPage(None, None, None, None, tuple(removed))
    return HtmlPage(metadata.title, metadata.url, metadata.date, metadata.author, tuple(removed))
