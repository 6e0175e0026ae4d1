"""Choose the passages that a chat model writes from."""

from collections.abc import Sequence

from rag.chain.citations import check_quote
from rag.chain.evidence import Candidate
from rag.errors import CitationError
from rag.index.store import IndexReader
from rag.types import Chunk, Hit

MAX_PASSAGES = 6
"""Passages that a chat model is given: about a thousand words, which small models can take."""


def material(chosen: Sequence[Candidate], hits: Sequence[Hit], reader: IndexReader) -> list[Chunk]:
    """Return the quoted passages and then the best other ones, each of which equals its article.

    Args:
        chosen: the sentences of the quoting answer.
        hits: the passages found, best first.
        reader: the index that they are from.
    """
    chunks = {chunk.chunk_id: chunk for chunk in (*(one.chunk for one in chosen), *(hit.chunk for hit in hits))}
    found: list[Chunk] = []
    for chunk in chunks.values():
        try:
            check_quote(reader.article(chunk.article_id), chunk.span, chunk.text)
        except CitationError:
            continue
        found.append(chunk)
        if len(found) == MAX_PASSAGES:
            break
    return found
