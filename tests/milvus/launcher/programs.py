"""Milvus processes in one folder: the whole server in one, and query nodes beside it."""

import ctypes
import os
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from time import monotonic, sleep

import milvus

PORT = 19530
START_S = 110.0
PR_SET_PDEATHSIG = 1

# Each component announces the address that others reach it at.
COMPONENTS = ("rootCoord", "proxy", "queryCoord", "queryNode", "indexNode", "dataCoord", "dataNode")


def unpack(folder: Path) -> None:
    """Unpack the server's programs, once."""
    milvus._initialize_data_files(str(folder))


class Programs:
    """Starts and ends the processes of one server.

    Attributes:
        folder: for settings, data and logs.
    """

    def __init__(self, unpacked: Path, folder: Path, *, broker: str | None) -> None:
        """Keep what processes are started with.

        Args:
            unpacked: folder with the programs.
            folder: for settings, data and logs.
            broker: address of the Kafka broker that the nodes share; None keeps the log within the one process.
        """
        self.folder = folder
        self._binaries = unpacked / "bin"
        self._broker = broker
        self._running: list[subprocess.Popen[bytes]] = []

    def start_server(self) -> int:
        """Start everything in one process; return its id once it is healthy."""
        return self._start("standalone", "standalone", {}, metrics_port=9091)

    def start_query_node(self) -> int:
        """Start one more query node; return its process id once it is healthy."""
        own: dict[str, object] = {
            "etcd.use.embed": "false",
            "etcd.endpoints": "localhost:2379",  # that of the whole server, in the same network
            "queryNode.port": 21133,
        }
        return self._start("querynode", "node", own, metrics_port=9092)

    def end(self) -> None:
        """End all processes; what they hold is thrown away, so none is asked politely."""
        for process in self._running:
            process.kill()
            process.wait()

    def _start(self, role: str, name: str, own: dict[str, object], *, metrics_port: int) -> int:
        home = self.folder / name
        self._write_settings(home, own)
        environment = {
            **os.environ,
            "DEPLOY_MODE": "STANDALONE",
            "METRICS_PORT": str(metrics_port),
            "MILVUS_RUN_DIR": str(home / "run"),
            "LD_LIBRARY_PATH": str(self._binaries),
        }
        with (home / "output.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - the server that this package is
                [str(self._binaries / "milvus"), "run", role],
                cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=_end_with_parent,
            )  # fmt: skip
        self._running.append(process)
        _wait_until_healthy(process, metrics_port)
        return process.pid

    def _write_settings(self, home: Path, own: dict[str, object]) -> None:
        shared: dict[str, object] = {f"{one}.ip": "127.0.0.1" for one in COMPONENTS}
        shared |= {"log.level": "warn", "common.storageType": "local"}
        if self._broker:
            shared |= {"mq.type": "kafka"}
        config = milvus.MilvusServerConfig(data_dir=str(home))
        for key, value in (shared | own).items():
            config.set(key, value)
        config.resolve()
        written = home / "configs" / "milvus.yaml"
        text = written.read_text()
        # Files of segments are shared, as an object store is by the nodes of a real cluster.
        text = text.replace(f"path: {home / 'data'} ", f"path: {self.folder / 'files'} ")
        if self._broker:
            text += f"\nkafka:\n  brokerList: {self._broker}\n"
        # A node that came back answers with nothing until it is told which segments count, by default 10 s or more
        # later (milvus-io/milvus#36549, mended after 2.3); here it is told after one.
        text = text.replace("queryCoord:\n", "queryCoord:\n  updateNextTargetInterval: 1\n")
        written.write_text(text)


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _wait_until_healthy(process: "subprocess.Popen[bytes]", metrics_port: int) -> None:
    deadline = monotonic() + START_S
    while monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"Milvus ended with status {process.returncode} while it started")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{metrics_port}/healthz", timeout=5) as reply:
                if b"OK" in reply.read():
                    return
        except (urllib.error.URLError, OSError):
            pass
        sleep(0.2)
    raise RuntimeError(f"Milvus was not healthy after {START_S:.0f} s")
