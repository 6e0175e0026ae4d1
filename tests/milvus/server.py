"""A real Milvus server for one test run: the one at MILVUS_URI, or one started and thrown away afterwards."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import NoReturn

import pytest

PYTHON = os.environ.get("CITEWELL_TEST_MILVUS_PYTHON")  # read here: tests start from a clean environment
URI = os.environ.get("MILVUS_URI")
REQUIRED = "REQUIRE_MILVUS"
"""Set in the environment, a missing server fails the tests instead of skipping them."""

START_S = 120.0
PROJECT = Path(__file__).parent.parent.parent


class ServerError(Exception):
    """The server did not start; the message says what it printed."""


class StartedServer:
    """A running launcher with its server.

    Attributes:
        uri: where clients reach it.
        process: id of the process that holds the whole server.
    """

    def __init__(self, launcher: "subprocess.Popen[str]", log: Path) -> None:
        """Wait until the server is ready.

        Raises:
            ServerError: it ended, or took more than two minutes.
        """
        self._launcher = launcher
        self._log = log
        self._lines: Queue[str] = Queue()
        Thread(target=self._listen, daemon=True).start()
        _, port, process = self._next("READY").split()
        self.uri = f"http://127.0.0.1:{port}"
        self.process = int(process)

    def start_query_node(self) -> int:
        """Start one more query node and return its process id."""
        assert self._launcher.stdin is not None
        self._launcher.stdin.write("node\n")
        self._launcher.stdin.flush()
        return int(self._next("NODE").split()[1])

    def _listen(self) -> None:
        assert self._launcher.stdout is not None
        for line in self._launcher.stdout:
            self._lines.put(line)
        self._lines.put("")

    def _next(self, word: str) -> str:
        try:
            line = self._lines.get(timeout=START_S)
        except Empty:
            line = ""
        if not line.startswith(word):
            said = self._log.read_text(errors="replace").strip().splitlines()
            raise ServerError(f"Milvus said no {word} within {START_S:.0f} s: {' '.join(said[-3:])}")
        return line


@contextmanager
def milvus_server(python: str, unpacked: Path, *, cluster: bool = False) -> Iterator[StartedServer]:
    """Start a server; give it; end it with every process it started.

    Args:
        python: the Python with the package milvus, and for a cluster confluent-kafka.
        unpacked: folder where its programs are, or will be, unpacked.
        cluster: whether query nodes can be added.
    """
    with tempfile.TemporaryDirectory(prefix="citewell-milvus-", ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "launcher.log"
        command = [python, "-m", "tests.milvus.launcher", str(unpacked), folder]
        with log.open("w") as errors:
            launcher = subprocess.Popen(  # noqa: S603 - the project's own module, run by a Python that the caller names
                command + ["--cluster"] * cluster,
                cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)}, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        assert launcher.stdin is not None
        assert launcher.stdout is not None
        try:
            yield StartedServer(launcher, log)
        finally:
            launcher.stdin.close()
            try:
                launcher.wait(30)
            except subprocess.TimeoutExpired:
                launcher.kill()  # its children end with it
                launcher.wait()
            launcher.stdout.close()


def server_python() -> str:
    """Return the Python that has the server, or skip, or fail where a server is required."""
    needs_client()
    if not PYTHON:
        _missing("needs a Milvus server to kill: set CITEWELL_TEST_MILVUS_PYTHON to a Python with milvus==2.3.5")
    return PYTHON


def needs_client() -> None:
    """Skip where the client is not installed, or fail where a server is required."""
    if find_spec("pymilvus") is None:
        _missing("needs the client: pip install 'citewell[milvus]'")


def _missing(reason: str) -> NoReturn:
    if os.environ.get(REQUIRED):
        pytest.fail(f"{REQUIRED} is set; {reason}")
    pytest.skip(reason)
