"""Read one file of any supported format into an `Article`."""

import hashlib
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import charset_normalizer
import regex

from rag.errors import CorpusError, FrontMatterError, UnreadableFileError
from rag.ingest import front_matter
from rag.ingest.markdown import markdown_blocks
from rag.ingest.plain_text import plain_text_blocks
from rag.ingest.text_builder import TextBuilder, clean_line, printable
from rag.ingest.web_page import html_blocks
from rag.types import Article, ArticleId, BlockKind

READER_VERSION = "1"
"""Part of every article's digest: raise it when a reader yields other text for the same file."""

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_TITLE_CHARS = 200

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ID_SEPARATOR = regex.compile(r"[^\p{L}\p{N}]+")


@dataclass
class Draft:
    """What a reader found: text, title and the fields of a header."""

    builder: TextBuilder
    title: str | None
    header: dict[str, object]
    url: str | None = None
    date: str | None = None
    removed: tuple[str, ...] = ()


def read_article(path: Path, *, root: Path | None = None) -> Article:
    """Return the article in a file.

    Args:
        path: a Markdown, text or HTML file.
        root: the collection's folder; `Article.path` is relative to it.

    Raises:
        UnreadableFileError: not a regular file, too large, empty, binary, or of no known format.
        FrontMatterError: the header is malformed.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFileError(
            f"'{path.suffix or 'no suffix'}' is not a known format; expected {', '.join(sorted(_READERS))}"
        )
    content = _bytes_of(path)
    try:
        draft = reader(_decode(content))
    except CorpusError:
        raise
    except (ValueError, RecursionError, LookupError, AttributeError, TypeError) as error:
        # Third-party parsers raise these on malformed input; one bad file must cost only itself.
        raise UnreadableFileError(f"the file cannot be parsed ({type(error).__name__})") from error
    return _article(draft, content, path, root)


def known_suffixes() -> tuple[str, ...]:
    """Return the suffixes that `read_article` accepts, lower case, with the point."""
    return tuple(sorted(_READERS))


def article_id_for(path: Path) -> ArticleId:
    """Return the id of a file: its stem in lower case, words joined by hyphens."""
    words = _ID_SEPARATOR.sub("-", path.stem.lower()).strip("-")
    return ArticleId(words or "article-" + hashlib.sha256(path.name.encode("utf-8", "replace")).hexdigest()[:8])


def _bytes_of(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFileError("not a regular file; expected a file with text")
        if status.st_size > MAX_FILE_BYTES:
            raise UnreadableFileError(f"holds {status.st_size} bytes; expected at most {MAX_FILE_BYTES}")
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UnreadableFileError(f"cannot be opened ({error.strerror})") from error
    if not content.strip():
        raise UnreadableFileError("the file is empty; expected text")
    return content


def _decode(content: bytes) -> str:
    """Return the text: by its byte order mark, else as UTF-8, else as the likeliest legacy encoding."""
    encoding = next((name for bom, name in _BOMS.items() if content.startswith(bom)), None)
    try:
        text = content.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        best = None if b"\x00" in content else charset_normalizer.from_bytes(content[:200_000]).best()
        if best is None:
            raise UnreadableFileError("the file is not text in any known encoding; save it as UTF-8") from None
        text = content.decode(best.encoding, errors="replace")
    if "\x00" in text:
        raise UnreadableFileError("the file holds NUL bytes, so it is binary; expected text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_markdown(raw: str) -> Draft:
    header, body, _ = front_matter.split_front_matter(raw)
    builder = TextBuilder()
    markdown_blocks(body, builder)
    first = builder.blocks[0] if builder.blocks else None
    title = front_matter.text_field(header, "title")
    if title is None and first is not None and first.kind is BlockKind.HEADING:
        title = builder.text()[first.span.start : first.span.end]
    return Draft(builder, title, header)


def _read_text(raw: str) -> Draft:
    header, body, _ = front_matter.split_front_matter(raw)
    builder = TextBuilder()
    if len(regex.findall(r"^#{1,6} \S", body, regex.MULTILINE)) >= 2:
        return _read_markdown(raw)
    found = plain_text_blocks(body, builder)
    return Draft(builder, front_matter.text_field(header, "title") or found.title, header, removed=found.removed)


def _read_html(raw: str) -> Draft:
    builder = TextBuilder()
    page = html_blocks(raw, builder)
    return Draft(builder, page.title, {}, url=page.url, date=page.date, removed=page.removed)


_READERS: dict[str, Callable[[str], Draft]] = {
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".txt": _read_text,
    ".text": _read_text,
    ".html": _read_html,
    ".htm": _read_html,
}


def _article(draft: Draft, content: bytes, path: Path, root: Path | None) -> Article:
    text = draft.builder.text()
    if not any(block.kind is not BlockKind.HEADING for block in draft.builder.blocks):
        raise UnreadableFileError("no paragraphs were found in the file; expected sentences of text")
    header = draft.header
    stated_id = front_matter.text_field(header, "id")
    if stated_id is not None and not regex.fullmatch(r"[\p{L}\p{N}][\p{L}\p{N}_.-]{0,99}", stated_id):
        raise FrontMatterError(f"id '{stated_id[:40]}' is not usable; expected letters, digits and hyphens")
    title = clean_line(draft.title or path.stem.replace("-", " ").replace("_", " "))[:MAX_TITLE_CHARS]
    inside = root is not None and path.is_relative_to(root)
    return Article(
        article_id=ArticleId(stated_id) if stated_id else article_id_for(path),
        title=title or "Untitled",
        text=text,
        blocks=tuple(draft.builder.blocks),
        digest=hashlib.sha256(READER_VERSION.encode() + b"\x00" + content).hexdigest(),
        path=printable(path.relative_to(root) if inside and root is not None else path.name),
        url=front_matter.text_field(header, "url") or draft.url,
        references=front_matter.references(header),
        notes=front_matter.section_notes(header),
        reviewed=front_matter.text_field(header, "reviewed"),
        reviewer=front_matter.text_field(header, "reviewer"),
        clinician_reviewed=front_matter.flag_field(header, "clinician_reviewed"),
        extra={**header, "removed": list(draft.removed), "page_date": draft.date},
    )
