"""Parse one file of any supported format into its articles, in this process.

Callers outside this package go through `rag.ingest.read`, which puts risky formats into a separate process.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import regex

from rag.errors import CorpusError, FrontMatterError, UnreadableFileError
from rag.ingest import front_matter
from rag.ingest.decode import decode
from rag.ingest.draft import Draft
from rag.ingest.files import signature
from rag.ingest.limits import ReadingLimits, setting
from rag.ingest.markdown import markdown_blocks
from rag.ingest.plain_text import plain_text_blocks
from rag.ingest.sitemap import Listed, listed_pages
from rag.ingest.text_builder import clean_line, printable
from rag.types import Article, ArticleId, BlockKind, Reference

READER_VERSION = "2"
"""Part of every article's digest: raise it when a reader yields other text for the same file."""

RAW_PER_TEXT = 4
"""Characters of a file for each character of its text, at most."""

MAX_TITLE_CHARS = 200
MAX_AUTHOR_CHARS = 100

PLAIN = frozenset((".md", ".markdown", ".txt", ".text"))
"""Formats whose parsers are simple enough for this process while the file is small and tame."""

_ID_SEPARATOR = regex.compile(r"[^\p{L}\p{N}]+")
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
        articles = tuple(_article(draft, content, path, root, limits) for draft in drafts)
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


def article_id_for(name: str) -> ArticleId:
    """Return the id made of a file's stem or an entry's name: lower case, words joined by hyphens."""
    words = _ID_SEPARATOR.sub("-", name.lower()).strip("-")
    return ArticleId(words[:100].rstrip("-") or "article-" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8])


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
    _refuse_length(characters // RAW_PER_TEXT, limits)


def _refuse_length(characters: int, limits: ReadingLimits) -> None:
    if characters > limits.max_characters:
        raise UnreadableFileError(
            f"holds {characters} characters of text; expected at most {limits.max_characters}; "
            f"cut it into parts or raise {setting('max_characters')}"
        )


def _refuse_size(draft: Draft, limits: ReadingLimits) -> None:
    _refuse_length(draft.builder.length, limits)
    headings = sum(block.kind is BlockKind.HEADING for block in draft.builder.blocks)
    for count, name, limit, field in (
        (headings, "headings", limits.max_headings, "max_headings"),
        (len(draft.builder.blocks), "paragraphs and list items", limits.max_blocks, "max_blocks"),
    ):
        if count > limit:
            raise UnreadableFileError(
                f"holds {count} {name}; expected at most {limit}; cut it into parts or raise {setting(field)}"
            )


def _article(draft: Draft, content: bytes, path: Path, root: Path | None, limits: ReadingLimits) -> Article:
    _refuse_size(draft, limits)
    if not any(block.kind is not BlockKind.HEADING for block in draft.builder.blocks):
        taken = f" ({len(draft.builder.removed.pieces)} pieces were taken out)" if draft.builder.removed.pieces else ""
        raise UnreadableFileError(f"no paragraphs were found in the file{taken}; expected sentences of text")
    header = draft.header
    stated_id = front_matter.text_field(header, "id")
    if stated_id is not None and not regex.fullmatch(r"[\p{L}\p{N}][\p{L}\p{N}_.-]{0,99}", stated_id):
        raise FrontMatterError(f"id '{clean_line(stated_id[:40])}' is not usable; expected letters, digits and hyphens")
    title = clean_line(draft.title or clean_line(path.stem.replace("-", " ").replace("_", " ")))[:MAX_TITLE_CHARS].strip()
    url = front_matter.text_field(header, "url") or draft.url
    inside = root is not None and path.is_relative_to(root)
    author = clean_line(draft.author or front_matter.text_field(header, "author") or "")[:MAX_AUTHOR_CHARS]
    date = front_matter.text_field(header, "date") or draft.date
    return Article(
        article_id=ArticleId(stated_id) if stated_id else article_id_for(draft.name or path.stem),
        title=title or "Untitled",
        text=draft.builder.text(),
        blocks=tuple(draft.builder.blocks),
        digest=hashlib.sha256(READER_VERSION.encode() + b"\x00" + (draft.identity or content)).hexdigest(),
        path=printable(path.relative_to(root) if inside and root is not None else path.name),
        url=clean_line(url) if url else None,
        references=front_matter.references(header) or _own_source(author or draft.site, title, date, url),
        notes=front_matter.section_notes(header),
        reviewed=front_matter.text_field(header, "reviewed"),
        reviewer=front_matter.text_field(header, "reviewer"),
        clinician_reviewed=front_matter.flag_field(header, "clinician_reviewed"),
        extra={
            **header,
            "author": author or None,
            "published": date,
            "removed": [{"text": piece.text, "reason": str(piece.reason)} for piece in draft.builder.removed.pieces],
        },
    )


def _own_source(who: str | None, title: str, date: str | None, url: str | None) -> tuple[Reference, ...]:
    """The article as its own source: who wrote or published it, its title and year."""
    if not who:
        return ()
    name = clean_line(who)[:MAX_AUTHOR_CHARS]
    return (Reference(key=name, who=name, document=title or "Untitled", year=(date or "n.d.")[:4], url=url),)
