"""An answer to copy and a conversation to keep."""

from rag.types import Behavior
from tests.ui.made import DISCLAIMER, made_answer, urgent_answer
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
