"""Questions that ask for several things."""

import pytest

from rag.chain.named_things import load_named_things
from rag.chain.parts import parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What should I wear, and what may I eat before?", ("What should I wear", "what may I eat before?")),
        ("Is acupuncture or cupping better?", ("Is acupuncture or better?", "Is or cupping better?")),
        ("Does heat help?", ()),
        ("What is a disc and a nerve?", ()),
        ("I rub my leg and it hurts. What now?", ()),
        ("", ()),
    ],
)
def test_parts_of_a_question(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question, load_named_things()) == parts
