"""Candidates made by hand, for tests of choosing and citing."""

from collections.abc import Sequence

from rag.chain.evidence import Candidate
from rag.types import ArticleId, Chunk, ChunkId, Span


def chunk_of(sentences: Sequence[str], *, name: str = "a", between: str = " ", mark: str = "") -> Chunk:
    """A passage at offset 10 of an article; `mark` stands before each sentence after the first."""
    text, spans, start = "", [], 10
    for place, sentence in enumerate(sentences):
        gap = "\n" if mark and text.endswith(":") else ""  # a blank line parts a lead-in from its list
        text += (gap + between + mark if place else "") + sentence
        spans.append(Span(start + len(text) - len(sentence), start + len(text)))
    return Chunk(
        chunk_id=ChunkId(name),
        article_id=ArticleId(f"article-{name}"),
        title=f"Title {name}",
        headings=("Heading",),
        text=text,
        span=Span(start, start + len(text)),
        sentences=tuple(spans),
    )


def candidates_of(chunk: Chunk, scores: Sequence[float]) -> list[Candidate]:
    """A candidate for each sentence of a passage, with the given scores, best first."""
    found = [
        Candidate(
            chunk=chunk,
            place=place,
            span=span,
            text=chunk.text[span.start - chunk.span.start : span.end - chunk.span.start],
            cosine=score,
            known=-1.0,
            words=0.0,
            passage=score,
            covers={},
            score=score,
        )
        for place, (span, score) in enumerate(zip(chunk.sentences, scores, strict=True))
    ]
    return sorted(found, key=lambda one: -one.score)
