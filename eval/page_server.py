"""A page's server as a child process: when it answers, how much memory it holds, and its end."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import CitewellError

HOST = "127.0.0.1"
HEALTH = "/_stcore/health"
LIMIT_S = 180.0
"""How long a server may take to answer."""

POLL_S = 0.01
END_S = 20.0
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class PageServer:
    """How a page is served.

    Attributes:
        name: key in the JSON report.
        title: name for readers.
        command: starts the server on a port of this machine.
        ready: path that answers 200 once everything is loaded.
        answers: whether the page answers questions.
        folder: where it is started; None for the current one.
        environment: variables besides our own.
    """

    name: str
    title: str
    command: Callable[[int], list[str]]
    ready: str = HEALTH
    answers: bool = False
    folder: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Running:
    """A server that has answered.

    Attributes:
        address: of its page.
        process: its process id.
        started: when it was started, in seconds since 1970 as browsers count them, too.
        healthy_s: seconds from then to its first health answer.
    """

    address: str
    process: int
    started: float
    healthy_s: float


@contextmanager
def running(server: PageServer, log: Path, *, ready: bool = False) -> Iterator[Running]:
    """Start a server, give it when it answers, and end it by its process id whatever happens.

    Args:
        server: how it is started.
        log: takes what it prints.
        ready: also wait until everything is loaded.

    Raises:
        CitewellError: it ended, or did not answer in time.
    """
    port = free_port()
    with log.open("wb") as output:
        started = time.time()
        process = subprocess.Popen(  # noqa: S603 - our own commands
            server.command(port),
            cwd=server.folder,
            env={**os.environ, **server.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(server, port, HEALTH, process, log)
            healthy_s = time.time() - started
            if ready:
                _wait_for(server, port, server.ready, process, log)
            yield Running(f"http://{HOST}:{port}", process.pid, started, healthy_s)
        finally:
            _end(process)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        return int(trial.getsockname()[1])


def memory_mb(process: int, *, own: bool = False) -> float | None:
    """Return the memory that a process and its children hold, in 10^6 bytes, or None where the system has no /proc.

    Args:
        process: its id.
        own: without mapped files, whose pages the system takes back when it likes.
    """
    if not (PROC / str(process) / "status").is_file():
        return None
    parents = {child: parent for child in _numbers() if (parent := _status(child, "PPid:")) is not None}
    tree = {process}
    while more := {child for child, parent in parents.items() if parent in tree} - tree:
        tree |= more
    return sum(_status(one, "RssAnon:" if own else "VmRSS:") or 0 for one in tree) * 1024 / 1e6


def citewell_page(index: Path | None = None) -> PageServer:
    """Return Citewell's page over an index, or over that of the settings."""
    return PageServer(
        "citewell",
        "Citewell's page",
        lambda port: [sys.executable, "-m", "rag", "serve", "--host", HOST, "--port", str(port)],
        ready="/ready",
        answers=True,
        environment={"CITEWELL_INDEX__PATH": str(index.resolve())} if index else {},
    )


HELLO = """import streamlit as st

st.title("Hello")
st.chat_input("Say something")
"""

OPTIONS: Mapping[str, object] = {
    "browser.gatherUsageStats": False,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 1,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "logger.hideWelcomeMessage": True,
    "runner.postScriptGC": False,
}
"""Streamlit's options as Citewell's page has them."""


def hello_page(folder: Path) -> PageServer:
    """Write a bare Streamlit page into a folder and return how it is served, with the options of Citewell's page."""
    script = folder / "hello.py"
    script.write_text(HELLO, encoding="utf-8")
    given = {name: str(value).lower() if isinstance(value, bool) else value for name, value in OPTIONS.items()}
    options = [f"--{name}={value}" for name, value in given.items()]
    return PageServer(
        "hello",
        "a bare Streamlit page with a title and a chat input",
        lambda port: [
            *(sys.executable, "-m", "streamlit", "run", str(script)),
            *(f"--server.address={HOST}", f"--server.port={port}", *options),
        ],
        folder=folder,
    )


def _wait_for(server: PageServer, port: int, path: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + LIMIT_S
    while not _answers(port, path):
        if process.poll() is not None:
            raise CitewellError(f"{server.title} ended with {process.returncode} at its start: {_last_line(log)}")
        if time.monotonic() > until:
            raise CitewellError(f"{server.title} did not answer {path} within {LIMIT_S:.0f} s: {_last_line(log)}")
        time.sleep(POLL_S)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it printed nothing")


def _numbers() -> list[int]:
    return [int(one.name) for one in PROC.iterdir() if one.name.isdigit()]


def _status(process: int, key: str) -> int | None:
    """A number of a process's status; None when it has ended meanwhile, or holds no memory of its own."""
    try:
        lines = (PROC / str(process) / "status").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith(key)), None)
