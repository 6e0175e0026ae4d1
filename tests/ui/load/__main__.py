"""`python -m tests.ui.load`: the long form of the load test, against a server that it starts itself."""

import argparse
import asyncio
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from rag.assemble import open_reader
from rag.settings import get_settings
from tests.ui.browser import free_port, started
from tests.ui.load.crowd import Outcome, alone, crowd, resident_mb
from ui.__main__ import COLLECT_EVERY_S
from ui.suggestions import article_questions

FORGET_AFTER_S = 5
"""How long the server keeps a tab that left; 120 by default, which would only make the test longer."""


def main() -> int:
    """Run the load test and print what was measured; return 1 when something did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.ui.load", description="Many readers on the page at once.")
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300.0)
    asked = parser.parse_args()
    articles = open_reader(get_settings()).articles()
    questions = list(dict.fromkeys(text for article in articles for text in article_questions(article)))
    outcome, before, after = measure(asked.readers, asked.seconds, questions[: 2 * asked.readers])
    sys.stdout.write(report(outcome, before, after) + "\n")
    return 1 if outcome.problems or after > 1.1 * before else 0


def measure(readers: int, seconds: float, questions: list[str], **environment: str) -> tuple[Outcome, float, float]:
    """Return what a crowd met on a server of its own, and the server's memory in MB before and after.

    Args:
        readers: on the page at once.
        seconds: how long new ones come.
        questions: what they ask, at least two for each.
        environment: settings of the server.
    """
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, files[1]), files[1]))
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        options = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(FORGET_AFTER_S), **os.environ, **environment}
        with started(["-m", "ui", "--port", str(port)], port, log, **options) as (address, process):
            expected = asyncio.run(alone(address, questions))
            asyncio.run(crowd(address, expected, readers=readers, seconds=10))  # memory that is filled once stays
            before = settled_mb(address, process)
            outcome = asyncio.run(crowd(address, expected, readers=readers, seconds=seconds))
            after = settled_mb(address, process)
    return outcome, before, after


def settled_mb(address: str, process: int) -> float:
    """Return the server's memory once it has forgotten the tabs that left."""
    time.sleep(FORGET_AFTER_S + 1)
    asyncio.run(alone(address, []))
    time.sleep(COLLECT_EVERY_S + 2)
    return resident_mb(process)


def report(outcome: Outcome, before: float, after: float) -> str:
    """Return what was measured, in lines."""
    return "\n".join(
        (
            f"visits {outcome.visits}, questions answered rightly {outcome.asked}, problems {len(outcome.problems)}",
            f"seconds to the whole reply: median {outcome.quantile(50):.2f}, 95 % {outcome.quantile(95):.2f}",
            f"memory of the server: {before:.0f} MB before, {after:.0f} MB after",
            *outcome.problems[:10],
        )
    )


if __name__ == "__main__":
    sys.exit(main())
