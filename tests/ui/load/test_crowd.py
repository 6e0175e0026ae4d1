"""Fifty readers at once, in short; `python -m tests.ui.load` is the long form."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.ui.load.__main__ import measure, report

READERS = 50
BASE = ("Do warm packs help a sore back?", "What is petrissage?", "How should I sleep?", "Who won the world cup?")


@pytest.mark.slow
def test_fifty_readers_get_their_own_answers_and_leave_no_memory_behind(page_index: Path) -> None:
    questions = [f"{BASE[number % len(BASE)]} I am reader {number}." for number in range(2 * READERS)]

    # In a thread of its own: a browser test before this one may have left its event loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        outcome, before, after = thread.submit(
            measure, READERS, 20.0, questions, CITEWELL_INDEX__PATH=str(page_index), CITEWELL_FEEDBACK__ENABLED="true"
        ).result()

    assert outcome.problems == [], report(outcome, before, after)
    assert outcome.asked >= 2 * READERS
    assert after <= 1.1 * before, report(outcome, before, after)
