"""What operators read of a really started page after readers really asked: readiness, metrics, logs."""

import asyncio
import http.client
import json
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from rag.errors import SettingsError
from rag.feedback.records import Reason, Verdict, feedback_on
from rag.serving_settings import MetricsSettings
from tests.ui.browser import free_port, started
from tests.ui.load.visitor import Visitor
from tests.ui.made import made_answer
from tests.ui.replicas.replica import fetched, samples, wait_until
from ui.metrics import Metrics
from ui.operations import metrics_routes

TOKEN = "a token for the tests alone"  # noqa: S105 - of a server that lives for one test
MARK = "zanzibar"
QUESTIONS = {
    "answer": f"Do warm packs help a sore back? {MARK}",
    "abstain": f"Who won the world cup in {MARK}?",
    "urgent": f"Since yesterday I cannot feel it when I wipe, {MARK}",
}


@dataclass(frozen=True, slots=True)
class Served:
    """A page that was asked, and everything that it wrote."""

    address: str
    log: Path
    folder: Path

    def metrics(self) -> dict[str, float]:
        """What Prometheus would read."""
        status, text = fetched(f"{self.address}/metrics", Authorization=f"Bearer {TOKEN}")
        assert status == 200
        return samples(text)


async def ask_all(address: str) -> None:
    """Three readers, one question each."""
    for question in QUESTIONS.values():
        async with Visitor(address, timeout_s=120) as visitor:
            await visitor.ask(question)


@pytest.fixture(scope="module")
def served(page_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder, port = tmp_path_factory.mktemp("operations"), free_port()
    settings = {
        "CITEWELL_INDEX__PATH": str(page_index),
        "CITEWELL_FEEDBACK__URL": f"sqlite:///{folder}/feedback.sqlite3",
        "CITEWELL_LOG__FORMAT": "json",
        "CITEWELL_LOG__LEVEL": "DEBUG",
        "CITEWELL_METRICS__ENABLED": "true",
        "CITEWELL_METRICS__TOKEN": TOKEN,
        "CITEWELL_PAGE__NAMES": "answers.example.org",
    }
    with started(["-m", "rag", "serve", "--port", str(port)], port, folder / "log", **settings) as (address, _):
        wait_until(lambda: fetched(f"{address}/ready")[0] == 200, seconds=120)
        with ThreadPoolExecutor(1) as thread:  # a browser test may have left its event loop in this one
            thread.submit(asyncio.run, ask_all(address)).result()
        yield Served(address, folder / "log", folder)


def test_ready_page_says_so_by_part(served: Served) -> None:
    status, text = fetched(f"{served.address}/ready")

    assert status == 200
    assert json.loads(text) == {"ready": True, "checks": {"model": "ok", "index": "ok", "feedback": "ok"}}


def test_single_part_can_be_asked_and_an_unknown_one_is_refused(served: Served) -> None:
    assert json.loads(fetched(f"{served.address}/ready?only=index")[1])["checks"] == {"index": "ok"}
    assert fetched(f"{served.address}/ready?only=index,nothing")[0] == 400


def test_probes_cost_little(served: Served) -> None:
    took = []
    for _ in range(50):
        began = time.perf_counter()
        fetched(f"{served.address}/ready")
        took.append(time.perf_counter() - began)

    assert statistics.median(took) < 0.1


def test_metrics_count_questions_by_kind(served: Served) -> None:
    found = served.metrics()

    assert found["citewell_questions_total"] == 3
    for behavior in QUESTIONS:
        assert found[f'citewell_replies_total{{behavior="{behavior}",mode="quoting"}}'] == 1
    assert found['citewell_unanswered_questions_total{why="error"}'] == 0


def test_metrics_have_times_by_stage_and_the_index(served: Served) -> None:
    found = served.metrics()

    assert found['citewell_stage_seconds_count{stage="total"}'] == 3
    assert found['citewell_stage_seconds_count{stage="triage"}'] == 3
    assert found['citewell_stage_seconds_count{stage="search"}'] == 2
    assert 0 < found['citewell_stage_seconds_sum{stage="total"}'] < 60
    assert [value for name, value in found.items() if name.startswith("citewell_index_info")] == [1]
    assert found["citewell_index_passages"] > 4
    assert found["citewell_failed_quote_checks_total"] == 0


def test_connected_readers_come_and_go(served: Served) -> None:
    async def during() -> float:
        async with Visitor(served.address, timeout_s=60):
            return served.metrics()["citewell_readers_connected"]

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, during()).result() == 1
    wait_until(lambda: served.metrics()["citewell_readers_connected"] == 0, seconds=20)


