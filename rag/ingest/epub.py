"""Read an EPUB book: its chapters in reading order, as one article."""

import posixpath
from urllib.parse import unquote, urlsplit

from rag.errors import UnreadableFileError
from rag.ingest.decode import decode
from rag.ingest.draft import Draft
from rag.ingest.html_tree import blocks_of, parse_html
from rag.ingest.limits import ReadingLimits
from rag.ingest.packed import PackedDocument, words_of
from rag.ingest.raw_blocks import add_blocks
from rag.ingest.removed import Reason
from rag.types import BlockKind

MAX_CHAPTERS = 2_000
_CONTAINER = "META-INF/container.xml"
_PAGES = ("application/xhtml+xml", "text/html")
_NOT_TEXT = ("cover", "toc", "nav", "copyright", "titlepage", "title-page", "colophon", "index")
"""Parts of a book that are not its text, by the names of their files and their place in the guide."""


def read_epub(content: bytes, limits: ReadingLimits) -> Draft:
    """Return a book as one article, its chapters under their headings.

    Args:
        content: the file.
        limits: bound what it unpacks to.

    Raises:
        UnreadableFileError: it is damaged, protected, too large when unpacked, or defines XML entities.
    """
    packed = PackedDocument(content, limits)
    if "META-INF/encryption.xml" in packed.names() and b"EncryptedData" in (
        packed.read("META-INF/encryption.xml") or b""
    ):
        if "META-INF/rights.xml" in packed.names():
            raise UnreadableFileError("it is copy-protected; expected a book without protection")
    container = packed.xml(_CONTAINER)
    place = next((one.get("full-path") for one in _all(container, "rootfile") if one.get("full-path")), None)
    package = packed.xml(place) if place else None
    if place is None or package is None:
        raise UnreadableFileError("it is no EPUB book; its container names no package")
    draft = Draft(title=words_of(package, "title"), author=words_of(package, "creator"))
    draft.date = (words_of(package, "date") or "")[:10] or None
    draft.site = words_of(package, "publisher")
    for name in _chapters(package, posixpath.dirname(place)):
        chapter = packed.read(name)
        if chapter is None or not chapter.strip():
            continue
        blocks = blocks_of(parse_html(decode(chapter, declares=True)), removed=draft.builder.removed)
        if _is_front_matter(name) and not any(len(block.text.split()) > 40 for block in blocks):
            for block in blocks:
                draft.builder.removed.add(block.text, Reason.CONTENTS)
        elif any(block.kind is not BlockKind.HEADING for block in blocks) or len(blocks) == 1:
            add_blocks(blocks, draft.builder)
    return draft


def _chapters(package, folder: str) -> list[str]:  # type: ignore[no-untyped-def]  # noqa: ANN001 - an XML element
    """The pages of the spine, in order, without the ones marked as aside and the table of contents."""
    pages: dict[str, str] = {}
    for item in _all(package, "item"):
        wanted = item.get("media-type") in _PAGES and "nav" not in (item.get("properties") or "").split()
        if wanted and item.get("id") and item.get("href"):
            path = unquote(urlsplit(item.get("href")).path)
            pages[item.get("id")] = posixpath.normpath(posixpath.join(folder, path))
    order = [one.get("idref") for one in _all(package, "itemref") if one.get("linear") != "no"]
    return list(dict.fromkeys(pages[one] for one in order if one in pages))[:MAX_CHAPTERS]


def _all(root, name: str) -> list:  # type: ignore[no-untyped-def, type-arg]  # noqa: ANN001 - XML elements
    if root is None:
        return []
    return [one for one in root.iter() if isinstance(one.tag, str) and one.tag.rsplit("}", 1)[-1] == name]


def _is_front_matter(name: str) -> bool:
    stem = posixpath.splitext(posixpath.basename(name))[0].lower()
    return any(
        stem == part or stem.startswith((f"{part}-", f"{part}_")) or stem.endswith(f"_{part}") for part in _NOT_TEXT
    )
