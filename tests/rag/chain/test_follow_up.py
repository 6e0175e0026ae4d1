"""Follow-up questions are searched together with the question they continue."""

import pytest

from rag.chain.follow_up import continues, follow_up, search_text
from rag.types import Question, Role, Turn

EARLIER = (Turn(Role.USER, "Does heat ease a sore back?"), Turn(Role.ASSISTANT, "Heat may help. [1]"))


@pytest.mark.parametrize(
    "text", ["And at night?", "How long?", "What about walking?", "Is it safe for my skin if I use it daily?", "why"]
)
def test_follow_up_is_preceded_by_the_readers_last_question(text: str) -> None:
    assert search_text(Question(text, EARLIER)) == f"Does heat ease a sore back? {text}"


def test_thing_in_the_place_of_another_drops_that_one() -> None:
    history = (Turn(Role.USER, "Does acupuncture help sciatica?"),)

    assert search_text(Question("And cupping?", history)) == "Does help sciatica? And cupping?"
    assert search_text(Question("And on my feet?", history)) == "Does acupuncture help sciatica? And on my feet?"


def test_question_that_stands_alone_is_searched_alone() -> None:
    text = "Which pillow suits a person who sleeps on one side?"

    assert search_text(Question(text, EARLIER)) == text


def test_follow_up_without_history_is_searched_as_it_is() -> None:
    assert search_text(Question("And at night?")) == "And at night?"


def test_ordinal_is_searched_as_the_thing_that_was_named() -> None:
    history = (Turn(Role.USER, "Where do they massage?"), Turn(Role.ASSISTANT, "The back, the hip, and the foot. [1]"))

    assert search_text(Question("how is the third one treated?", history)).endswith("how is the foot treated?")


def test_what_was_said_comes_along_sentence_by_sentence_without_marks() -> None:
    reply = Turn(Role.ASSISTANT, "Heat may help. [1] Cold may too [2].\n- Ice [2]")

    found = follow_up(Question("And at night?", (Turn(Role.USER, "Does heat help?"), reply)))

    assert found is not None
    assert found.latest == "And at night?"
    assert found.said == ("Heat may help.", "Cold may too.", "Ice")


@pytest.mark.parametrize(
    "text",
    [
        "What is petrissage?",
        "Can I drive with sciatica?",
        "Why does my leg tingle and burn when it is cold outside and I walk uphill for hours?",
    ],
)
def test_short_question_that_names_its_own_subject_stands_alone(text: str) -> None:
    assert follow_up(Question(text, EARLIER)) is None


def test_answers_given_before_are_never_searched() -> None:
    only_answer = (Turn(Role.ASSISTANT, "Heat may help. [1]"),)

    assert search_text(Question("And at night?", only_answer)) == "And at night?"
    assert "[1]" not in search_text(Question("And at night?", EARLIER))


def test_thanks_are_skipped_on_the_way_back() -> None:
    history = (*EARLIER, Turn(Role.USER, "Thank you!"), Turn(Role.ASSISTANT, "You are welcome."))

    assert search_text(Question("And at night?", history)) == "Does heat ease a sore back? And at night?"


@pytest.mark.parametrize("text", ["Thanks!", "ok", "Hello"])
def test_thanks_continue_nothing(text: str) -> None:
    assert not continues(text)
