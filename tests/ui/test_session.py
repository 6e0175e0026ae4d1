"""The conversation of one tab."""

from rag.types import Role, TriageLevel
from tests.ui.made import made_answer, urgent_answer
from ui.session import MAX_TURNS, SEEN_MESSAGE, SEEN_REPLY, Session, Stage


def test_an_interrupted_exchange_keeps_what_was_shown() -> None:
    session = Session()
    exchange = session.begin("q")
    session.show(exchange, made_answer())
    assert exchange.stage is Stage.STOPPED
    assert [turn.role for turn in session.history()] == [Role.USER, Role.ASSISTANT]


def test_a_question_without_an_answer_still_counts_for_the_safety_check() -> None:
    session = Session()
    session.begin("my legs are numb")
    assert [turn.content for turn in session.history()] == ["my legs are numb"]


def test_urgent_stays_until_the_reader_was_seen() -> None:
    session = Session()
    exchange = session.begin("numb")
    session.show(exchange, urgent_answer())
    session.finish(exchange)
    assert session.pinned is not None
    session.acknowledge()
    assert session.pinned is None
    assert [turn.content for turn in session.history()][-2:] == [SEEN_MESSAGE, SEEN_REPLY]


def test_a_later_ordinary_answer_lifts_the_panel_only_when_complete() -> None:
    session = Session()
    session.show(session.begin("foot drop"), urgent_answer(TriageLevel.SAME_DAY))
    later = session.begin("the doctor has seen me, how is a massage done?")
    session.show(later, made_answer())
    assert session.pinned is not None
    session.finish(later)
    assert session.pinned is None


def test_history_is_bounded_and_clearing_forgets() -> None:
    session = Session()
    for number in range(60):
        session.begin(str(number))
    assert len(session.history()) == MAX_TURNS
    session.clear()
    assert session.history() == ()
