"""Readers who go on where they were when the replica that served them is gone."""

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.ui.load.visitor import PageError, Tab, Visitor

THINKING_S = 1.0
TIMEOUT_S = 60.0
PATIENCE_S = 30.0
"""How long a reader tries to reach the page again, in seconds."""


@dataclass
class Outcome:
    """What the readers met.

    Attributes:
        answered: questions that were answered.
        lost: for each reader, answers that were under way when the connection broke.
        reconnected: readers who had to come again.
        problems: everything that must not happen, in a line.
        seconds: time from each question to its whole reply.
        back_s: time from each broken connection to a page that can be asked again.
    """

    answered: int = 0
    lost: dict[int, int] = field(default_factory=dict)
    reconnected: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    back_s: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pause:
    """Where all readers wait for something, with their tabs open.

    Attributes:
        after: so many questions of each.
        over: set when it has come.
    """

    after: int
    over: threading.Event = field(default_factory=threading.Event)

    async def wait(self, asked: int) -> None:
        """Wait where it is time to."""
        while asked == self.after and not self.over.is_set():
            await asyncio.sleep(0.05)


async def read(
    address: str, questions: Sequence[Sequence[str]], expected: Sequence[str], outcome: Outcome, pause: Pause
) -> None:
    """Have all readers at once ask their own questions, one after the other.

    Args:
        address: of the proxy.
        questions: of each reader, no two alike.
        expected: a text that the reply to each reader's first question holds.
        outcome: takes what happens, while it happens.
        pause: where they wait.
    """
    readers = (_Reader(address, number, mine, expected[number], outcome) for number, mine in enumerate(questions))
    await asyncio.gather(*(reader.talk(pause) for reader in readers))


class _Reader:
    """One reader with one tab."""

    def __init__(self, address: str, number: int, questions: Sequence[str], first: str, outcome: Outcome) -> None:
        self._address = address
        self._number = number
        self._questions = list(questions)
        self._first = first
        self._outcome = outcome
        self._tab = Tab(number + 1)
        self._shown: list[str] = []

    async def talk(self, pause: Pause) -> None:
        """Ask everything; come again whenever the connection breaks."""
        await asyncio.sleep(3 * THINKING_S * (self._number % 10) / 10)
        broken: float | None = None
        while self._questions:
            try:
                async with Visitor(self._address, timeout_s=TIMEOUT_S, tab=self._tab) as visitor:
                    if broken is not None:
                        self._came_back(visitor, broken)
                        broken = None
                    await self._ask_all(visitor, pause)
            except (ConnectionClosed, InvalidHandshake, OSError, EOFError) as error:
                broken = broken or time.monotonic()
                if time.monotonic() - broken > PATIENCE_S:
                    self._problem(f"could not come back ({type(error).__name__})")
                    return
                await asyncio.sleep(0.5)
            except (PageError, TimeoutError) as error:
                self._problem(f"{type(error).__name__}: {error}")
                return

    async def _ask_all(self, visitor: Visitor, pause: Pause) -> None:
        while self._questions:
            await pause.wait(len(self._shown))
            await asyncio.sleep(THINKING_S)
            question, began = self._questions[0], time.monotonic()
            try:
                await visitor.ask(question)
            except (ConnectionClosed, OSError, EOFError):
                self._outcome.lost[self._number] = self._outcome.lost.get(self._number, 0) + 1
                raise
            self._outcome.seconds.append(time.monotonic() - began)
            self._questions.pop(0)
            self._shown.append(question)
            self._outcome.answered += 1
            self._check(visitor)

    def _check(self, visitor: Visitor) -> None:
        """On the page stand this reader's questions, and nobody else's; one that was interrupted stands twice."""
        if list(dict.fromkeys(visitor.questions)) != self._shown:
            self._problem(f"asked {self._shown}, the page shows {visitor.questions}")
        if any(f"I am reader {self._number}." not in one for one in visitor.questions):
            self._problem(f"the page shows another reader's question: {visitor.questions}")
        if len(visitor.replies) < len(self._shown) or self._first not in visitor.replies[0]:
            self._problem(f"'{self._shown[0]}' has not the reply that it gets alone")

    def _came_back(self, visitor: Visitor, broken: float) -> None:
        self._outcome.reconnected.add(self._number)
        self._outcome.back_s.append(time.monotonic() - broken)
        if visitor.questions[: len(self._shown)] != self._shown:
            self._problem(f"had asked {self._shown}, came back to {visitor.questions}")

    def _problem(self, what: str) -> None:
        self._outcome.problems.append(f"reader {self._number}: {what}")
