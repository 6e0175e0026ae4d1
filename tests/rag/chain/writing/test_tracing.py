"""Nothing is sent to a tracing service that the environment names, unless a setting of Citewell's own allows it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.rag.chain.writing.conftest import KEY, QUESTION
from tests.rag.chain.writing.scripted_server import MODEL, ScriptedServer

SCRIPT = """
import asyncio, sys
from rag.assemble import make_answerer, make_retriever
from rag.retrieve.langchain_retriever import CitewellRetriever
from rag.settings import get_settings

question, settings = sys.argv[1], get_settings()
answerer = make_answerer(settings)
modes = {str(answerer.invoke(question).mode)}
modes |= {str(answer.mode) for answer in answerer.stream(question)}
modes |= {str(answer.mode) for answer in answerer.batch([question, question])}
modes.add(str(asyncio.run(answerer.ainvoke(question)).mode))
documents = CitewellRetriever(ranker=make_retriever(settings), traced=settings.log.tracing).invoke(question)

from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
print(modes, len(documents))
"""


class _Collector(ThreadingHTTPServer):
    """Stands for the tracing service; counts what reaches it."""

    daemon_threads = True
    received: list[bytes]


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        """Take whatever comes."""
        collector: _Collector = self.server  # type: ignore[assignment]
        collector.received.append(self.path.encode() + self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_PATCH = do_GET  # noqa: N815 - the library's names


@pytest.fixture
def collector() -> Iterator[_Collector]:
    """A server at the address that the environment names for traces."""
    server = _Collector(("127.0.0.1", 0), _Handler)
    server.received = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def run_traced(collector: _Collector, chat: ScriptedServer, index: Path, folder: Path, **more: str) -> str:
    """Ask in every form, in a process whose environment asks for tracing; return what it prints."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
        "LANGSMITH_TRACING": "true",
        "LANGSMITH_TRACING_V2": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGSMITH_ENDPOINT": f"http://127.0.0.1:{collector.server_address[1]}",
        "LANGSMITH_API_KEY": "no-key",
        "CITEWELL_INDEX__PATH": str(index),
        "CITEWELL_CHAT__MODEL": MODEL,
        "CITEWELL_CHAT__BASE_URL": chat.base_url,
        "CITEWELL_CHAT__API_KEY": KEY,
        **more,
    }
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", SCRIPT, QUESTION],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_tracing_of_the_environment_sends_nothing(
    collector: _Collector, server: ScriptedServer, tiny_index: Path, tmp_path: Path
) -> None:
    shown = run_traced(collector, server, tiny_index, tmp_path)

    assert shown.startswith("{'writing'} ")
    assert collector.received == []


def test_tracing_is_done_where_the_setting_allows_it(
    collector: _Collector, server: ScriptedServer, tiny_index: Path, tmp_path: Path
) -> None:
    run_traced(collector, server, tiny_index, tmp_path, CITEWELL_LOG__TRACING="true")

    assert any(QUESTION.encode() in body for body in collector.received)
