"""Sentences as offsets: nothing lost, nothing cut at an abbreviation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.sentences import sentence_spans
from rag.types import Span


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text, Span(0, len(text)))]


def test_offsets_count_into_the_whole_text() -> None:
    text = "Title\n\nOne here. Two here."

    assert sentence_spans(text, Span(7, 26)) == (Span(7, 16), Span(17, 26))


@pytest.mark.parametrize(
    "sentence",
    [
        "Move it by approx. 3 cm each day.",
        "Warmth, e.g. heat from a bottle, may help.",
        "Other ways, i.e. cold packs, are open too.",
        "Heat vs. Cold was tried once.",
        "The room was at temp. 20 degrees.",
        "It took 2.5 hours in all.",
        "See fig. 3 for the stretch.",
        "Dr. Smith wrote it.",
        "The guide (NICE, 2016) says so.",
    ],
)
def test_abbreviation_does_not_end_a_sentence(sentence: str) -> None:
    assert sentences(f"{sentence} Then rest.") == [sentence, "Then rest."]


def test_question_and_quotation_end_a_sentence() -> None:
    assert sentences("Is it safe? Yes. “Stop at once.” He did.") == [
        "Is it safe?",
        "Yes.",
        "“Stop at once.”",
        "He did.",
    ]


def test_block_without_a_full_stop_is_one_sentence() -> None:
    assert sentences("five minutes of walking") == ["five minutes of walking"]


def test_blank_block_has_no_sentences() -> None:
    assert sentences(" \n ") == []


@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from(["Rest.", "approx.", "3 cm", "Is it?", "(e.g. heat)", "vs.", "“No.”", "\u00a0", "…"]),
            max_size=30,
        ).map(" ".join),
    ),
    st.text(max_size=10),
    st.text(max_size=10),
)
def test_spans_lie_in_order_and_hold_every_visible_character(block: str, before: str, after: str) -> None:
    text = before + block + after
    spans = sentence_spans(text, Span(len(before), len(before) + len(block)))

    ends = [len(before), *(bound for span in spans for bound in (span.start, span.end)), len(before) + len(block)]
    assert ends == sorted(ends)
    assert "".join("".join(text[span.start : span.end].split()) for span in spans) == "".join(block.split())
    assert all(text[span.start : span.end].strip() == text[span.start : span.end] != "" for span in spans)
