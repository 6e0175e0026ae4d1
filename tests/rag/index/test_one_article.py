"""An index as if it held one article."""

from rag.index.one_article import one_article
from rag.index.store import IndexReader
from rag.types import ArticleId, Encoder


def test_every_search_stays_in_the_article(tiny_reader: IndexReader, encoder: Encoder) -> None:
    query = encoder.encode(["Do warm packs help a sore back?"])
    part = one_article(tiny_reader, ArticleId("gliding-strokes"))
    rows = set(tiny_reader.passages.rows_of("gliding-strokes"))

    found = part.search_vectors(query, k=50)

    assert {row for row, _ in found} == rows
    assert {row for row, _, _ in part.search_sentences(query, k=50)} <= rows
    assert {row for row, _ in part.search_words("petrissage warm packs back", k=50)} <= rows
    assert part.search_words("petrissage", k=5)


def test_scores_are_those_of_the_whole_index(tiny_reader: IndexReader, encoder: Encoder) -> None:
    query = encoder.encode(["What is petrissage?"])
    whole = dict(tiny_reader.search_vectors(query, k=100))
    part = one_article(tiny_reader, ArticleId("gliding-strokes"))

    assert all(whole[row] == score for row, score in part.search_vectors(query, k=3))


def test_an_unknown_article_finds_nothing(tiny_reader: IndexReader, encoder: Encoder) -> None:
    part = one_article(tiny_reader, ArticleId("none"))

    assert part.search_vectors(encoder.encode(["warm packs"]), k=5) == []
    assert part.search_words("warm packs", k=5) == []
