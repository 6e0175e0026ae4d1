"""Search by meaning, of passages and of single sentences, and by words, and merge the rankings."""

from dataclasses import dataclass
from enum import StrEnum

from rag.index.store import IndexReader
from rag.retrieve.fuse import reciprocal_rank_fusion
from rag.types import Encoder, Hit, Vectors

CANDIDATES = 100
"""Hits taken from each search before they are merged."""

SENTENCE_CANDIDATES = 200
"""Sentences taken; several belong to one passage, which counts at its best sentence."""


class Method(StrEnum):
    """How passages are ranked."""

    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class HybridRetriever:
    """Ranks chunks for a query by cosine, by BM25, or by several rankings fused. Safe to share between threads.

    Attributes:
        reader: the index to search.
        encoder: the model that the index was built with.
        method: which ranking to give.
    """

    reader: IndexReader
    encoder: Encoder
    method: Method = Method.HYBRID

    def retrieve(self, query: str, *, k: int) -> list[Hit]:
        """Return up to k hits, best first, ranks from 1."""
        vector = None if self.method is Method.LEXICAL else self.encoder.encode([query])
        return self.retrieve_with(query, vector, k=k)

    def retrieve_with(self, query: str, vector: Vectors | None, *, k: int) -> list[Hit]:
        """Return up to k hits for a query whose vector, shape (1, d), is known already."""
        depth = max(k, CANDIDATES)
        cosines = {} if vector is None else dict(self.reader.search_vectors(vector, k=depth))
        words = {} if self.method is Method.DENSE else dict(self.reader.search_words(query, k=depth))
        if self.method is Method.DENSE:
            scores = cosines
        elif self.method is Method.LEXICAL or vector is None:
            scores = words
        else:
            scores = reciprocal_rank_fusion([list(cosines), list(self._best_sentences(vector)), list(words)])
        rows = list(scores)[:k]
        chunks = self.reader.chunks(rows)
        stage = "fused" if self.method is Method.HYBRID else str(self.method)
        return [
            Hit(chunk=chunks[row], score=scores[row], rank=rank, stage=stage, cosine=cosines.get(row))
            for rank, row in enumerate(rows, start=1)
        ]

    def _best_sentences(self, vector: Vectors) -> dict[int, float]:
        """Passages by the cosine of their best sentence, best first."""
        best: dict[int, float] = {}
        for row, _, cosine in self.reader.search_sentences(vector, k=SENTENCE_CANDIDATES):
            best.setdefault(row, cosine)
        return best
