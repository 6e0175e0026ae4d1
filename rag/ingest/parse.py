"""Parse one file of any supported format into its articles, in this process.

Callers outside this package go through `rag.ingest.read`, which puts risky formats into a separate process.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import regex

from rag.errors import CorpusError, UnreadableFileError
from rag.ingest import front_matter
from rag.ingest.decode import decode
from rag.ingest.draft import Draft
from rag.ingest.files import signature
from rag.ingest.finish import article_of, refuse_length
from rag.ingest.limits import ReadingLimits
from rag.ingest.markdown import markdown_blocks
from rag.ingest.plain_text import plain_text_blocks
from rag.ingest.sitemap import Listed, listed_pages
from rag.ingest.text_builder import printable
from rag.types import Article, BlockKind

RAW_PER_TEXT = 4
"""Characters of a file for each character of its text, at most."""

PLAIN = frozenset((".md", ".markdown", ".txt", ".text"))
"""Formats whose parsers are simple enough for this process while the file is small and tame."""

_MARKDOWN_HEADING = regex.compile(r"^#{1,6} \S", regex.MULTILINE)


@dataclass(frozen=True, slots=True)
class FileContent:
    """What a file holds.

    Attributes:
        articles: one for most formats; a feed or export holds many.
        passed_over: titles of entries in a feed that hold no article text.
        listed: addresses in a site's map, which holds no articles.
    """

    articles: tuple[Article, ...] = ()
    passed_over: tuple[str, ...] = ()
    listed: tuple[Listed, ...] = ()


def parse_content(content: bytes, path: Path, root: Path | None, limits: ReadingLimits) -> FileContent:
    """Return what a file holds.

    Args:
        content: the file's bytes.
        path: its place; the suffix says the format.
        root: the collection's folder; `Article.path` is relative to it.
        limits: bounds for text, headings, pages and entries.

    Raises:
        UnreadableFileError: it is binary, damaged, beyond a limit, or holds no text.
        FrontMatterError: the header is malformed.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise unknown_format(path)
    try:
        drafts, passed, listed = FORMATS[suffix](content, limits)
        articles = tuple(article_of(draft, content, path, root, limits) for draft in drafts)
    except CorpusError:
        raise
    except Exception as error:
        # Parsers of other projects raise whatever they like on malformed input; one bad file must cost only itself.
        kind = "needs more memory than allowed" if isinstance(error, MemoryError) else "cannot be parsed"
        raise UnreadableFileError(f"the file {kind} ({type(error).__name__}); save it again or leave it out") from error
    return FileContent(articles, tuple(passed), tuple(listed))


def known_suffixes() -> tuple[str, ...]:
    """Return the suffixes that are read, lower case, with the point."""
    return tuple(sorted(FORMATS))


def unknown_format(path: Path) -> UnreadableFileError:
    """Return the refusal of a file whose suffix is not known."""
    suffix = printable(path.suffix[:20]) if path.suffix else "no suffix"
    return UnreadableFileError(f"'{suffix}' is not a known format; expected {', '.join(known_suffixes())}")


def _markdown(raw: str, limits: ReadingLimits) -> Draft:
    header, body, _ = front_matter.split_front_matter(raw)
    _refuse_raw_length(len(body), limits)
    draft = Draft(header=header)
    markdown_blocks(body, draft.builder)
    first = draft.builder.blocks[0] if draft.builder.blocks else None
    draft.title = front_matter.text_field(header, "title")
    if draft.title is None and first is not None and first.kind is BlockKind.HEADING:
        draft.title = draft.builder.text()[first.span.start : first.span.end]
    return draft


def _plain_text(raw: str, limits: ReadingLimits) -> Draft:
    header, body, _ = front_matter.split_front_matter(raw)
    if len(_MARKDOWN_HEADING.findall(body)) >= 2:
        return _markdown(raw, limits)
    _refuse_raw_length(len(body), limits)
    draft = Draft(header=header)
    found = plain_text_blocks(body, draft.builder)
    draft.title = front_matter.text_field(header, "title") or found.title
    return draft


Parts = tuple[list[Draft], list[str], list[Listed]]


def _read_plain(reader: Callable[[str, ReadingLimits], Draft]) -> Callable[[bytes, ReadingLimits], Parts]:
    def read(content: bytes, limits: ReadingLimits) -> Parts:
        _refuse_signature(content)
        return [reader(decode(content), limits)], [], []

    return read


# Their libraries are imported only when a file needs them: most collections are Markdown alone.


def _read_html(content: bytes, limits: ReadingLimits) -> Parts:
    from rag.ingest.web_page import html_blocks

    _refuse_signature(content)
    draft = Draft()
    page = html_blocks(decode(content, declares=True), draft.builder)
    draft.title, draft.url, draft.date = page.title, page.url, page.date
    draft.author, draft.site = page.author, page.site
    return [draft], [], []


def _read_xml(content: bytes, limits: ReadingLimits) -> Parts:
    from rag.ingest.feed import feed_drafts, is_feed, is_sitemap, parse_xml

    _refuse_signature(content)
    root = parse_xml(content)
    if is_sitemap(root):
        return [], [], listed_pages(root)
    if not is_feed(root):
        raise UnreadableFileError("it is neither a feed (RSS, Atom, a WordPress export) nor a site's map")
    drafts, passed = feed_drafts(root, limits)
    if not drafts:
        raise UnreadableFileError("no entry of the feed holds the text of an article; expected full texts, not teasers")
    return drafts, passed, []


def _read_pdf(content: bytes, limits: ReadingLimits) -> Parts:
    from rag.ingest.pdf import read_pdf

    return [read_pdf(content, limits)], [], []


def _read_word(content: bytes, limits: ReadingLimits) -> Parts:
    from rag.ingest.word import read_word

    return [read_word(content, limits)], [], []


def _read_epub(content: bytes, limits: ReadingLimits) -> Parts:
    from rag.ingest.epub import read_epub

    return [read_epub(content, limits)], [], []


FORMATS: dict[str, Callable[[bytes, ReadingLimits], Parts]] = {
    ".md": _read_plain(_markdown),
    ".markdown": _read_plain(_markdown),
    ".txt": _read_plain(_plain_text),
    ".text": _read_plain(_plain_text),
    ".html": _read_html,
    ".htm": _read_html,
    ".xhtml": _read_html,
    ".xml": _read_xml,
    ".rss": _read_xml,
    ".atom": _read_xml,
    ".pdf": _read_pdf,
    ".docx": _read_word,
    ".epub": _read_epub,
}


def _refuse_signature(content: bytes) -> None:
    found = signature(content)
    if found is None:
        return
    kind, suffixes = found
    advice = f"name it {suffixes}" if suffixes else "expected text"
    raise UnreadableFileError(f"the file is {kind} (binary) under the suffix of a text; {advice}")


def _refuse_raw_length(characters: int, limits: ReadingLimits) -> None:
    """Bound what reaches a parser; markup, addresses and embedded data may make a file longer than its text."""
    refuse_length(characters // RAW_PER_TEXT, limits)
