"""Fifty readers at once, in short; `python -m tests.ui.load` is the long form."""

from pathlib import Path

import pytest

from tests.ui.load.__main__ import measure, report

READERS = 50
BASE = ("Do warm packs help a sore back?", "What is petrissage?", "How should I sleep?", "Who won the world cup?")


@pytest.mark.slow
def test_fifty_readers_get_their_own_answers_and_leave_no_memory_behind(page_index: Path) -> None:
    questions = [f"{BASE[number % len(BASE)]} I am reader {number}." for number in range(2 * READERS)]

    outcome, before, after = measure(
        READERS, 20.0, questions, CITEWELL_INDEX__PATH=str(page_index), CITEWELL_FEEDBACK__ENABLED="true"
    )

    assert outcome.problems == [], report(outcome, before, after)
    assert outcome.asked >= 2 * READERS
    assert after <= 1.1 * before, report(outcome, before, after)
