"""A Ray to work on: one of its own on this machine, or a cluster that is running."""

import importlib.util
import logging
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path

import regex

from rag.errors import ClusterError

AUTO = "auto"
CONNECT_S = 5.0
"""Seconds to wait for a cluster's port."""

HEALTH_S = 40.0
"""Seconds to wait for its word that it is well: Ray itself would ask for many minutes."""

OBJECTS_BYTES = 512 * 1024 * 1024
"""Memory for what the processes of a local Ray pass on: a shard and its vectors are a few megabytes."""

_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",  # it would report to its makers
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # what goes wrong is said in one line of ours
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
}
_ADDRESS = regex.compile(r"(?P<host>[\w.\-]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5})")


def is_address(text: str) -> bool:
    """Return whether a text names a running cluster: `auto`, or host and port."""
    return text == AUTO or _ADDRESS.fullmatch(text) is not None


def require_ray() -> None:
    """Do nothing where Ray Data is installed.

    Raises:
        ClusterError: it is not.
    """
    if importlib.util.find_spec("ray") is None or importlib.util.find_spec("pyarrow") is None:
        raise ClusterError('Ray is not installed; run: python -m pip install "citewell[ray]"')


@contextmanager
def cluster(address: str | None) -> Iterator[int]:
    """Yield the number of processors of a Ray that is ready to work, and leave it at the end.

    Args:
        address: `auto` or host:port of a running cluster; None starts one on this machine, which ends with the body.
            It listens on the loopback interface only and takes work only from who knows its token.

    Raises:
        ClusterError: Ray is not installed, the cluster cannot be reached, or it has no processors.
    """
    require_ray()
    os.environ.update(_QUIET)
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):  # Ray prints there when a node is lost
        yield from _joined(address)


def _joined(address: str | None) -> Iterator[int]:
    folder = None if address else Path(tempfile.mkdtemp(prefix="citewell-ray-"))
    try:
        if address:
            _probe(address)
        else:
            # Named for other systems, this switch makes every part of Ray use the loopback interface.
            os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
            os.environ["RAY_AUTH_MODE"] = "token"
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))  # Ray reads it once in a process
        yield from _connected(address, folder)
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def _connected(address: str | None, folder: Path | None) -> Iterator[int]:
    import ray  # it takes a second, and is not everywhere

    quiet = {"logging_level": logging.ERROR, "log_to_driver": False}
    own = {
        "include_dashboard": False,
        "object_store_memory": OBJECTS_BYTES,
        "_temp_dir": f"{folder}/ray",
    }  # in one that is ours: Ray opens its own to everybody
    try:
        with _no_stderr():  # its native parts announce the level of their log there
            ray.init(address=address or "local", **quiet, **({} if address else own))
    except (OSError, RuntimeError, ValueError) as error:
        raise ClusterError(_unreachable(address, str(error))) from error
    try:
        processors = int(ray.cluster_resources().get("CPU", 0))
        if processors < 1:
            raise ClusterError(f"the Ray cluster at {address} has no processors; add a node with some")
        yield processors
    finally:
        with suppress(Exception):  # whatever became of the cluster, we leave it
            ray.shutdown()


@contextmanager
def _no_stderr() -> Iterator[None]:
    """Lead what native code writes to standard error nowhere; whoever starts meanwhile inherits that."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _probe(address: str) -> None:
    """Ask a cluster whether it is well, in a process of its own: in this one Ray would not give up for minutes."""
    found = _ADDRESS.fullmatch(address)
    if found:
        try:
            place = (found["host"].strip("[]"), int(found["port"]))
            socket.create_connection(place, timeout=CONNECT_S).close()
        except (OSError, OverflowError) as error:
            raise ClusterError(_unreachable(address, getattr(error, "strerror", None) or str(error))) from error
    named = ["--address", address] if found else []
    command = [sys.executable, "-m", "ray.scripts.scripts", "health-check", *named]
    try:
        status = subprocess.run(  # noqa: S603 - our own interpreter
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=HEALTH_S
        ).returncode
    except subprocess.TimeoutExpired:
        raise ClusterError(_unreachable(address, f"no answer within {HEALTH_S:g} s")) from None
    if status != 0:
        raise ClusterError(_unreachable(address, "nothing that answers as Ray does"))


def _unreachable(address: str | None, reason: str) -> str:
    if address is None:
        return f"a local Ray cannot be started ({reason[:200]}); leave --ray out to index in this process"
    return (
        f"no Ray cluster can be used at {address} ({reason[:200]}); start one on this machine with "
        "'ray start --head' or join it with 'ray start --address HOST:PORT', or leave the address out for a local one"
    )
