"""A stream is cut into the same sentences whatever pieces it comes in."""

import pytest

from rag.chain.writing.drafts import DraftSentence, SentenceCutter


def cut(text: str, size: int) -> list[DraftSentence]:
    cutter = SentenceCutter()
    found = [one for at in range(0, len(text), size) for one in cutter.feed(text[at : at + size])]
    return found + cutter.close()


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Heat may help. [1] Cold may not. [2]", [("Heat may help.", (1,)), ("Cold may not.", (2,))]),
        ("Heat may help [1]. Cold may not [2].", [("Heat may help.", (1,)), ("Cold may not.", (2,))]),
        ("Heat may help. [1][2] Cold may not. [1, 3]", [("Heat may help.", (1, 2)), ("Cold may not.", (1, 3))]),
        ("Heat may help. [2-4]", [("Heat may help.", (2, 3, 4))]),
        ("- Use a cloth. [1]\n- Keep it short [1]\n", [("Use a cloth.", (1,)), ("Keep it short", (1,))]),
        ("**Heat** may help. [1]", [("Heat may help.", (1,))]),
        ("Heat may help. Cold may not. [2]", [("Heat may help.", ()), ("Cold may not.", (2,))]),
        (
            "It takes approx. 3 weeks. [1] It ends. [1]",
            [("It takes approx. 3 weeks.", (1,)), ("It ends.", (1,))],
        ),
        ("Heat cut pain by 1.5 points. [1]", [("Heat cut pain by 1.5 points.", (1,))]),
        ("", []),
    ],
)
def test_sentences_and_their_marks(text: str, expected: list[tuple[str, tuple[int, ...]]], size: int) -> None:
    assert [(one.text, one.citations) for one in cut(text, size)] == expected


def test_sentence_is_given_as_soon_as_the_next_begins() -> None:
    cutter = SentenceCutter()

    assert cutter.feed("Heat may help. [1]") == []
    assert cutter.feed(" [2") == []
    assert [one.citations for one in cutter.feed("] Cold")] == [(1, 2)]


def test_end_of_a_cut_stream_is_no_whole_sentence() -> None:
    assert [one.whole for one in cut("Heat may help. [1] Never put heat on", 5)] == [True, False]
