"""A hundred readers at two replicas: the index changes under them, and one replica dies."""

import asyncio
import resource
import statistics
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.ui.load.visitor import Visitor
from tests.ui.replicas.conftest import Site
from tests.ui.replicas.readers import Outcome, Pause, read
from tests.ui.replicas.replica import wait_until

READERS = 100
EACH = 5
PAUSE_AFTER = 2
BASE = {
    "Do warm packs help a sore back?": "Warm packs may ease",
    "What is petrissage?": "Petrissage is kneading",
    "Who won the world cup?": "cw-abstention",
}
NEW = "# Cork rollers\n\n## What is a cork roller?\n\nA cork roller is a cylinder of pressed cork for the calves.\n"


def told(outcome: Outcome) -> str:
    """What was measured, in a line, and what went wrong."""
    middle, last = statistics.median(outcome.seconds), statistics.quantiles(outcome.seconds, n=20)[-1]
    return (
        f"{outcome.answered} answered, median {middle:.2f} s, 95 % {last:.2f} s; {len(outcome.reconnected)} readers "
        f"came again within {max(outcome.back_s, default=0):.1f} s, {sum(outcome.lost.values())} answers lost; "
        f"{outcome.problems[:5]}"
    )


async def asked_at(port: int, question: str) -> str:
    """What one replica replies."""
    async with Visitor(f"http://127.0.0.1:{port}", timeout_s=60) as visitor:
        await visitor.ask(question)
        return visitor.replies[-1]


@pytest.mark.slow
def test_readers_lose_at_most_one_answer_when_a_replica_dies(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, files[1]), files[1]))
    bases = list(BASE)
    questions = [
        [f"{bases[(number + turn) % len(bases)]} I am reader {number}. This is turn {turn}." for turn in range(EACH)]
        for number in range(READERS)
    ]
    expected = [BASE[bases[number % len(bases)]] for number in range(READERS)]
    outcome = Outcome()
    killed, left = site.replicas
    before, spent = killed.index_id(), left.metrics()["process_cpu_seconds_total"]

    # In a thread of its own: a browser test before this one may have left its event loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        pause = Pause(PAUSE_AFTER)
        reading = thread.submit(asyncio.run, read(site.address, questions, expected, outcome, pause))
        site.add_article("cork-rollers", NEW)
        wait_until(lambda: before not in {killed.index_id(), left.index_id()}, seconds=30)
        same_index = killed.index_id() == left.index_id()
        wait_until(lambda: outcome.answered >= READERS * PAUSE_AFTER or bool(outcome.problems), seconds=120)
        served = [one.metrics()["citewell_questions_total"] for one in site.replicas]
        pause.over.set()
        wait_until(
            lambda: outcome.answered >= READERS * PAUSE_AFTER + READERS // 5 or bool(outcome.problems), seconds=60
        )
        killed.kill()
        reading.result(timeout=240)
        reply = thread.submit(asyncio.run, asked_at(left.port, "What is a cork roller?")).result()

    after = left.metrics()
    each_s = (after["process_cpu_seconds_total"] - spent) / after["citewell_questions_total"]
    memory_mb = after["process_resident_memory_bytes"] / 1e6
    with capsys.disabled():
        sys.stdout.write(f"\n{told(outcome)}\n{each_s:.2f} s of a processor a question, {memory_mb:.0f} MB\n")
    assert outcome.problems == [], told(outcome)
    assert outcome.answered == READERS * EACH
    assert same_index
    assert "pressed cork" in reply
    assert min(served) > 0
    assert outcome.reconnected
    assert max(outcome.lost.values(), default=0) <= 1
    for log in (killed.log, left.log):
        assert_silent(log)


def assert_silent(log: Path) -> None:
    """No word of a reader stands in a log."""
    text = log.read_text(encoding="utf-8")
    assert '"event": "answered"' in text
    assert "I am reader" not in text
    assert "warm packs" not in text.lower()
