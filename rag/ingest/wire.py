"""Requests to and replies from the reading process, as lines of JSON: nothing in a reply can be run."""

import datetime
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rag.errors import CorpusError, FrontMatterError, UnreadableFileError
from rag.ingest.limits import ReadingLimits
from rag.ingest.parse import FileContent
from rag.ingest.sitemap import Listed
from rag.types import Article, ArticleId, Block, BlockKind, Evidence, Reference, SectionNote, Span

_ERRORS: dict[str, type[CorpusError]] = {
    "FrontMatterError": FrontMatterError,
    "UnreadableFileError": UnreadableFileError,
}


def request_line(path: Path, root: Path | None, limits: ReadingLimits) -> bytes:
    """Return a request to read a file; names that are no Unicode pass as they are (PEP 383)."""
    fields = {"path": str(path), "root": None if root is None else str(root), "limits": asdict(limits)}
    return json.dumps(fields).encode("ascii") + b"\n"


def request_from(line: bytes) -> tuple[Path, Path | None, ReadingLimits]:
    """Return path, root and limits of a request."""
    fields = json.loads(line)
    root = fields["root"]
    return Path(fields["path"]), None if root is None else Path(root), ReadingLimits(**fields["limits"])


def content_line(content: FileContent) -> bytes:
    """Return a reply that holds what was read."""
    fields = {
        "articles": [_fields_of(article) for article in content.articles],
        "passed_over": content.passed_over,
        "listed": [asdict(page) for page in content.listed],
    }
    return json.dumps(fields, default=_tagged).encode("ascii") + b"\n"


def error_line(error: CorpusError) -> bytes:
    """Return a reply that says why nothing was read."""
    return json.dumps({"error": type(error).__name__, "reason": str(error)}).encode("ascii") + b"\n"


def content_from(line: bytes) -> FileContent:
    """Return what a reply holds.

    Raises:
        UnreadableFileError: the file was refused, or the reply is no reply.
        FrontMatterError: the file's header is malformed.
    """
    try:
        fields = json.loads(line, object_hook=_untagged)
        if "error" not in fields:
            return FileContent(
                tuple(_article_from(article) for article in fields["articles"]),
                tuple(str(title) for title in fields["passed_over"]),
                tuple(Listed(**page) for page in fields["listed"]),
            )
        kind, reason = fields["error"], str(fields["reason"])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise UnreadableFileError("the process that read it sent no usable reply; leave the file out") from error
    raise _ERRORS.get(kind, UnreadableFileError)(reason)


def _fields_of(article: Article) -> dict[str, Any]:
    fields = asdict(article)
    fields["blocks"] = [[block.kind, block.span.start, block.span.end, block.level] for block in article.blocks]
    return fields


def _article_from(fields: dict[str, Any]) -> Article:
    return Article(
        **{
            **fields,
            "article_id": ArticleId(fields["article_id"]),
            "blocks": tuple(
                Block(BlockKind(kind), Span(start, end), level) for kind, start, end, level in fields["blocks"]
            ),
            "references": tuple(Reference(**one) for one in fields["references"]),
            "notes": tuple(
                SectionNote(
                    one["heading"], Evidence(one["evidence"]) if one["evidence"] else None, tuple(one["questions"])
                )
                for one in fields["notes"]
            ),
        }
    )


def _tagged(value: object) -> dict[str, str]:
    """Dates are the only values of a header that JSON lacks; front matter admits no others."""
    if isinstance(value, datetime.datetime):
        return {"\x00datetime": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"\x00date": value.isoformat()}
    raise TypeError(type(value).__name__)


def _untagged(fields: dict[str, Any]) -> Any:  # noqa: ANN401 - a date or the fields themselves
    if "\x00datetime" in fields:
        return datetime.datetime.fromisoformat(fields["\x00datetime"])
    if "\x00date" in fields:
        return datetime.date.fromisoformat(fields["\x00date"])
    return fields
