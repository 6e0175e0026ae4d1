"""Messages as words: breaks, spelling, negation, and inputs of every kind."""

import time

import pytest

from rag.safety import SafetyLayer, is_probably_english, load_safety
from rag.safety.reading import Break, read_message
from rag.safety.spelling import Speller
from rag.types import Question, Role, TriageLevel, Turn


@pytest.fixture(scope="module")
def layer() -> SafetyLayer:
    """The layer without an encoder."""
    return load_safety()


def test_apostrophes_go_and_breaks_stay() -> None:
    """Words lose apostrophes; punctuation becomes the break before the next word."""
    message = read_message("I can't feel it. Why, though?")
    assert message.words == ("i", "cant", "feel", "it", "why", "though")
    assert message.breaks[4] is Break.SENTENCE
    assert message.breaks[5] is Break.COMMA
    assert message.asks == (False, True)


def test_short_s_after_a_body_part_is_a_verb() -> None:
    """One swollen leg is not read as two legs."""
    assert read_message("my leg's swollen").words == ("my", "leg", "is", "swollen")


def test_numbers_part_from_letters() -> None:
    """Ages and temperatures are numbers whatever is glued to them."""
    message = read_message("4yo with 39.5C")
    assert message.numbers == (4.0, None, None, 39.5, None)


def test_misspelt_concept_words_are_mended_and_others_left() -> None:
    """Only words that are no English words change."""
    speller = Speller({"bladder", "tingling", "numbness"}, {"ladder", "blender"})
    assert speller.repair(["bladdar", "tinglin", "ladder", "cat"]) == ("bladder", "tingling", "ladder", "cat")


def test_what_is_pasted_many_times_is_read_once() -> None:
    """A repeated sentence counts once, and what stands after it is kept."""
    pasted = "my leg hurts and my back is sore today " * 50 + "and I cannot feel my foot"
    assert " ".join(read_message(pasted).words).count("my leg hurts") == 1
    assert read_message(pasted).words[-3:] == ("feel", "my", "foot")


def test_a_text_full_of_unknown_words_is_left_as_it_is() -> None:
    """Half of it or more: no misspelled message, so nothing is looked up."""
    words = ["bladdar"] * 50 + ["cat"] * 10
    assert Speller({"bladder"}, {"cat"}).repair(words) == tuple(words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\t ",
        "\x00\x01\x02\xff" * 500,
        "😀🔥💥" * 50,
        "؟ماذا أفعل بألم الظهر",
        "?!?!?!",
        "a" * 1_000_000,
        "my back hurts. " * 70_000,
        "no no no no " * 5_000,
        "\u202eflesym tew i",
    ],
)
def test_any_input_is_answered_soon(layer: SafetyLayer, text: str) -> None:
    """No input breaks the layer or holds it up."""
    start = time.perf_counter()
    layer.assess(Question(text))
    assert time.perf_counter() - start < 4.0


def test_a_sign_at_either_end_of_a_long_message_is_found(layer: SafetyLayer) -> None:
    """Of a long message both ends are read."""
    filler = "we moved house in June and it went well. " * 2_000
    for text in (f"I can't feel my legs. {filler}", f"{filler} I can't feel my legs."):
        assert layer.assess(Question(text)).level is TriageLevel.EMERGENCY


def test_an_ordinary_message_takes_a_few_milliseconds(layer: SafetyLayer) -> None:
    """The middle one of many runs stays within the bound, with room for a busy machine."""
    question = Question(
        "my right leg hurts when I sit, does massage help?", (Turn(Role.USER, "hello, I have sciatica"),)
    )
    times = []
    for _ in range(21):
        start = time.perf_counter()
        layer.assess(question)
        times.append(time.perf_counter() - start)
    assert sorted(times)[10] < 0.02


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("how do I sit with sciatica", True),
        ("numb bum help", True),
        ("", True),
        ("Mein Rücken tut seit drei Tagen sehr weh und ich kann nicht schlafen", False),
        ("me duele mucho la espalda desde ayer y no puedo caminar", False),
        ("у меня болит спина и нога", False),
        ("背中がとても痛いです", False),
    ],
)
def test_languages_are_told_apart(text: str, english: bool) -> None:
    """English and short messages pass; other languages do not."""
    assert is_probably_english(text) is english


def test_other_languages_get_the_numbers(layer: SafetyLayer) -> None:
    """A message that is not understood still gets emergency numbers."""
    triage = layer.assess(Question("me duele mucho la espalda desde ayer y no puedo caminar bien"))
    assert triage.level is TriageLevel.NONE
    assert any("999" in line for line in triage.advice)
    assert any("English only" in line for line in triage.advice)


def test_the_layer_is_deterministic(layer: SafetyLayer) -> None:
    """The same question gives the same triage."""
    question = Question("my calf is swollen and I can't breathe")
    assert layer.assess(question) == layer.assess(question) == load_safety().assess(question)
