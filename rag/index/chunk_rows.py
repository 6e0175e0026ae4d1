"""Turn chunks and articles into plain rows of text and JSON, and back."""

import hashlib
import json
from dataclasses import asdict, fields
from typing import Any

from rag.types import (
    Article,
    ArticleId,
    Block,
    BlockKind,
    Chunk,
    ChunkId,
    Evidence,
    Reference,
    SectionNote,
    Span,
)

_STORED = (Article, Block, Chunk, Reference, SectionNote, Span)


def layout_id(schema: str) -> str:
    """Return the identity of what rows hold under a database schema: it changes with every stored field."""
    names = [[kind.__name__, *(field.name for field in fields(kind))] for kind in _STORED]
    return hashlib.sha256(json.dumps([schema, names]).encode()).hexdigest()[:16]


def chunk_metadata(chunk: Chunk) -> dict[str, Any]:
    """Return everything about a chunk but its id and text, as JSON values."""
    return {
        "article_id": chunk.article_id,
        "title": chunk.title,
        "headings": list(chunk.headings),
        "start": chunk.span.start,
        "end": chunk.span.end,
        "sentences": [[span.start, span.end] for span in chunk.sentences],
        "questions": list(chunk.questions),
        "url": chunk.url,
        "evidence": str(chunk.evidence) if chunk.evidence else None,
        "reviewed": chunk.reviewed,
        "clinician_reviewed": chunk.clinician_reviewed,
    }


def chunk_from(chunk_id: str, text: str, metadata: dict[str, Any]) -> Chunk:
    """Return the chunk of a stored row; the inverse of `chunk_metadata`."""
    return Chunk(
        chunk_id=ChunkId(chunk_id),
        article_id=ArticleId(metadata["article_id"]),
        title=metadata["title"],
        headings=tuple(metadata["headings"]),
        text=text,
        span=Span(metadata["start"], metadata["end"]),
        sentences=tuple(Span(start, end) for start, end in metadata["sentences"]),
        questions=tuple(metadata["questions"]),
        url=metadata["url"],
        evidence=Evidence(metadata["evidence"]) if metadata["evidence"] else None,
        reviewed=metadata["reviewed"],
        clinician_reviewed=metadata["clinician_reviewed"],
    )


def article_json(article: Article) -> str:
    """Return an article, without the header fields that only checks use, as one JSON text."""
    fields = asdict(article)
    fields.pop("extra")
    fields["blocks"] = [[block.kind, block.span.start, block.span.end, block.level] for block in article.blocks]
    fields["topics"] = article.extra.get("topic")
    return json.dumps(fields, ensure_ascii=False, default=str)


def article_from(text: str) -> Article:
    """Return the article of a stored JSON text; the inverse of `article_json`."""
    fields = json.loads(text)
    topics = fields.pop("topics")
    return Article(
        **{
            **fields,
            "blocks": tuple(
                Block(BlockKind(kind), Span(start, end), level) for kind, start, end, level in fields["blocks"]
            ),
            "references": tuple(Reference(**reference) for reference in fields["references"]),
            "notes": tuple(
                SectionNote(
                    note["heading"],
                    Evidence(note["evidence"]) if note["evidence"] else None,
                    tuple(note["questions"]),
                )
                for note in fields["notes"]
            ),
            "extra": {"topic": topics},
        }
    )
