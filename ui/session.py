"""A typed view of `st.session_state`: the conversation of one browser tab. It is kept nowhere else."""

import random
import time
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

import streamlit as st

from rag.feedback.records import Feedback
from rag.types import Answer, ArticleId, Behavior, Role, Turn

MAX_TURNS = 40
"""Earlier turns handed to the answerer; the safety check looks at all of them."""

SHOWN_AT_ONCE = 10
"""Exchanges on the page, and how many more each click on "earlier" shows: a long conversation stays quick."""

RATE_S = 60.0
"""The stretch of time for which questions are counted, in seconds."""

SEEN_MESSAGE = "I have now been seen by a doctor about this."
SEEN_REPLY = "Thank you for saying so. You can go on asking. If a warning sign comes back, get help first."

_KEY = "citewell_session"


class Stage(StrEnum):
    """How far an exchange got."""

    STOPPED = "stopped"  # begun and not finished: the state in which an interrupted run leaves it
    DONE = "done"
    FAILED = "failed"
    NOTE = "note"


@dataclass(slots=True)
class Exchange:
    """A question and what came of it.

    Attributes:
        number: from 1, for the names of page elements.
        question: what was asked.
        answer: the answer as far as it was shown, or None.
        stage: how far it got.
        note: a line of the page in place of an answer, or None.
        within: title of the only article that was asked, or None.
        kept: the number of what the reader says about the reply in the feedback store, or None.
        unsent: what the reader says about the reply and the store did not take, or None.
    """

    number: int
    question: str
    answer: Answer | None = None
    stage: Stage = Stage.STOPPED
    note: str | None = None
    within: str | None = None
    kept: int | None = None
    unsent: Feedback | None = None


@dataclass(slots=True)
class Session:
    """One reader's conversation and place on the page.

    Attributes:
        exchanges: the conversation, oldest first.
        pinned: the urgent answer that stands until the reader says that they have been seen, or None.
        waiting: a question from a button or a link that is to be asked in the next run, or None.
        too_long: a question that was not taken because of its length, or None.
        link_taken: whether the question in the page's address was asked.
        seed: makes the choice of example questions steady for this tab.
        articles_shown: how many articles the library lists.
        shown: how many exchanges are on the page, counted from the newest.
        within: the only article that is asked, as its id and title, or None for all.
        wait_s: how long the reader must wait before the next question is taken, 0 when it was taken.
        tab: the random name of the tab that shows it, None until the browser has said it.
        asked_at: when the latest questions were taken, in seconds of a clock that only goes on.
        version: counts the changes of the conversation, so that the newer of two copies is known.
        lost: whether this tab had a conversation that is no longer to be had.
    """

    exchanges: list[Exchange] = field(default_factory=list)
    pinned: Answer | None = None
    waiting: str | None = None
    too_long: str | None = None
    link_taken: bool = False
    seed: int = field(default_factory=lambda: random.randrange(1_000_000))  # noqa: S311 - picks examples
    articles_shown: int = 0
    shown: int = SHOWN_AT_ONCE
    within: tuple[ArticleId, str] | None = None
    wait_s: float = 0.0
    tab: str | None = None
    asked_at: deque[float] = field(default_factory=deque)
    version: int = 0
    lost: bool = False

    def ask_next(self, question: str) -> None:
        """Have a question asked in the next run of the page."""
        self.waiting = question

    def begin(self, question: str) -> Exchange:
        """Add an exchange for a question and return it."""
        number = self.exchanges[-1].number + 1 if self.exchanges else 1
        exchange = Exchange(number, question, within=self.within[1] if self.within else None)
        self.exchanges.append(exchange)
        self.version += 1
        self.lost = False
        return exchange

    def may_ask(self, *, per_minute: int) -> bool:
        """Return whether one more question fits into this minute, and count it; else set how long to wait."""
        now = time.monotonic()
        while self.asked_at and now - self.asked_at[0] >= RATE_S:
            self.asked_at.popleft()
        if len(self.asked_at) >= per_minute:
            self.wait_s = RATE_S - (now - self.asked_at[0])
            return False
        self.asked_at.append(now)
        self.wait_s = 0.0
        return True

    def on_page(self) -> list[Exchange]:
        """Return the exchanges that are on the page, oldest first."""
        return self.exchanges[-self.shown :]

    def show_earlier(self) -> None:
        """Have more of the conversation on the page."""
        self.shown += SHOWN_AT_ONCE

    def ask_only(self, article_id: ArticleId, title: str) -> None:
        """Have the next questions answered from one article."""
        self.within = (article_id, title)

    def ask_all(self, question: str | None = None) -> None:
        """Have the next questions answered from all articles, and ask one of them again where it is given."""
        self.within = None
        self.waiting = question

    def show(self, exchange: Exchange, answer: Answer) -> None:
        """Take over an answer as far as it has grown; an urgent one is pinned at once."""
        exchange.answer = answer
        if answer.behavior is Behavior.URGENT:
            self.pinned = answer

    def finish(self, exchange: Exchange) -> None:
        """Mark an exchange as complete; an answer that is no longer urgent lifts the pinned one."""
        exchange.stage = Stage.DONE
        self.version += 1
        if exchange.answer is not None and exchange.answer.behavior is not Behavior.URGENT:
            self.pinned = None

    def history(self, *, before: Exchange | None = None) -> tuple[Turn, ...]:
        """Return the conversation so far as turns, oldest first; failed questions count for the safety check.

        Args:
            before: only what stands before this exchange.
        """
        end = len(self.exchanges) if before is None else before.number - self.exchanges[0].number
        turns: list[Turn] = []
        for exchange in self.exchanges[max(0, end - MAX_TURNS) : end]:
            turns.append(Turn(Role.USER, exchange.question))
            reply = exchange.answer.text if exchange.answer else exchange.note
            if reply:
                turns.append(Turn(Role.ASSISTANT, reply))
        return tuple(turns[-MAX_TURNS:])

    def acknowledge(self) -> None:
        """Note that the reader has been seen: in the conversation, where the safety check reads it, and here."""
        exchange = self.begin(SEEN_MESSAGE)
        exchange.stage, exchange.note = Stage.NOTE, SEEN_REPLY
        self.pinned = None

    def go_on_with(self, later: "Session") -> None:
        """Add what was asked in a session that began before this one was found again."""
        last = self.exchanges[-1].number if self.exchanges else 0
        for at, exchange in enumerate(later.exchanges, start=last + 1):
            exchange.number = at
            self.exchanges.append(exchange)
            self.version += 1
        self.pinned = later.pinned or self.pinned
        self.asked_at.extend(later.asked_at)

    def clear(self) -> None:
        """Forget the conversation."""
        self.exchanges.clear()
        self.version += 1
        self.lost = False
        self.pinned = self.waiting = self.too_long = self.within = None
        self.shown = SHOWN_AT_ONCE
        self.seed += 1


def current_session() -> Session:
    """Return the session of the tab that runs the page."""
    session = st.session_state.get(_KEY)
    if not isinstance(session, Session):
        session = st.session_state[_KEY] = Session()
    return session


def put_session(session: Session) -> None:
    """Have the tab that runs the page show another conversation."""
    st.session_state[_KEY] = session
