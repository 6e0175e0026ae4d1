"""Ranking the tiny collection with the real model."""

from dataclasses import fields

import pytest

from rag.index.store import IndexReader
from rag.retrieve.hybrid import HybridRetriever, Method
from rag.types import Encoder

QUESTIONS = [
    ("Does warmth ease an aching back?", "warm-packs"),
    ("kneading the muscles in a massage", "gliding-strokes"),
    ("How should I lie in bed with backache?", "sleep"),
    ("Should I go for a walk when my leg hurts?", "walking"),
]
STAGES = {Method.HYBRID: "fused", Method.DENSE: "dense", Method.LEXICAL: "lexical"}


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize(("question", "article_id"), QUESTIONS)
def test_first_hit_is_of_the_article_that_answers(
    tiny_reader: IndexReader, encoder: Encoder, method: Method, question: str, article_id: str
) -> None:
    hits = HybridRetriever(tiny_reader, encoder, method).retrieve(question, k=3)

    if method is Method.LEXICAL and article_id == "sleep":
        assert article_id in {hit.chunk.article_id for hit in hits}  # other words for lying down: near is enough
    else:
        assert hits[0].chunk.article_id == article_id


@pytest.mark.parametrize("method", list(Method))
def test_ranks_count_from_one_and_scores_never_rise(tiny_reader: IndexReader, encoder: Encoder, method: Method) -> None:
    hits = HybridRetriever(tiny_reader, encoder, method).retrieve("warm packs for a sore back", k=4)

    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert {hit.stage for hit in hits} == {STAGES[method]}
    assert len({hit.chunk.chunk_id for hit in hits}) == len(hits)


def test_asking_twice_gives_the_same(tiny_reader: IndexReader, encoder: Encoder) -> None:
    one, two = (
        HybridRetriever(tiny_reader, encoder).retrieve("pillow for the neck", k=5),
        HybridRetriever(tiny_reader, encoder).retrieve("pillow for the neck", k=5),
    )

    assert one == two


def test_smaller_k_gives_the_head_of_a_larger_one(tiny_reader: IndexReader, encoder: Encoder) -> None:
    retriever = HybridRetriever(tiny_reader, encoder)

    assert retriever.retrieve("heat", k=2) == retriever.retrieve("heat", k=5)[:2]


def test_every_hit_of_the_hybrid_carries_its_cosine(tiny_reader: IndexReader, encoder: Encoder) -> None:
    hits = HybridRetriever(tiny_reader, encoder).retrieve("heat", k=50)

    assert len(hits) == tiny_reader.manifest.chunks
    assert all(hit.cosine is not None and -1 <= hit.cosine <= 1 for hit in hits)


def test_words_found_nowhere_give_no_lexical_hits(tiny_reader: IndexReader, encoder: Encoder) -> None:
    assert HybridRetriever(tiny_reader, encoder, Method.LEXICAL).retrieve("zyzzyva", k=5) == []


@pytest.mark.parametrize("query", ["", "   ", "?!", "\x00", "🙂", "word " * 2000])
def test_odd_query_raises_nothing(tiny_reader: IndexReader, encoder: Encoder, query: str) -> None:
    for method in Method:
        HybridRetriever(tiny_reader, encoder, method).retrieve(query, k=3)


class VeryLarge(IndexReader):
    """A reader of a collection whose sentences are too many to be searched whole."""

    @property
    def searches_sentences(self) -> bool:
        return False


def test_passage_counts_at_its_nearest_sentence_where_sentences_are_only_looked_up(
    tiny_reader: IndexReader, encoder: Encoder
) -> None:
    large = VeryLarge(**{field.name: getattr(tiny_reader, field.name) for field in fields(IndexReader)})

    for question, article_id in QUESTIONS:
        looked_up, searched = (HybridRetriever(one, encoder).retrieve(question, k=3) for one in (large, tiny_reader))
        assert looked_up[0].chunk.article_id == article_id
        # The tiny collection has fewer sentences than are taken from a search, so both see the nearest one of each.
        assert [hit.score for hit in looked_up] == pytest.approx([hit.score for hit in searched], abs=1e-5)


def test_nearest_sentences_are_those_of_each_passage(tiny_reader: IndexReader, encoder: Encoder) -> None:
    query = encoder.encode(["warm packs"])
    rows = tiny_reader.passages.all_rows()

    found = tiny_reader.nearest_sentences(query, rows)

    best: dict[int, float] = {}
    for row, _, cosine in tiny_reader.search_sentences(query, k=10_000):
        best.setdefault(row, cosine)
    assert found == pytest.approx(best, abs=1e-5)
