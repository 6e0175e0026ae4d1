"""Ranking whole articles."""

import pytest

from rag.index.store import IndexReader
from rag.retrieve.articles import ArticleRetriever, ArticleWords
from rag.types import ArticleId, Encoder

SCAN, HEAT, REST = ArticleId("scan"), ArticleId("heat"), ArticleId("rest")

WORDS = ArticleWords(
    [(SCAN, "A scan shows the disc. A scan is rarely needed."), (HEAT, "Heat eases pain."), (REST, "Rest eases pain.")]
)


def test_article_that_holds_all_words_has_the_largest_share() -> None:
    shares = WORDS.shares("scan of a disc")

    assert set(shares) == {SCAN}
    assert 0.5 < shares[SCAN] <= 1.0


def test_rare_word_counts_more_than_a_common_one() -> None:
    shares = WORDS.shares("heat pain")

    assert shares[HEAT] > shares[REST] > 0


def test_words_that_occur_nowhere_lower_every_share() -> None:
    assert WORDS.shares("heat")[HEAT] > WORDS.shares("heat zebra")[HEAT]


@pytest.mark.parametrize("query", ["", "of the", "zebra"])
def test_query_without_known_words_gives_no_share(query: str) -> None:
    assert WORDS.shares(query) == {}


def test_no_articles_give_no_shares() -> None:
    assert ArticleWords([]).shares("heat") == {}


def test_each_article_comes_once_best_first(tiny_reader: IndexReader, encoder: Encoder) -> None:
    found = ArticleRetriever(tiny_reader, encoder).retrieve("Does massage help?", k=10)

    ids = [article_id for article_id, _ in found]
    scores = [score for _, score in found]
    assert len(ids) == len(set(ids)) == min(10, len(tiny_reader.articles()))
    assert scores == sorted(scores, reverse=True)


def test_no_more_articles_come_than_asked_for(tiny_reader: IndexReader, encoder: Encoder) -> None:
    assert len(ArticleRetriever(tiny_reader, encoder).retrieve("massage", k=1)) == 1
