"""Passages beside an answer: near the question, unquoted, and only ones that stand in their article."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from rag.chain.answerer import Answerer
from rag.chain.further import LEAST_SHARE, MOST_SHOWN, further_passages, quoted_passages, with_further
from rag.chunk.windows import sentence_texts
from rag.index.store import IndexReader
from rag.retrieve.hybrid import HybridRetriever
from rag.safety.review import ReviewVerdict, Verdict
from rag.types import Behavior, Encoder, Hit, Passage, Triage
from tests.fakes import CalmSafety


def anything(_: Sequence[str]) -> bool:
    return True


@pytest.fixture(scope="module")
def hits(tiny_reader: IndexReader, encoder: Encoder) -> list[Hit]:
    """Passages near a question, with scores that fall slowly."""
    found = HybridRetriever(tiny_reader, encoder).retrieve("Do warm packs help a sore back?", k=20)
    return [replace(hit, score=2.0 - 0.01 * hit.rank) for hit in found]


def quoted(hit: Hit) -> list[Passage]:
    return [Passage(1, hit.chunk, (hit.chunk.sentences[0],), 0.8)]


def test_further_passages_follow_the_quoted_ones_without_quotes(tiny_reader: IndexReader, hits: list[Hit]) -> None:
    found = with_further(quoted(hits[0]), hits, (), tiny_reader, may_show=anything)

    assert [passage.number for passage in found] == list(range(1, len(found) + 1))
    assert [bool(passage.quotes) for passage in found] == [True] + [False] * (len(found) - 1)
    assert len({passage.chunk.chunk_id for passage in found}) == len(found) == min(MOST_SHOWN, len(hits))


def test_passage_far_below_the_best_one_is_left_out(tiny_reader: IndexReader, hits: list[Hit]) -> None:
    scores = [1.0, LEAST_SHARE + 0.01, LEAST_SHARE - 0.01]
    near = [replace(hit, score=score) for hit, score in zip(hits, scores, strict=False)]

    found = with_further(quoted(near[0]), near, (), tiny_reader, may_show=anything)

    assert [passage.chunk for passage in found] == [near[0].chunk, near[1].chunk]


def test_passage_that_does_not_stand_in_its_article_is_left_out(tiny_reader: IndexReader, hits: list[Hit]) -> None:
    altered = replace(hits[1], chunk=replace(hits[1].chunk, text="Warm packs cure everything."))

    found = with_further(quoted(hits[0]), [hits[0], altered, hits[2]], (), tiny_reader, may_show=anything)

    assert [passage.chunk for passage in found] == [hits[0].chunk, hits[2].chunk]


def test_passage_with_a_sentence_that_may_not_be_shown_is_left_out(tiny_reader: IndexReader, hits: list[Hit]) -> None:
    refused = sentence_texts(hits[1].chunk)[-1]

    found = with_further(quoted(hits[0]), hits[:3], (), tiny_reader, may_show=lambda texts: refused not in texts)

    assert [passage.chunk for passage in found] == [hits[0].chunk, hits[2].chunk]


class OneSentenceSafety(CalmSafety):
    """A safety gate that lets only sentences on warm packs through."""

    def review(self, sentences: Sequence[str], triage: Triage) -> list[ReviewVerdict]:
        """Refuse every sentence that does not name them."""
        seen = super().review(sentences, triage)
        return [
            one if "warm packs" in text.lower() else replace(one, verdict=Verdict.DROPPED)
            for one, text in zip(seen, sentences, strict=True)
        ]


def test_answer_has_further_passages_only_where_the_safety_layer_lets_them_through(
    tiny_reader: IndexReader, encoder: Encoder
) -> None:
    question = "What helps a sore back: a warm pack, a walk or a pillow?"

    calm = Answerer(tiny_reader, encoder, CalmSafety()).invoke(question)
    strict = Answerer(tiny_reader, encoder, OneSentenceSafety()).invoke(question)

    assert further_passages(calm)
    assert not further_passages(strict)
    assert quoted_passages(strict)
    cited = {number for sentence in calm.sentences for number in sentence.citations}
    assert cited == {passage.number for passage in quoted_passages(calm)}


def test_replies_that_do_not_answer_have_no_passages(tiny_reader: IndexReader, encoder: Encoder) -> None:
    answer = Answerer(tiny_reader, encoder, CalmSafety()).invoke("How do I bake sourdough bread?")

    assert (answer.behavior, answer.passages) == (Behavior.ABSTAIN, ())
