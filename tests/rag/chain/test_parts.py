"""Questions that ask for several things."""

import pytest

from rag.chain.named_things import load_named_things
from rag.chain.parts import parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What should I wear, and what may I eat before?", ("What should I wear", "what may I eat before?")),
        ("Is acupuncture or cupping better?", ("Is acupuncture or better?", "Is or cupping better?")),
        (
            "What is effleurage, and on which muscles is it used?",
            ("What is effleurage", "on which muscles is it used?"),
        ),
        (
            "Pregnant with back pain: how should I sleep, and may I lie flat?",
            ("Pregnant with back pain: how should I sleep", "Pregnant with back pain: may I lie flat?"),
        ),
        ("What is the difference between cotton and wool?", ("What is cotton?", "What is wool?")),
        ("Cotton versus wool", ("What is Cotton?", "What is wool?")),
        (
            "Cotton, wool and silk: what is said of each?",
            ("Cotton: what is said of each?", "wool: what is said of each?", "silk: what is said of each?"),
        ),
        ("Does heat help?", ()),
        ("What is a disc and a nerve?", ()),
        ("I rub my leg and it hurts. What now?", ()),
        ("", ()),
    ],
)
def test_parts_of_a_question(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question, load_named_things()) == parts
