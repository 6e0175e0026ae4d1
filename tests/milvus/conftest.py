"""Servers that the tests of this folder share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.index.build import build_index
from tests.fakes import HashedEncoder
from tests.milvus.load import MEASURED
from tests.milvus.server import URI, StartedServer, milvus_server, needs_client, server_python
from tests.milvus.shared_index import SharedIndex, shared_index
from tests.rag.index.states import AFTER, BEFORE, answers, write_collection


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


@pytest.fixture
def shared(milvus_uri: str, tmp_path: Path) -> Iterator[SharedIndex]:
    with shared_index(milvus_uri, tmp_path) as index:
        yield index


@pytest.fixture(scope="module")
def built(milvus_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedIndex]:
    """An index of the collection before the change, for tests that leave it as it is."""
    with shared_index(milvus_uri, tmp_path_factory.mktemp("built")) as index:
        index.build(BEFORE)
        yield index


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, object]:
    """What a folder answers from the collection before and after the change."""
    place = tmp_path_factory.mktemp("folder")
    found = []
    for articles in (BEFORE, AFTER):
        build_index([write_collection(place / "texts", articles)], place / "index", encoder=HashedEncoder())
        found.append(answers(place / "index"))
    return found[0], found[1]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured."""
    if MEASURED:
        terminalreporter.section("Milvus")
        for line in MEASURED:
            terminalreporter.write_line(line)
