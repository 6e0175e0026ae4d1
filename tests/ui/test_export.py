"""An answer to copy and a conversation to keep."""

from dataclasses import replace

from rag.cli import render
from rag.types import Behavior, Passage
from tests.ui.made import DISCLAIMER, made_answer, made_chunk, urgent_answer
from ui.export import answer_text, conversation_markdown, question_link
from ui.session import Session, Stage


def test_a_copied_answer_carries_citations_sources_and_disclaimer() -> None:
    assert answer_text(made_answer(advice=("Book soon.",))) == (
        "Warm packs may ease a sore back. [1]\n\nBook soon.\n\n"
        "[1] Warm packs › Do warm packs help? (Evidence: review · Reviewed 2026-01-15 · Not reviewed by a clinician) "
        f"https://example.org/warm\n\n{DISCLAIMER}"
    )


def test_a_kept_conversation_holds_every_kind_of_reply() -> None:
    session = Session()
    for question, answer in (
        ("# *Warm*?", made_answer()),
        ("Taxes?", made_answer(Behavior.ABSTAIN)),
        ("Numb?", urgent_answer()),
    ):
        exchange = session.begin(question)
        session.show(exchange, answer)
    session.exchanges[0].stage = Stage.DONE
    session.acknowledge()
    kept = conversation_markdown(session.exchanges)
    assert "## \\# \\*Warm\\*?" in kept
    assert kept.count("(Stopped before it was complete.)") == 2
    assert "Call 999 now" in kept
    assert kept.count("General information") == 3


def test_an_address_asks_its_question() -> None:
    assert question_link("http://127.0.0.1:8501/?region=GB", "a & b?") == "http://127.0.0.1:8501/?q=a+%26+b%3F"
    assert question_link(None, "a") is None


def test_further_passages_stand_apart_in_a_copied_answer_and_in_the_terminal() -> None:
    answer = made_answer()
    further = Passage(2, made_chunk("Cold packs numb the skin.", title="Cold packs"), (), 0.4)
    answer = replace(answer, passages=(*answer.passages, further))

    for shown in (answer_text(answer), render.answer_text(answer)):
        quoted, heading, rest = shown.partition("More from the articles, not quoted here:\n")
        assert heading
        assert "[1] Warm packs" in quoted
        assert rest.startswith("[2] Cold packs")
        assert "Cold packs numb the skin." not in shown
