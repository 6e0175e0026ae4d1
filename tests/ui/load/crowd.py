"""A crowd of readers who come, ask, and leave, and what must hold for each of them."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.ui.load.visitor import PageError, Visitor

TIMEOUT_S = 90.0
THINKING_S = 1.0
"""A reader pauses between opening the page and asking, and before going on, in seconds."""


@dataclass
class Outcome:
    """What a crowd met.

    Attributes:
        asked: questions that were answered rightly.
        visits: tabs that were opened.
        problems: every error and every mix-up, in a line.
        seconds: time from each question to its whole reply.
    """

    asked: int = 0
    visits: int = 0
    problems: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def quantile(self, share: int) -> float:
        """Return the time within which so many percent of the replies stood."""
        return statistics.quantiles(self.seconds, n=100)[share - 1] if len(self.seconds) > 1 else 0.0


async def alone(address: str, questions: Sequence[str]) -> dict[str, str]:
    """Return the reply to each question as a reader gets it who is alone."""
    found = {}
    for question in questions:
        async with Visitor(address, timeout_s=TIMEOUT_S * 4) as visitor:
            await visitor.ask(question)
            found[question] = visitor.replies[-1]
    return found


async def crowd(address: str, expected: dict[str, str], *, readers: int, seconds: float) -> Outcome:
    """Have so many readers at once, for so long; each asks two questions of its own and is followed by another.

    Args:
        address: of the page.
        expected: the reply to each question, at least two questions a reader.
        readers: how many are on the page at once.
        seconds: how long new ones come.
    """
    outcome = Outcome()
    until = time.monotonic() + seconds
    questions = list(expected)

    async def seat(number: int) -> None:
        turn = 0
        await asyncio.sleep(THINKING_S * number / readers)
        while time.monotonic() < until:
            mine = [questions[(number + readers * (turn + step)) % len(questions)] for step in (0, 1)]
            await _visit(address, mine, expected, outcome)
            turn += 1

    await asyncio.gather(*(seat(number) for number in range(readers)))
    return outcome


async def _visit(address: str, mine: list[str], expected: dict[str, str], outcome: Outcome) -> None:
    try:
        async with Visitor(address, timeout_s=TIMEOUT_S) as visitor:
            outcome.visits += 1
            for count, question in enumerate(mine, start=1):
                await asyncio.sleep(THINKING_S)
                started = time.monotonic()
                await visitor.ask(question)
                outcome.seconds.append(time.monotonic() - started)
                if visitor.questions != mine[:count]:
                    outcome.problems.append(f"asked {mine[:count]}, the page shows {visitor.questions}")
                elif count == 1 and visitor.replies != [expected[question]]:
                    outcome.problems.append(f"'{question}' got another reply than when asked alone")
                else:
                    outcome.asked += 1
    except (PageError, OSError, TimeoutError, EOFError) as error:
        outcome.problems.append(f"{type(error).__name__}: {error}")
    except Exception as error:
        outcome.problems.append(f"{type(error).__name__}: {error}")


def resident_mb(process: int) -> float:
    """Return the memory that a process holds, in MB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"process {process} does not say how much memory it holds")
