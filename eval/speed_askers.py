"""Throughput: how many whole answers a second several people get who ask at the same time."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

ASKERS = (1, 8, 32)


def answers_per_second(answer: Callable[[str], object], questions: Sequence[str], askers: int) -> float:
    """Return the rate at which so many people, each asking one question after the other, are answered.

    Args:
        answer: from a question to an answer; called in as many threads as there are people.
        questions: every person asks each of them at least in part; one or more.
        askers: number of people.
    """
    asked = [questions[place % len(questions)] for place in range(max(len(questions), 2 * askers))]
    with ThreadPoolExecutor(askers) as people:
        started = time.perf_counter()
        for _ in people.map(answer, asked):
            pass
        return len(asked) / (time.perf_counter() - started)
