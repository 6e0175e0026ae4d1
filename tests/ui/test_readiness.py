"""Readiness: parts are tried, results kept for a moment, and nobody waits for a part that hangs."""

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from rag.settings import FeedbackSettings, IndexSettings, Settings
from rag.types import Question
from tests.ui.browser import free_port
from ui.engine_checks import engine_checks
from ui.readiness import OK, SLOW, Readiness
from ui.resources import Engine


class Tried:
    """A part that counts its tries and fails as told."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem
        self.times = 0

    def __call__(self) -> None:
        self.times += 1
        if self.problem is not None:
            raise self.problem


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Something that a hanging part waits for."""
    event = threading.Event()
    yield event
    event.set()


async def test_each_part_is_reported_by_name() -> None:
    readiness = Readiness({"model": Tried(), "index": Tried(OSError("no such disk"))})

    assert await readiness.report() == {"model": OK, "index": "OSError"}
    assert await readiness.report(["model"]) == {"model": OK}


async def test_many_probes_cost_one_try() -> None:
    part = Tried()
    readiness = Readiness({"part": part}, keep_s=60)

    await asyncio.gather(*(readiness.report() for _ in range(20)))
    await readiness.report()

    assert part.times == 1


async def test_part_is_tried_again_after_a_moment() -> None:
    part = Tried(ValueError())
    readiness = Readiness({"part": part}, keep_s=0.05)
    assert await readiness.report() == {"part": "ValueError"}
    part.problem = None

    await asyncio.sleep(0.06)

    assert await readiness.report() == {"part": OK}


async def test_hanging_part_fails_in_time_and_is_not_tried_twice(gate: threading.Event) -> None:
    tries: list[int] = []

    def hang() -> None:
        tries.append(1)
        gate.wait(20)

    readiness = Readiness({"stuck": hang, "fine": Tried()}, keep_s=0.0, limit_s=0.2)

    began = time.monotonic()
    first = await readiness.report()
    second = await readiness.report()

    assert first == second == {"stuck": SLOW, "fine": OK}
    assert time.monotonic() - began < 2
    assert tries == [1]


async def test_event_loop_goes_on_while_a_part_is_tried(gate: threading.Event) -> None:
    readiness = Readiness({"slow": lambda: gate.wait(20)}, limit_s=0.3)
    steps = 0

    probe = asyncio.create_task(readiness.report())
    while not probe.done():
        await asyncio.sleep(0.01)
        steps += 1

    assert steps > 5


async def test_part_that_comes_back_is_ready_again(gate: threading.Event) -> None:
    readiness = Readiness({"slow": lambda: gate.wait(20)}, keep_s=0.0, limit_s=0.05)
    assert await readiness.report() == {"slow": SLOW}

    gate.set()
    until = time.monotonic() + 10
    while (found := await readiness.report()) != {"slow": OK} and time.monotonic() < until:
        await asyncio.sleep(0.01)

    assert found == {"slow": OK}


async def test_loaded_engine_with_index_and_database_is_ready(real_engine: Engine) -> None:
    real_engine.start()
    await asyncio.to_thread(lambda: list(real_engine.stream(Question("What is petrissage?"))))

    found = await Readiness(engine_checks(lambda: real_engine), limit_s=60).report()

    assert found == {"model": OK, "index": OK, "feedback": OK}


async def test_missing_index_and_a_database_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    settings = Settings(
        index=IndexSettings(path=tmp_path / "nothing"), feedback=FeedbackSettings(url=SecretStr(f"sqlite:///{taken}"))
    )
    engine = Engine(settings)

    found = await Readiness(engine_checks(lambda: engine), limit_s=60).report()

    assert found["index"] == "IndexMissingError"
    assert found["feedback"] == "FeedbackStoreError"
    assert found["model"] != OK


async def test_server_of_the_index_that_does_not_answer_is_named(tmp_path: Path) -> None:
    pytest.importorskip("pymilvus")
    nobody = f"http://127.0.0.1:{free_port()}"
    engine = Engine(Settings(index=IndexSettings(path=tmp_path / "index", uri=nobody, timeout_s=1)))

    found = await Readiness(engine_checks(lambda: engine), limit_s=60).report(["index"])

    assert found == {"index": "ServerError"}
