"""What a tab carries from one replica to another."""

import time

import pytest
from pydantic import SecretStr

from rag.sealing import sealed, unsealed
from rag.settings import PageSettings
from tests.ui.made import made_answer, urgent_answer
from ui.carrying import CARRIED_S, INTERRUPTED, carrying_key, packed, unpacked
from ui.session import Session, Stage

KEY = b"k" * 32


def talk(question: str = "Do warm packs help?") -> Session:
    session = Session()
    exchange = session.begin(question)
    session.show(exchange, made_answer())
    session.finish(exchange)
    return session


def test_conversation_comes_back_whole() -> None:
    session = talk()
    session.exchanges[0].kept = 7

    found = unpacked(packed(session, KEY), KEY)

    assert found is not None
    assert found.exchanges == session.exchanges
    assert found.history() == session.history()
    assert found.version == session.version


def test_urgent_panel_still_stands() -> None:
    session = Session()
    session.show(session.begin("I cannot feel my legs"), urgent_answer())

    found = unpacked(packed(session, KEY), KEY)

    assert found is not None
    assert found.pinned == urgent_answer()


def test_question_that_was_being_answered_is_there_with_a_line() -> None:
    found = unpacked(packed(talk(), KEY, asked="And cold ones?"), KEY)

    assert found is not None
    last = found.exchanges[-1]
    assert (last.question, last.answer, last.stage, last.note) == ("And cold ones?", None, Stage.STOPPED, INTERRUPTED)


def test_altered_foreign_or_malformed_text_is_no_conversation() -> None:
    text = packed(talk(), KEY)
    middle = len(text) // 2
    altered = text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :]

    assert unpacked(altered, KEY) is None
    assert unpacked(text, b"another key") is None
    assert unpacked(sealed(b"[1, 2]", KEY), KEY) is None
    assert [unpacked(given, KEY) for given in ("", "1", "no base 64!", "ä", "AAAA")] == [None] * 5


def test_conversation_that_is_too_old_is_not_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    text = packed(talk(), KEY)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + CARRIED_S + 1)

    assert unpacked(text, KEY) is None


def test_replicas_with_one_secret_have_one_key_and_others_have_none() -> None:
    one, other = SecretStr("a" * 32), SecretStr("b" * 32)

    assert carrying_key(PageSettings(secret=one)) == carrying_key(PageSettings(secret=one))
    assert carrying_key(PageSettings(secret=one)) != carrying_key(PageSettings(secret=other))
    assert carrying_key(PageSettings()) is None


def test_seal_holds_what_was_sealed() -> None:
    assert unsealed(sealed(b"as it was", KEY), KEY) == b"as it was"


def test_long_conversation_stays_small_enough_to_carry() -> None:
    session = Session()
    for number in range(100):
        exchange = session.begin(f"Question {number} about something else")
        session.show(exchange, made_answer())

    text = packed(session, KEY)
    found = unpacked(text, KEY)

    assert found is not None
    assert found.exchanges[-1].question == "Question 99 about something else"
    assert len(text) < 100_000
