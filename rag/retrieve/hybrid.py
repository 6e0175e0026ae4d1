"""Search by meaning, of passages, single sentences and known questions, and by words; add the three up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from rag.index.store import IndexReader
from rag.retrieve.fuse import ranked
from rag.retrieve.known_chunks import KnownChunks
from rag.retrieve.spelling import Speller
from rag.retrieve.terms import TermWeights
from rag.retrieve.wording import Wording, reword
from rag.types import Encoder, Hit, Vectors

CANDIDATES = 100
"""Passages taken from each search before the scores are added."""

SENTENCE_CANDIDATES = 300
"""Sentences and questions taken; several belong to one passage, which counts at its nearest one."""

WORDS_WEIGHT = 0.7
"""Weight of the words beside the two cosines, and below, rewording. Measured on the training half, 2026-11-22, nDCG@10
on the collection and on the raw first article: equal-weight reciprocal rank fusion 0.664 and 0.807, added scores 0.733
and 0.843, with rewording 0.788 and 0.869. Between 0.5 and 0.8 the weight makes no difference beyond noise."""

BM25_CEILING = 2.2
"""k1 + 1: what a word adds at most, times its weight, so that a score over this times the weights is in [0, 1]."""


class Method(StrEnum):
    """How passages are ranked."""

    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query ready to be searched.

    Attributes:
        text: as it was given.
        wording: mended, and in the words of articles.
        vector: embedding of the wordings, shape (1, d).
    """

    text: str
    wording: Wording
    vector: Vectors


@dataclass(frozen=True, slots=True)
class HybridRetriever:
    """Ranks chunks for a query by cosine, by BM25, or by both. Safe to share between threads.

    The hybrid score is the cosine of the passage, plus the cosine of its nearest sentence or known question, plus
    the share of the query's words, by weight, that it holds. The share is measured against all of the query's
    words, also those that occur nowhere: when a reader's words are not the article's, the words say little and
    count little.

    Attributes:
        reader: the index to search.
        encoder: the model that the index was built with.
        method: which ranking to give; only the hybrid one mends and translates the query.
        words_weight: weight of the words beside the cosines in the hybrid ranking.
        weights: how telling words are in this index.
        speller: mends words against this index.
        known: its chunks.
    """

    reader: IndexReader
    encoder: Encoder
    method: Method = Method.HYBRID
    words_weight: float = WORDS_WEIGHT
    weights: TermWeights = field(init=False)
    speller: Speller = field(init=False)
    known: KnownChunks = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", TermWeights(self.reader))
        object.__setattr__(self, "speller", Speller(self.reader))
        object.__setattr__(self, "known", KnownChunks(self.reader))

    def prepare(self, text: str) -> SearchQuery:
        """Return a query with its wordings and their vector."""
        return self.prepare_all([text])[0]

    def prepare_all(self, texts: Sequence[str]) -> list[SearchQuery]:
        """Return a query for each text; all wordings of all of them are embedded in one batch."""
        wordings = [self._worded(text) for text in texts]
        vectors = self._embedded(*(form for one in wordings for form in one.forms))
        return [_query(text, (wording,), vectors) for text, wording in zip(texts, wordings, strict=True)]

    def prepare_with_given(self, text: str, *, latest: str | None = None) -> tuple[SearchQuery, Vectors]:
        """Return a query, and the embedding of the text as it was given, shape (1, d).

        Searching does not need the second, and each further wording adds a third to the time of the first.

        Args:
            text: what to search for, self-contained.
            latest: the end of it that was asked last; its meaning then counts as much as that of the whole, which the
                question before it would else outweigh.
        """
        wordings = tuple(self._worded(one) for one in (text, latest) if one is not None)
        vectors = self._embedded(text, *(form for one in wordings for form in one.forms))
        return _query(text, wordings, vectors), vectors[text][None, :]

    def _worded(self, text: str) -> Wording:
        return reword(text, self.speller) if self.method is Method.HYBRID else Wording(text, text)

    def _embedded(self, *texts: str) -> dict[str, Vectors]:
        """The vector of each different text, shape (d,), all embedded in one batch."""
        different = list(dict.fromkeys(texts))
        if not different:
            return {}
        return dict(zip(different, self.encoder.encode([one or " " for one in different]), strict=True))

    def retrieve(self, query: str, *, k: int) -> list[Hit]:
        """Return up to k hits, best first, ranks from 1."""
        if self.method is Method.LEXICAL:
            return self._hits(dict(self.reader.search_words(query, k=k)), {}, k)
        return self.retrieve_for(self.prepare(query), k=k)

    def retrieve_for(self, query: SearchQuery, *, k: int) -> list[Hit]:
        """Return up to k hits for a prepared query, best first, ranks from 1."""
        depth = max(k, CANDIDATES)
        cosines = dict(self.reader.search_vectors(query.vector, k=depth))
        if self.method is Method.DENSE:
            return self._hits(cosines, cosines, k)
        words = dict(self.reader.search_words(query.wording.translated, k=depth))
        return self._hits(self._added(query, cosines, words), cosines, k)

    def _hits(self, scores: Mapping[int, float], cosines: Mapping[int, float], k: int) -> list[Hit]:
        rows = list(scores)[:k]
        chunks = self.known.chunks(rows)
        stage = "fused" if self.method is Method.HYBRID else str(self.method)
        return [
            Hit(chunk=chunks[row], score=scores[row], rank=rank, stage=stage, cosine=cosines.get(row))
            for rank, row in enumerate(rows, start=1)
        ]

    def _added(self, query: SearchQuery, cosines: dict[int, float], words: Mapping[int, float]) -> dict[int, float]:
        """Scores of all passages that any search found, best first; `cosines` is filled up for all of them."""
        if self.reader.searches_sentences:
            found = self.reader.search_sentences(query.vector, k=SENTENCE_CANDIDATES)
            nearest = {row: cosine for row, _, cosine in reversed(found)}  # the best of a passage comes last and stays
        else:
            nearest = self.reader.nearest_sentences(query.vector, sorted({*cosines, *words}))
        rows = sorted({*cosines, *words, *nearest})
        missing = [row for row in rows if row not in cosines]
        if missing:
            further = self.reader.vectors.vectors(missing) @ query.vector[0]
            cosines.update(zip(missing, further.tolist(), strict=True))
        ceiling = BM25_CEILING * sum(self.weights.weights(query.wording.translated).values()) or 1.0
        # A passage none of whose sentences came near counts as if its best one were as near as the passage itself.
        return ranked(
            {
                row: cosines[row] + nearest.get(row, cosines[row]) + self.words_weight * words.get(row, 0.0) / ceiling
                for row in rows
            }
        )


def _query(text: str, wordings: Sequence[Wording], vectors: Mapping[str, Vectors]) -> SearchQuery:
    """A query of which the first wording is the whole; its vector lies between those of all, by these of texts."""
    between = sum((_unit(vectors[one.mended] + vectors[one.translated]) for one in wordings), np.float32(0))
    return SearchQuery(text, wordings[0], _unit(np.asarray(between))[None, :].astype(np.float32))


def _unit(vector: Vectors) -> Vectors:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