@pytest.mark.parametrize(("name", "status"), [("answers.example.org", 101), ("other.example.org", 403)])
def test_page_behind_a_proxy_takes_the_named_host_only(served: Served, name: str, status: int) -> None:
    connection = http.client.HTTPConnection(served.address.removeprefix("http://"), timeout=20)
    headers = {
        "Host": name,
        "Origin": f"https://{name}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }

    connection.request("GET", "/_stcore/stream", headers=headers)
    found = connection.getresponse().status
    connection.close()

    assert found == status


def test_metrics_need_the_token(served: Served) -> None:
    assert fetched(f"{served.address}/metrics")[0] == 401
    assert fetched(f"{served.address}/metrics", Authorization="Bearer another")[0] == 401


def test_every_line_of_the_log_is_json_and_tells_of_each_answer(served: Served) -> None:
    lines = [json.loads(line) for line in served.log.read_text(encoding="utf-8").splitlines()]

    assert all({"time", "level", "logger", "event"} <= set(line) for line in lines)
    answered = [line["fields"] for line in lines if line["event"] == "answered"]
    assert [one["behavior"] for one in answered] == list(QUESTIONS)
    assert all(one["ms"]["total"] > 0 and one["index_id"] for one in answered)


def test_no_word_of_a_reader_or_a_reply_is_in_the_log_the_metrics_or_a_file(served: Served) -> None:
    _, metrics = fetched(f"{served.address}/metrics", Authorization=f"Bearer {TOKEN}")
    written = {path: path.read_bytes() for path in served.folder.rglob("*") if path.is_file()}
    assert served.log in written

    for content in (metrics.encode(), *written.values()):
        for word in (MARK, "warm packs may ease"):
            assert word.encode() not in content.lower()


def test_page_without_an_index_is_up_and_not_ready(tmp_path: Path) -> None:
    port = free_port()
    settings = {"CITEWELL_INDEX__PATH": str(tmp_path / "nothing"), "CITEWELL_FEEDBACK__ENABLED": "false"}

    with started(["-m", "rag", "serve", "--port", str(port)], port, tmp_path / "log", **settings) as (address, _):
        status, text = fetched(f"{address}/ready")

    found = json.loads(text)
    assert status == 503
    assert found["ready"] is False
    assert found["checks"]["index"] == "IndexMissingError"
    assert found["checks"]["feedback"] == "ok"
    assert str(tmp_path) not in text


def test_feedback_and_failures_are_counted() -> None:
    metrics = Metrics()

    metrics.voted(feedback_on(made_answer(), Verdict.DOWN, reason=Reason.UNSAFE))
    metrics.unanswered("stopped")

    found = samples(metrics.text("")[0].decode())
    assert found['citewell_feedback_total{reason="unsafe",verdict="down"}'] == 1
    assert found['citewell_unanswered_questions_total{why="stopped"}'] == 1
    assert found["citewell_questions_total"] == 1


def test_metrics_that_nobody_may_read_are_refused_with_one_line() -> None:
    with pytest.raises(SettingsError, match="CITEWELL_METRICS__PORT"):
        metrics_routes(MetricsSettings(enabled=True))


def test_metrics_are_off_unless_switched_on() -> None:
    assert metrics_routes(MetricsSettings(token=SecretStr(TOKEN))) == []
