"""Numbers of passages, and every quotation held against its article."""

from dataclasses import replace

import pytest

from rag.chain.citations import check_quote, marked_text, number_passages, verified
from rag.chain.evidence import Candidate
from rag.errors import CitationError
from rag.index.store import IndexReader
from rag.types import AnswerSentence, Span
from tests.rag.chain.candidates import candidates_of, chunk_of

ONE = chunk_of(["Heat helps.", "Cold numbs."], name="a")
LIST = chunk_of(["Keep in mind:", "use a cloth. Then rest.", "stay awake."], name="b", between="\n", mark="- ")


def candidates(reader: IndexReader) -> list[Candidate]:
    """The sentences of the first passage of the tiny index."""
    chunk = reader.chunks(reader.passages.all_rows()[:1]).popitem()[1]
    return candidates_of(chunk, [0.5] * len(chunk.sentences))


def test_true_quotations_are_kept(tiny_reader: IndexReader) -> None:
    given = candidates(tiny_reader)

    assert verified(given, tiny_reader) == given


def test_sentence_that_differs_from_its_article_is_dropped(tiny_reader: IndexReader) -> None:
    first, *others = candidates(tiny_reader)

    assert verified([replace(first, text=first.text.replace(".", "!")), *others], tiny_reader) == others


def test_sentence_at_another_place_is_dropped(tiny_reader: IndexReader) -> None:
    first, *_ = candidates(tiny_reader)
    moved = replace(first, span=Span(first.span.start + 1, first.span.end + 1))

    assert verified([moved], tiny_reader) == []


def test_passage_that_differs_from_its_article_takes_its_sentences_with_it(tiny_reader: IndexReader) -> None:
    first, *_ = candidates(tiny_reader)
    altered = replace(first, chunk=replace(first.chunk, text=first.chunk.text[:-1] + "?"))

    assert verified([altered], tiny_reader) == []


def test_sentence_of_an_unknown_article_is_dropped(tiny_reader: IndexReader) -> None:
    assert verified(candidates_of(ONE, [0.9, 0.8]), tiny_reader) == []


def test_quotation_of_no_article_is_an_error() -> None:
    with pytest.raises(CitationError, match="characters 1 to 3"):
        check_quote(None, Span(1, 3), "ab")


def test_passages_are_numbered_in_order_of_first_mention() -> None:
    a, b = candidates_of(ONE, [0.9, 0.8]), candidates_of(LIST, [0.7, 0.6, 1.4])
    sentences, passages = number_passages([b[0], a[0], b[1]])

    assert [sentence.citations for sentence in sentences] == [(1,), (2,), (1,)]
    assert [(passage.number, passage.chunk.chunk_id) for passage in passages] == [(1, "b"), (2, "a")]
    assert passages[0].quotes == tuple(sorted((b[0].span, b[1].span)))
    assert [passage.score for passage in passages] == [1.0, 0.9]


def marked(chosen: list[Candidate]) -> str:
    return marked_text(chosen, [AnswerSentence(one.text, (1,)) for one in chosen])


def test_mark_stands_after_each_sentence() -> None:
    assert marked(candidates_of(ONE, [0.9, 0.8])) == "Heat helps. [1] Cold numbs. [1]"


def test_list_items_stand_on_lines_of_their_own() -> None:
    assert marked(candidates_of(LIST, [0.9, 0.8, 0.7])) == (
        "Keep in mind: [1]\n- use a cloth. Then rest. [1]\n- stay awake. [1]"
    )


def test_passage_that_starts_in_the_middle_of_a_list_shows_it() -> None:
    items = chunk_of(["stay awake.", "stop early."], between="\n", mark="- ")

    assert marked(candidates_of(items, [0.9, 0.8])) == "- stay awake. [1]\n- stop early. [1]"


def test_paragraph_after_a_list_starts_a_new_line() -> None:
    chosen = candidates_of(LIST, [0.9, 0.8, 0.7])[2:] + candidates_of(ONE, [0.9, 0.8])

    assert marked(chosen) == "- stay awake. [1]\nHeat helps. [1] Cold numbs. [1]"


def test_two_sentences_of_one_item_stay_on_its_line() -> None:
    item = candidates_of(LIST, [0.9, 0.8, 0.7])[1]
    parts = [
        replace(item, text="use a cloth.", span=Span(item.span.start, item.span.start + 12)),
        replace(item, text="Then rest.", span=Span(item.span.start + 13, item.span.end)),
    ]

    assert marked(parts) == "- use a cloth. [1] Then rest. [1]"
