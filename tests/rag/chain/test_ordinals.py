"""By "the third one" a reader means the third thing that the last reply named."""

import pytest

from rag.chain.ordinals import resolved

AREAS = "The areas are the lower back, the buttocks, the hamstrings and thighs, and the feet. [1]"
LISTED = "Two kinds of packs:\n- Warm packs ease pain. [1]\n- Cold packs numb it. [1]"


@pytest.mark.parametrize(
    ("text", "reply", "meant"),
    [
        ("how is the third one treated?", AREAS, "how is the hamstrings and thighs treated?"),
        ("And the last?", AREAS, "And the feet?"),
        ("is the first better?", AREAS, "is the lower back better?"),
        ("what about the second one?", LISTED, "what about Cold packs numb it?"),
        ("and the second?", "It is heat or cold.", "and cold?"),
    ],
)
def test_ordinal_becomes_the_thing(text: str, reply: str, meant: str) -> None:
    assert resolved(text, reply) == meant


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("what happens in the third session?", AREAS),
        ("how is the eighth one treated?", AREAS),
        ("how is the third one treated?", "Heat may help."),
        ("how is the third one treated?", ""),
        ("how are they treated?", AREAS),
    ],
)
def test_question_stays_as_it_is_without_such_a_thing(text: str, reply: str) -> None:
    assert resolved(text, reply) == text
