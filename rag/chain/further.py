"""Passages beside an answer: near the question, not quoted, for readers who want to read on."""

from collections.abc import Callable, Sequence

from rag.chain.citations import check_quote
from rag.chain.evidence import Candidate
from rag.chunk.windows import sentence_texts
from rag.errors import CitationError
from rag.index.store import IndexReader
from rag.types import Answer, Chunk, Hit, Passage

MOST_SHOWN = 8
"""Passages under an answer, quoted and further ones together. On the training half, 2026-11-22, the quoted ones alone
hold 0.84 of the expected facts, and with further ones 0.88 when six are shown, 0.91 with eight, 0.92 with ten; without
the questions that were written to be hard 0.91, 0.94, 0.98 and 0.98."""

LEAST_SHARE = 0.6
"""A further passage scores at least this share of the best one: that shows 7.1 passages instead of 8 and loses no
facts; 0.8 would show 5.1 and lose one in a hundred."""


def with_further(
    quoted: Sequence[Passage],
    hits: Sequence[Hit],
    candidates: Sequence[Candidate],
    reader: IndexReader,
    *,
    may_show: Callable[[Sequence[str]], bool],
) -> tuple[Passage, ...]:
    """Return the passages of an answer with further ones after them, which have no quotes.

    Args:
        quoted: the numbered passages that the answer quotes.
        hits: the passages found, best first.
        candidates: their sentences, best first.
        reader: the index that they are from.
        may_show: the safety layer's word on the sentences of a passage.
    """
    scores: dict[str, float] = {}
    for one in candidates:
        scores.setdefault(one.chunk.chunk_id, one.score)
    shown = {passage.chunk.chunk_id for passage in quoted}
    found = list(quoted)
    for hit in hits:
        if len(found) >= MOST_SHOWN or hit.score < LEAST_SHARE * hits[0].score:
            break
        if hit.chunk.chunk_id in shown or not _stands(hit.chunk, reader) or not may_show(sentence_texts(hit.chunk)):
            continue
        score = min(1.0, max(0.0, scores.get(hit.chunk.chunk_id, 0.0)))
        found.append(Passage(len(found) + 1, hit.chunk, (), score))
    return tuple(found)


def without_quotes(passages: Sequence[Passage], cited: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return those of the passages that are not cited as further ones, numbered after the cited ones."""
    shown = {passage.chunk.chunk_id for passage in cited}
    others = [passage for passage in passages if passage.chunk.chunk_id not in shown]
    return tuple(
        Passage(number, passage.chunk, (), passage.score) for number, passage in enumerate(others, start=len(cited) + 1)
    )


def quoted_passages(answer: Answer) -> tuple[Passage, ...]:
    """Return the passages that an answer's marks point to."""
    return tuple(passage for passage in answer.passages if passage.quotes)


def further_passages(answer: Answer) -> tuple[Passage, ...]:
    """Return the passages that stand beside an answer unquoted."""
    return tuple(passage for passage in answer.passages if not passage.quotes)


def _stands(chunk: Chunk, reader: IndexReader) -> bool:
    try:
        check_quote(reader.article(chunk.article_id), chunk.span, chunk.text)
    except CitationError:
        return False
    return True
