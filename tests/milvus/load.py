"""Readers who ask without end, and what each question met."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Self

PAUSE_S = 0.005
MOST_SECONDS = 240.0
"""A load ends by itself after so long, whatever becomes of the test."""

Ask = Callable[[int], Sequence[object]]
"""Asks the question of a number and returns the ids found, best first; what it raises is a failed question."""

MEASURED: list[str] = []
"""Lines for the end of the test run."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question.

    Attributes:
        question: its number.
        at: when it was asked, in seconds on the clock of `monotonic`.
        seconds: until the answer or the error.
        found: the ids, best first.
        error: what went wrong, or "".
    """

    question: int
    at: float
    seconds: float
    found: tuple[object, ...] = ()
    error: str = ""


class Load:
    """Several readers at once, each in a thread; use it as a context."""

    def __init__(self, ask: Ask, questions: int, *, readers: int = 3) -> None:
        """Keep how to ask.

        Args:
            ask: asks one question; called from several threads.
            questions: how many different ones there are.
            readers: how many ask at the same time.
        """
        self._ask = ask
        self._questions = questions
        self._over = threading.Event()
        self._asked: list[Asked] = []
        self._threads = [threading.Thread(target=self._read, args=(one,)) for one in range(readers)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def asked(self) -> list[Asked]:
        """Return everything asked so far."""
        return list(self._asked)

    def go_on(self, *, seconds: float) -> list[Asked]:
        """Let the readers read on for a while and return what was asked in that time, but for what is still open."""
        before = len(self._asked)
        self._over.wait(seconds)
        return self._asked[before:]

    def _read(self, reader: int) -> None:
        number, ends = reader, monotonic() + MOST_SECONDS
        while not self._over.wait(PAUSE_S) and monotonic() < ends:
            question = number % self._questions
            number += len(self._threads)
            at = monotonic()
            try:
                found, error = tuple(self._ask(question)), ""
            except Exception as failure:  # every kind of failure is one that a reader would meet
                found, error = (), f"{type(failure).__name__}: {failure}"
            self._asked.append(Asked(question, at, monotonic() - at, found, error))


@contextmanager
def counted(name: str) -> Iterator[list[str]]:
    """Give the list of what a logger says meanwhile: of requests that are sent twice it says so."""
    said: list[str] = []
    logger, handler = logging.getLogger(name), logging.Handler(logging.INFO)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield said
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


def recall(asked: Sequence[Asked], right: Sequence[Sequence[object]]) -> float:
    """Return the mean share of the right ids that answered questions found.

    Args:
        asked: questions; failed ones are left out.
        right: for each question the ids of an exact search.
    """
    shares = [len({*one.found} & {*right[one.question]}) / len(right[one.question]) for one in asked if not one.error]
    return sum(shares) / max(len(shares), 1)


def summary(asked: Sequence[Asked]) -> str:
    """Return numbers about questions in a line."""
    took = sorted(one.seconds * 1000 for one in asked)
    if not took:
        return "0 asked"
    failed = sum(bool(one.error) for one in asked)
    middle, late = took[len(took) // 2], took[int(len(took) * 0.95)]
    return f"{len(took)} asked, {failed} failed, p50 {middle:.0f} ms, p95 {late:.0f} ms, longest {took[-1]:.0f} ms"
