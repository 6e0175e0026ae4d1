"""The server of the tests: reached from this machine only, gone when they end, and never missed in silence."""

import os
from pathlib import Path

import pytest

from tests.milvus import server
from tests.milvus.server import REQUIRED, milvus_server, server_python

pytestmark = pytest.mark.slow


def test_server_has_a_network_of_its_own_with_nothing_but_a_loopback(unpacked: Path) -> None:
    with milvus_server(server_python(), unpacked) as started:
        process = Path(f"/proc/{started.process}")
        own, theirs = os.readlink("/proc/self/ns/net"), os.readlink(process / "ns/net")
        interfaces = [line.split(":")[0].strip() for line in (process / "net/dev").read_text().splitlines()[2:]]

    assert own != theirs
    assert interfaces == ["lo"]


def test_no_process_outlives_the_tests(unpacked: Path) -> None:
    with milvus_server(server_python(), unpacked, cluster=True) as started:
        processes = [started.process, started.start_query_node()]
        assert all(Path(f"/proc/{one}").exists() for one in processes)

    assert not any(Path(f"/proc/{one}").exists() for one in processes)


def test_missing_server_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PYTHON", None)
    monkeypatch.setattr(server, "find_spec", lambda name: name)  # the client may be missing here too
    monkeypatch.delenv(REQUIRED, raising=False)

    with pytest.raises(pytest.skip.Exception, match="CITEWELL_TEST_MILVUS_PYTHON"):
        server_python()


def test_missing_server_fails_where_one_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PYTHON", None)
    monkeypatch.setattr(server, "find_spec", lambda name: name)
    monkeypatch.setenv(REQUIRED, "1")

    with pytest.raises(pytest.fail.Exception, match="needs a Milvus server"):
        server_python()
