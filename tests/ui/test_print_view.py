"""A conversation as one HTML file."""

from dataclasses import replace

from rag.types import Behavior, Passage, Span
from tests.ui.made import DISCLAIMER, made_answer, made_chunk, urgent_answer
from ui.print_view import conversation_html
from ui.session import Session


def test_every_kind_of_reply_is_in_the_file_with_passages_and_disclaimer() -> None:
    session = Session()
    for question, answer in (
        ("Warm?", made_answer()),
        ("Taxes?", made_answer(Behavior.ABSTAIN)),
        ("Numb?", urgent_answer()),
    ):
        session.show(session.begin(question), answer)

    page = conversation_html(session.exchanges)

    assert "<mark>Warm packs may ease a sore back.</mark> They are cheap." in page
    assert "Call 999 now" in page
    assert page.count(DISCLAIMER) == 3
    assert "Stopped before it was complete." in page


def test_hostile_texts_are_words_and_the_file_may_load_nothing() -> None:
    hostile = "<script>alert(1)</script><img src=https://h.example/x.png>"
    session = Session()
    chunk = made_chunk(hostile, title=hostile, heading=hostile, start=0)
    session.show(session.begin(hostile), made_answer(chunk=chunk, quotes=(Span(0, 25),)))

    page = conversation_html(session.exchanges)

    assert "<script" not in page
    assert "<img" not in page
    assert "default-src 'none'" in page


def test_further_passages_are_named_without_their_text() -> None:
    session = Session()
    answer = made_answer()
    further = Passage(2, made_chunk("Cold packs numb the skin.", title="Cold packs"), (), 0.4)
    session.show(session.begin("Warm?"), replace(answer, passages=(*answer.passages, further)))

    page = conversation_html(session.exchanges)

    assert "not quoted here" in page
    assert "[2]</span> Cold packs" in page
    assert "Cold packs numb the skin." not in page
