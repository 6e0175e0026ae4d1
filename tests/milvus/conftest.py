"""Servers that the tests of this folder share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.milvus.load import MEASURED
from tests.milvus.server import URI, StartedServer, milvus_server, needs_client, server_python


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server's programs are unpacked, once for every server."""
    return tmp_path_factory.mktemp("milvus-programs")


@pytest.fixture(scope="session")
def milvus_uri(unpacked: Path) -> Iterator[str]:
    """The address of a real Milvus server."""
    if URI:
        needs_client()
        yield URI
        return
    with milvus_server(server_python(), unpacked) as server:
        yield server.uri


@pytest.fixture(scope="module")
def milvus_cluster(unpacked: Path) -> Iterator[StartedServer]:
    """A server of our own to which query nodes can be added: never the one at MILVUS_URI, since some are killed."""
    with milvus_server(server_python(), unpacked, cluster=True) as server:
        yield server


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured."""
    if MEASURED:
        terminalreporter.section("Milvus")
        for line in MEASURED:
            terminalreporter.write_line(line)
