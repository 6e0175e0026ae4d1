"""Conversations that a reload finds again."""

import time

import pytest

from tests.ui.made import made_answer
from ui.reload import KeptSessions
from ui.session import Session


def talk(question: str) -> Session:
    session = Session()
    session.show(session.begin(question), made_answer())
    return session


def test_a_tab_finds_its_own_conversation_only() -> None:
    kept = KeptSessions()
    kept.keep("a", talk("one"))
    kept.keep("b", talk("two"))

    found = kept.find("a")

    assert found is not None
    assert [exchange.question for exchange in found.exchanges] == ["one"]
    assert kept.find("c") is None


def test_a_doubled_tab_goes_its_own_way() -> None:
    kept, session = KeptSessions(), talk("one")
    kept.keep("a", session)
    found = kept.find("a")
    assert found is not None

    found.begin("two")

    assert len(session.exchanges) == 1


def test_what_is_cleared_old_or_one_too_many_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = KeptSessions(kept_s=60, at_most=2)
    for name in ("a", "b", "c"):
        kept.keep(name, talk(name))
    assert kept.find("a") is None
    cleared = talk("b")
    cleared.clear()
    kept.keep("b", cleared)
    assert kept.find("b") is None

    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 61)

    assert kept.find("c") is None
