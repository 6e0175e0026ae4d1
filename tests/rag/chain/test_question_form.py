"""What form a question has."""

import pytest

from rag.chain import question_form as form


@pytest.mark.parametrize("question", ["How many sessions?", "how long does it last", "At what age does it start?"])
def test_quantity_is_asked_for(question: str) -> None:
    assert form.asks_for_quantity(question)


@pytest.mark.parametrize("question", ["How does it work?", "Does it last long?", ""])
def test_no_quantity_is_asked_for(question: str) -> None:
    assert not form.asks_for_quantity(question)


@pytest.mark.parametrize(("text", "held"), [("within 6 weeks", True), ("most people", True), ("it eases pain", False)])
def test_quantity_in_digits_or_words_is_seen(text: str, held: bool) -> None:
    assert form.holds_quantity(text) is held


def test_question_for_a_person_is_seen() -> None:
    assert form.asks_for_person("Who invented Swedish massage?")
    assert not form.asks_for_person("Is it for people who sit a lot?")


def test_question_for_a_year_is_seen() -> None:
    assert form.asks_for_year("When was the first disc operation?")
    assert not form.asks_for_year("When should I stretch?")


def test_question_for_one_of_a_kind_is_seen() -> None:
    assert form.asks_for_one_of_a_kind("Which artery feeds the nerve?")
    assert not form.asks_for_one_of_a_kind("What is sciatica?")


def test_yes_or_no_question_is_told_from_one_for_steps() -> None:
    assert form.asks_whether("Can I swim?")
    assert not form.asks_whether("How do I swim?")
    assert form.asks_how_to("How do I swim?")


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Did Janet Travell coin it?", ("Janet", "Travell")),
        ("Has President Kennedy's back been seen by a GP?", ("President", "Kennedy")),
        ("Does it hurt? Yes.", ()),
        ("IS TIGER WOODS WELL?", ()),
    ],
)
def test_proper_names_are_those_inside_sentences(question: str, names: tuple[str, ...]) -> None:
    assert form.proper_names(question) == names
