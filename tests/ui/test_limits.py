"""Too long, too fast, too many, too odd: the page stays usable and says so."""

import time

import pytest

from rag.settings import PageSettings, Settings
from tests.ui.conftest import OpenPage, html_of
from tests.ui.made import MadeEngine, made_answer
from ui.notices import SHOWN_OF_LONG
from ui.session import SHOWN_AT_ONCE, Session, Stage

SESSION_KEY = "citewell_session"


def talk(turns: int) -> Session:
    """A conversation of so many finished turns."""
    session = Session()
    for number in range(turns):
        exchange = session.begin(f"question number {number + 1}")
        session.show(exchange, made_answer())
        exchange.stage = Stage.DONE
    return session


def test_questions_that_come_too_fast_wait_a_little(open_page: OpenPage) -> None:
    engine = MadeEngine([made_answer()])
    engine.settings = Settings(page=PageSettings(max_questions_per_minute=2))
    page = open_page(engine)
    for question in ("one", "two", "three"):
        page.chat_input(key="question").set_value(question).run()

    assert [question.text for question in engine.asked] == ["one", "two"]
    assert "Please ask again in" in html_of(page)
    assert "call your local emergency number" in html_of(page)


def test_the_wait_ends_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    session = Session()
    assert session.may_ask(per_minute=1)
    assert not session.may_ask(per_minute=1)
    assert session.wait_s == pytest.approx(60)

    monkeypatch.setattr(time, "monotonic", lambda: now + 60)

    assert session.may_ask(per_minute=1)
    assert session.wait_s == 0


def test_pasted_megabytes_are_told_so_and_not_sent_back_whole(open_page: OpenPage) -> None:
    engine = MadeEngine([made_answer()])
    page = open_page(engine)

    page.chat_input(key="question").set_value("pain " * 1_000_000).run()

    html = html_of(page)
    assert not engine.asked
    assert "Your question has 4,999,999 characters; 2,000 fit." in html
    assert len(html) < SHOWN_OF_LONG + 3000


def test_control_characters_are_taken_out_before_anything_reads_them(open_page: OpenPage) -> None:
    engine = MadeEngine([made_answer()])
    page = open_page(engine)

    page.chat_input(key="question").set_value("Do\x00 warm\u202e packs\x1b[31m help?").run()
    page.chat_input(key="question").set_value("\x00\u200e ").run()

    assert [question.text for question in engine.asked] == ["Do warm packs[31m help?"]


def test_a_long_conversation_shows_its_end_and_more_on_demand(open_page: OpenPage) -> None:
    page = open_page(MadeEngine([made_answer()]))
    page.session_state[SESSION_KEY] = talk(1000)
    page.run()
    assert len(page.chat_message) == 2 * SHOWN_AT_ONCE
    assert "question number 991" in html_of(page)
    assert page.button(key="earlier").label == "Show earlier (990 more)"

    page.button(key="earlier").click().run()

    assert len(page.chat_message) == 4 * SHOWN_AT_ONCE


def test_a_thousand_turns_cost_no_more_than_a_hundred(open_page: OpenPage) -> None:
    def cost(turns: int) -> float:
        page = open_page(MadeEngine([made_answer()]))
        page.session_state[SESSION_KEY] = talk(turns)
        page.run()
        best = min(_timed(page.run) for _ in range(3))
        return float(best)

    assert cost(1000) < 2 * cost(100) + 0.2


def _timed(run: object) -> float:
    started = time.perf_counter()
    run()  # type: ignore[operator]  # a bound method
    return time.perf_counter() - started


def test_the_history_of_an_exchange_ends_before_it() -> None:
    session = talk(60)
    assert session.history(before=session.exchanges[0]) == ()
    assert [turn.content for turn in session.history(before=session.exchanges[2])][-2] == "question number 2"
    assert session.history()[-2].content == "question number 60"
