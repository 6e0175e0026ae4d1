"""The whole way of a question with the real model: every sentence stands in its article, in every form of call."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from rag.chain.answer_json import answer_record
from rag.chain.request import QuestionInput, as_question
from rag.chain.runnable import RunnableAnswerer as Answerer
from rag.index.store import IndexReader
from rag.types import Answer, Behavior, Encoder, Mode, Question, Role, Triage, TriageLevel, Turn, Vectors
from tests.fakes import CalmSafety

COVERED = [
    ("Do warm packs help a sore back?", "warm-packs"),
    ("What is petrissage?", "gliding-strokes"),
    ("Is walking good for leg pain?", "walking"),
    ("Which pillow suits the neck?", "sleep"),
]
OFF_TOPIC = ["How do I bake sourdough bread?", "Who won the football world cup?", "asdf qwer", "?", ""]
RECORD_KEYS = {
    "question", "behavior", "answer", "sentences", "passages", "triage", "advice", "topics", "notice",
    "disclaimer", "mode", "index_id", "timing_ms",
}  # fmt: skip
PASSAGE_KEYS = {
    "number", "text", "source", "title", "section", "url", "evidence", "reviewed", "clinician_reviewed",
    "start", "end", "quotes", "score",
}  # fmt: skip


class AlarmedSafety(CalmSafety):
    """A safety gate that finds an emergency in everything."""

    def assess(self, question: Question, *, vector: Vectors | None = None) -> Triage:
        """An emergency."""
        return Triage(TriageLevel.EMERGENCY, ("RF1",), action=("Call an ambulance now.",))


class AdvisingSafety(CalmSafety):
    """A safety gate that advises an appointment."""

    def assess(self, question: Question, *, vector: Vectors | None = None) -> Triage:
        """Something to be seen soon."""
        return Triage(TriageLevel.SOON, ("RF9",), advice=("See a doctor this week.",))


@pytest.fixture(scope="module")
def answerer(tiny_reader: IndexReader, encoder: Encoder) -> Answerer:
    """Answers from the tiny collection."""
    return Answerer(tiny_reader, encoder, CalmSafety())


@pytest.mark.parametrize(("question", "article_id"), COVERED)
def test_every_sentence_equals_its_article_at_its_quote(answerer: Answerer, question: str, article_id: str) -> None:
    answer = answerer.invoke(question)

    assert answer.behavior is Behavior.ANSWER
    assert answer.passages[0].chunk.article_id == article_id
    quoted = []
    for passage in answer.passages:
        article = answerer.reader.article(passage.chunk.article_id)
        assert article is not None
        assert article.text[passage.chunk.span.start : passage.chunk.span.end] == passage.chunk.text
        quoted += [(passage.number, article.text[quote.start : quote.end]) for quote in passage.quotes]
    assert sorted((sentence.citations[0], sentence.text) for sentence in answer.sentences) == sorted(quoted)
    assert all(len(sentence.citations) == 1 and f"{sentence.text} [" in answer.text for sentence in answer.sentences)


def test_passages_are_numbered_from_one_and_all_are_cited(answerer: Answerer) -> None:
    answer = answerer.invoke("Do warm packs help a sore back?")

    assert [passage.number for passage in answer.passages] == list(range(1, len(answer.passages) + 1))
    assert {number for sentence in answer.sentences for number in sentence.citations} == {
        passage.number for passage in answer.passages
    }
    assert all(0 <= passage.score <= 1 for passage in answer.passages)


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_question_that_the_articles_do_not_cover_is_told_so(answerer: Answerer, question: str) -> None:
    answer = answerer.invoke(question)

    assert answer.behavior is Behavior.ABSTAIN
    assert "do not cover" in answer.text
    assert answer.passages == ()
    assert all(sentence.citations == () for sentence in answer.sentences)


@pytest.mark.parametrize("question", [COVERED[0][0], *OFF_TOPIC])
@pytest.mark.parametrize("safety", [CalmSafety(), AlarmedSafety(), AdvisingSafety()])
def test_disclaimer_is_in_every_answer(
    tiny_reader: IndexReader, encoder: Encoder, question: str, safety: CalmSafety
) -> None:
    answerer = Answerer(tiny_reader, encoder, safety)

    assert all(part.disclaimer == CalmSafety.disclaimer for part in answerer.stream(question))


def test_emergency_gives_the_action_and_nothing_else(tiny_reader: IndexReader, encoder: Encoder) -> None:
    answer = Answerer(tiny_reader, encoder, AlarmedSafety()).invoke("Do warm packs help a sore back?")

    assert answer.behavior is Behavior.URGENT
    assert answer.text == "Call an ambulance now."
    assert answer.passages == ()


@pytest.mark.parametrize("question", ["Do warm packs help a sore back?", "How do I bake bread?"])
def test_advice_follows_an_ordinary_answer(tiny_reader: IndexReader, encoder: Encoder, question: str) -> None:
    answer = Answerer(tiny_reader, encoder, AdvisingSafety()).invoke(question)

    assert answer.advice == ("See a doctor this week.",)
    assert answer.text.endswith("\n\nSee a doctor this week.")


async def test_all_forms_of_call_give_the_same_answer(answerer: Answerer) -> None:
    questions: list[QuestionInput] = [question for question, _ in COVERED[:2]]
    answers = [answerer.invoke(question) for question in questions]

    assert answerer.batch(questions) == answers
    assert await answerer.abatch(questions) == answers
    assert await answerer.ainvoke(questions[0]) == answers[0]
    streamed = list(answerer.stream(questions[0]))
    assert [part async for part in answerer.astream(questions[0])] == streamed
    assert streamed[-1] == answers[0]


def test_stream_grows_by_whole_checked_sentences(answerer: Answerer) -> None:
    parts = list(answerer.stream("Do warm packs help a sore back?"))

    assert len(parts) > 1
    for shorter, longer in pairwise(parts):
        assert longer.sentences[: len(shorter.sentences)] == shorter.sentences
        assert len(shorter.sentences) < len(longer.sentences)
    for part in parts:
        numbers = {passage.number for passage in part.passages}
        assert {number for sentence in part.sentences for number in sentence.citations} == numbers


@pytest.mark.parametrize(
    "given",
    [
        "Is heat good?",
        Question("Is heat good?"),
        {"question": "Is heat good?"},
        {"question": "Is heat good?", "history": None},
        {"question": "Is heat good?", "history": [], "id": "q1"},
    ],
)
def test_every_form_of_input_is_the_same_question(given: str | Question | Mapping[str, Any]) -> None:
    assert as_question(given) == Question("Is heat good?")


def test_history_comes_as_mappings_or_turns() -> None:
    turn = Turn(Role.USER, "Hello")

    assert as_question({"question": "And?", "history": [{"role": "user", "content": "Hello"}, turn]}).history == (
        turn,
        turn,
    )


@pytest.mark.parametrize(
    "given",
    [
        None,
        7,
        [],
        {},
        {"question": 7},
        {"question": "a", "history": "b"},
        {"question": "a", "history": ["b"]},
        {"question": "a", "history": [{"role": "system", "content": "b"}]},
        {"question": "a", "history": [{"role": ["user"], "content": "b"}]},
        {"question": "a", "history": [{"role": "user", "content": None}]},
    ],
)
def test_anything_else_is_a_type_error(given: Any) -> None:  # noqa: ANN401 - whatever a caller may pass
    with pytest.raises(TypeError):
        as_question(given)


def test_follow_up_finds_the_passage_of_the_conversation(answerer: Answerer) -> None:
    history = [
        {"role": "user", "content": "Do warm packs help a sore back?"},
        {"role": "assistant", "content": "They may. [1]"},
    ]
    answer = answerer.invoke({"question": "Can I put them on numb skin?", "history": history})

    assert answer.question == "Can I put them on numb skin?"
    assert "Never put a warm pack on numb skin." in [sentence.text for sentence in answer.sentences]


@pytest.mark.parametrize("question", ["What is petrissage?", "How do I bake sourdough bread?"])
def test_record_has_exactly_the_documented_fields(answerer: Answerer, question: str) -> None:
    answer = answerer.invoke(question)
    record = answer_record(answer, question_id="q1")

    assert set(record) == RECORD_KEYS | {"id"}
    assert set(answer_record(answer)) == RECORD_KEYS
    assert all(set(passage) == PASSAGE_KEYS for passage in record["passages"])
    assert all(set(sentence) == {"text", "citations"} for sentence in record["sentences"])
    assert record["triage"] == {"level": "none", "groups": []}
    assert (record["mode"], record["index_id"]) == (str(Mode.QUOTING), answerer.reader.index_id)
    assert record["timing_ms"]["total"] > 0


def test_record_says_where_quotations_stand_in_the_shown_text(answerer: Answerer) -> None:
    record = answer_record(answerer.invoke("How do I use a warm pack safely?"))
    (passage,) = [one for one in record["passages"] if one["section"] == "How to use a warm pack safely"]
    article = answerer.reader.article(passage["source"])

    assert article is not None
    assert article.text[passage["start"] : passage["end"]] == passage["text"]
    assert "Keep each session under twenty minutes." in [article.text[a:b] for a, b in passage["quotes"]]
    assert (passage["evidence"], passage["url"]) == ("expert opinion", "https://example.org/warm-packs")


def test_very_long_question_is_answered_in_some_way(answerer: Answerer) -> None:
    assert isinstance(answerer.invoke("my back hurts " * 5000), Answer)
