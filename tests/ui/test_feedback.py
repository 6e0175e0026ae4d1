"""What readers say about a reply: sent, kept, taken back, and not lost when the store fails."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

from rag.feedback.records import Reason, Verdict
from rag.settings import FeedbackSettings, IndexSettings, Settings
from rag.types import Behavior, Role, Turn
from tests.ui.conftest import OpenPage, html_of
from tests.ui.made import MadeEngine, made_answer, urgent_answer
from ui.tools import NOT_KEPT

UP, DOWN = 1, 0


@pytest.fixture
def engine(tmp_path: Path) -> MadeEngine:
    """An engine with a feedback store of its own."""
    engine = MadeEngine([made_answer()])
    url = SecretStr(f"sqlite:///{tmp_path}/feedback.sqlite3")
    engine.settings = Settings(index=IndexSettings(path=Path("made")), feedback=FeedbackSettings(url=url))
    return engine


def asked(open_page: OpenPage, engine: MadeEngine, *questions: str) -> AppTest:
    page = open_page(engine)
    for question in questions:
        page.chat_input(key="question").set_value(question).run()
    return page


def vote(page: AppTest, number: int, thumb: int) -> AppTest:
    return page.feedback(key=f"thumbs-{number}").set_value(thumb).run()


def send(page: AppTest) -> AppTest:
    page = next(button for button in page.button if button.label == "Send").click().run()
    assert not page.exception
    return page


def test_a_thumb_up_is_kept_at_once_without_the_question(open_page: OpenPage, engine: MadeEngine) -> None:
    page = vote(asked(open_page, engine, "Do warm packs help?"), 1, UP)

    (kept,) = engine.feedback().find()
    assert kept.feedback.verdict is Verdict.UP
    assert kept.feedback.question is None
    assert "Thank you for saying so." in html_of(page)


def test_a_thumb_down_asks_for_a_reason_and_keeps_no_words_unless_ticked(
    open_page: OpenPage, engine: MadeEngine
) -> None:
    page = vote(asked(open_page, engine, "one", "two"), 2, DOWN)
    page = send(page)
    assert "Please choose what was wrong." in html_of(page)
    assert engine.feedback().count() == 0

    page.radio(key="reason-2").set_value(Reason.UNCLEAR)
    page.text_area(key="note-2").set_value("too short\x00")
    send(page)

    (kept,) = engine.feedback().find()
    assert kept.feedback.reason is Reason.UNCLEAR
    assert kept.feedback.note == "too short"
    assert kept.feedback.question is None
    assert kept.feedback.history == ()
    assert [passage.source for passage in kept.feedback.passages] == ["warm-packs"]


def test_the_question_and_the_conversation_go_along_where_ticked(open_page: OpenPage, engine: MadeEngine) -> None:
    page = vote(asked(open_page, engine, "one", "two", "three"), 2, DOWN)
    page.radio(key="reason-2").set_value(Reason.MISSING)
    page.checkbox(key="with-question-2").check()
    page.checkbox(key="with-history-2").check()
    send(page)

    (kept,) = engine.feedback().find()
    assert kept.feedback.question == "two"
    assert kept.feedback.history == (
        Turn(Role.USER, "one"),
        Turn(Role.ASSISTANT, "Warm packs may ease a sore back. [1]"),
    )


def test_what_was_sent_can_be_taken_back(open_page: OpenPage, engine: MadeEngine) -> None:
    page = vote(asked(open_page, engine, "one"), 1, UP)

    page.button(key="withdraw-1").click().run()

    assert engine.feedback().count() == 0
    assert "Was this helpful?" in html_of(page)


def test_a_store_that_fails_costs_a_line_and_nothing_else(
    open_page: OpenPage, engine: MadeEngine, tmp_path: Path
) -> None:
    blocker = tmp_path / "in-the-way"
    blocker.write_text("")
    url = SecretStr(f"sqlite:///{blocker}/feedback.sqlite3")
    engine.settings = Settings(feedback=FeedbackSettings(url=url))
    page = vote(asked(open_page, engine, "one"), 1, UP)
    assert not page.exception
    assert NOT_KEPT in html_of(page)
    assert "Warm packs may ease a sore back." in html_of(page)

    blocker.unlink()
    page.button(key="send-again-1").click().run()

    assert engine.feedback().count() == 1
    assert "Thank you for saying so." in html_of(page)


def test_a_wrong_database_address_costs_a_line_and_stays_secret(open_page: OpenPage, engine: MadeEngine) -> None:
    engine.settings = Settings(feedback=FeedbackSettings(url=SecretStr("nosuch://u:harbour@h/d")))
    page = vote(asked(open_page, engine, "one"), 1, UP)

    assert NOT_KEPT in html_of(page)
    assert "harbour" not in html_of(page)


def test_without_feedback_there_are_no_thumbs(open_page: OpenPage, engine: MadeEngine) -> None:
    engine.settings = Settings(feedback=FeedbackSettings(enabled=False))

    page = asked(open_page, engine, "one")

    assert len(page.feedback) == 0
    assert 'data-cw-copy="cw-text-answer-1"' in html_of(page)


def test_an_emergency_asks_for_no_opinion_until_the_reader_was_seen(open_page: OpenPage, engine: MadeEngine) -> None:
    engine.parts = [urgent_answer()]
    page = asked(open_page, engine, "numb")
    assert len(page.feedback) == 0

    page.button(key="seen").click().run()
    vote(page, 1, UP)

    assert engine.feedback().find()[0].feedback.behavior is Behavior.URGENT
