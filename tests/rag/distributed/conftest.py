"""What the tests with Ray start from: a collection, its index by one process, a cluster of two nodes."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rag.index.generations import ENGLISH_FILE, EXAMPLES_FILE, EXPORTS
from tests.conftest import PROJECT, TINY_CORPUS
from tests.rag.distributed.articles import write_articles

ON_LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0"}
DEADLINE_S = 300


@pytest.fixture(scope="session")
def ray() -> None:
    """Skips where Ray is not installed; with REQUIRE_RAY=1 that is a failure."""
    if importlib.util.find_spec("ray") is None:
        if os.environ.get("REQUIRE_RAY") == "1":
            pytest.fail('Ray is not installed: pip install -e ".[ray]"')
        pytest.skip('Ray is not installed: pip install -e ".[ray]"')


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some 240 articles, four of them of many kinds, and two files that are refused."""
    folder = tmp_path_factory.mktemp("articles")
    shutil.copytree(TINY_CORPUS, folder / "tiny")
    write_articles(folder / "made", 240)
    (folder / "empty.md").write_text("")
    (folder / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    return folder


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run of the command ended."""

    status: int
    said: dict[str, Any]
    errors: str


class Run:
    """A run of `citewell index … --json`, in a process of its own."""

    def __init__(self, collection: Path, index: Path, *ray: str) -> None:
        self.records = index / "shards"
        command = [sys.executable, "-m", "rag", "index", str(collection), "--index", str(index), "--json", *ray]
        self._process = subprocess.Popen(  # noqa: S603
            command, cwd=PROJECT, env={**os.environ, **ON_LOOPBACK}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def wait_for_shards(self, count: int) -> None:
        """Wait until so many shards are recorded."""
        give_up = time.monotonic() + DEADLINE_S
        while len(list(self.records.glob("*.record"))) < count:
            assert self._process.poll() is None, self._process.communicate()[1].decode()
            assert time.monotonic() < give_up
            time.sleep(0.02)

    def kill(self) -> None:
        """End the process as a power cut would."""
        self._process.kill()
        self._process.communicate()

    def ended(self) -> Ran:
        """Wait for the end."""
        said, errors = self._process.communicate(timeout=DEADLINE_S)
        assert self._process.returncode in (0, 3), errors.decode()
        return Ran(self._process.returncode, json.loads(said), errors.decode())


class TwoNodes:
    """A cluster of two nodes on this machine."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True)  # a short path: sockets
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.rag.distributed.two_nodes"],
            cwd=PROJECT,
            env={**os.environ, **ON_LOOPBACK, "RAY_TMPDIR": self._folder.name},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.address = self._line()

    def ask(self, request: str) -> None:
        """Remove or add the second node."""
        assert self._process.stdin is not None
        self._process.stdin.write(request + "\n")
        self._process.stdin.flush()
        assert self._line() == "done"

    def kill_a_worker(self) -> None:
        """End one of the processes that embed."""
        os.kill(self._workers()[0], signal.SIGKILL)

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=60)
        self._folder.cleanup()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def _workers(self) -> list[int]:
        """Processes of this cluster that embed; Ray writes their task into their command line."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and b"ray::MapWorker" in _content(folder / "cmdline"):
                if self._process.pid in _ancestors(int(folder.name)):
                    found.append(int(folder.name))
        return sorted(found)


def _ancestors(process: int) -> Iterator[int]:
    while process > 1:
        yield process
        fields = _content(Path(f"/proc/{process}/stat")).rsplit(b")", 1)[-1].split()
        process = int(fields[1]) if fields else 0


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # it has ended


@pytest.fixture(scope="session")
def by_one_process(ray: None, collection: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """The index that one process makes of the collection, and what it says."""
    index = tmp_path_factory.mktemp("one") / "index"
    return index, Run(collection, index).ended()


@pytest.fixture(scope="module")
def two_nodes(ray: None) -> Iterator[TwoNodes]:
    """A cluster."""
    cluster = TwoNodes()
    yield cluster
    cluster.close()


@pytest.fixture
def index(by_one_process: tuple[Path, Ran], tmp_path: Path) -> Path:
    """A folder that holds no index yet, but what every run would else make anew beside it."""
    folder = tmp_path / "index"
    folder.mkdir()
    for path in by_one_process[0].iterdir():
        if path.name.startswith((EXAMPLES_FILE, ENGLISH_FILE)):
            shutil.copy(path, folder)
    shutil.copytree(by_one_process[0] / EXPORTS, folder / EXPORTS)
    return folder
