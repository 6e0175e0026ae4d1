"""Make an article of what a reader found: its id, title, digest, sources and limits."""

import hashlib
from pathlib import Path

import regex

from rag.errors import FrontMatterError, UnreadableFileError
from rag.ingest import front_matter
from rag.ingest.draft import Draft
from rag.ingest.limits import ReadingLimits, setting
from rag.ingest.text_builder import clean_line, printable
from rag.types import Article, ArticleId, BlockKind, Reference

READER_VERSION = "2"
"""Part of every article's digest: raise it when a reader yields other text for the same file."""

MAX_TITLE_CHARS = 200
MAX_AUTHOR_CHARS = 100

_ID_SEPARATOR = regex.compile(r"[^\p{L}\p{N}]+")


def article_id_for(name: str) -> ArticleId:
    """Return the id made of a file's stem or an entry's name: lower case, words joined by hyphens."""
    words = _ID_SEPARATOR.sub("-", name.lower()).strip("-")
    return ArticleId(
        words[:100].rstrip("-") or "article-" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
    )


def refuse_length(characters: int, limits: ReadingLimits) -> None:
    """Refuse a text that is longer than the limit.

    Raises:
        UnreadableFileError: it is.
    """
    if characters > limits.max_characters:
        raise UnreadableFileError(
            f"holds {characters} characters of text; expected at most {limits.max_characters}; "
            f"cut it into parts or raise {setting('max_characters')}"
        )


def _refuse_size(draft: Draft, limits: ReadingLimits) -> None:
    refuse_length(draft.builder.length, limits)
    headings = sum(block.kind is BlockKind.HEADING for block in draft.builder.blocks)
    for count, name, limit, field in (
        (headings, "headings", limits.max_headings, "max_headings"),
        (len(draft.builder.blocks), "paragraphs and list items", limits.max_blocks, "max_blocks"),
    ):
        if count > limit:
            raise UnreadableFileError(
                f"holds {count} {name}; expected at most {limit}; cut it into parts or raise {setting(field)}"
            )


def article_of(draft: Draft, content: bytes, path: Path, root: Path | None, limits: ReadingLimits) -> Article:
    """Return the article of a draft.

    Args:
        draft: what a reader found.
        content: the file's bytes, of which the digest is made.
        path: the file.
        root: the collection's folder; `Article.path` is relative to it.
        limits: bounds for text, headings and paragraphs.

    Raises:
        UnreadableFileError: it holds no paragraphs, or is beyond a limit.
        FrontMatterError: a field of the header is malformed.
    """
    _refuse_size(draft, limits)
    if not any(block.kind is not BlockKind.HEADING for block in draft.builder.blocks):
        taken = f" ({len(draft.builder.removed.pieces)} pieces were taken out)" if draft.builder.removed.pieces else ""
        raise UnreadableFileError(f"no paragraphs were found in the file{taken}; expected sentences of text")
    header = draft.header
    stated_id = front_matter.text_field(header, "id")
    if stated_id is not None and not regex.fullmatch(r"[\p{L}\p{N}][\p{L}\p{N}_.-]{0,99}", stated_id):
        raise FrontMatterError(f"id '{clean_line(stated_id[:40])}' is not usable; expected letters, digits and hyphens")
    title = clean_line(draft.title or clean_line(path.stem.replace("-", " ").replace("_", " ")))[
        :MAX_TITLE_CHARS
    ].strip()
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
