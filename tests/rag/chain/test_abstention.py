"""What is said when the articles do not cover a question."""

from dataclasses import replace

import pytest

from rag.chain.abstention import NEAR_COSINE, abstention_sentences, nearest_topics
from rag.types import Hit
from tests.rag.chain.candidates import chunk_of


def hit(title: str, cosine: float | None, rank: int = 1) -> Hit:
    return Hit(replace(chunk_of(["Words."]), title=title), score=1.0, rank=rank, stage="fused", cosine=cosine)


def test_topics_are_near_articles_nearest_first_and_named_once() -> None:
    hits = [hit("Heat", 0.4), hit("Cold", 0.5), hit("Heat", 0.6), hit("Tax", NEAR_COSINE - 0.01), hit("Ice", None)]

    assert nearest_topics(hits) == ("Heat", "Cold")


def test_at_most_three_topics_are_named() -> None:
    assert nearest_topics([hit(name, 0.9) for name in "ABCDE"]) == ("A", "B", "C")


def test_nothing_near_names_no_topic() -> None:
    assert nearest_topics([hit("Tax", 0.1)]) == ()
    assert len(abstention_sentences("What is tax?", ())) == 2


def test_abstention_says_not_covered_then_topics_then_who_can_answer() -> None:
    not_covered, topics, who = abstention_sentences("Can a wasp sting help?", ("Heat", "Cold"))

    assert "do not cover" in not_covered
    assert "“Heat”; “Cold”" in topics
    assert "pharmacist, doctor or physiotherapist" in who


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("How many mg of ibuprofen?", "pharmacist"),
        ("How much does it cost?", "insurer"),
        ("Do I have a hernia?", "examine"),
        ("Is the moon made of cheese?", "pharmacist, doctor"),
    ],
)
def test_who_can_answer_depends_on_what_is_asked(question: str, word: str) -> None:
    assert word in abstention_sentences(question, ())[-1]


def test_known_adviser_is_named_in_place_of_a_guess() -> None:
    assert abstention_sentences("How many mg?", (), ask="Ask the nurse.")[-1] == "Ask the nurse."
