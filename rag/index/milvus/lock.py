"""Only one process writes an index on a server at a time: a mark in the properties of an empty collection."""

import json
import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from rag.errors import IndexLockedError, IndexStoreError
from rag.index.milvus.server import LONG_S, MilvusServer

logger = logging.getLogger(__name__)

MARK = "citewell.writer"
REFRESH_S = 15.0
STALE_S = 120.0
"""A mark that is older was left by a process that died. Clocks of machines that write may differ by less than this."""

SETTLE_S = 0.5
"""Two that find no mark at once both write theirs; this much later both read the one that stayed."""

POLL_S = 0.5


@contextmanager
def writer_lock(server: MilvusServer, *, timeout_s: float = 0.0) -> Iterator[None]:
    """Hold the right to write an index on a server; the mark is renewed while the body runs.

    Args:
        server: where the index is.
        timeout_s: how long to wait for another writer.

    Raises:
        IndexLockedError: another process holds it.
        ServerError: the server does not answer.
    """
    name = f"{server.alias}_lock"
    if not server.call("has_collection", name):
        _make(server, name)
    token = uuid.uuid4().hex
    deadline = time.monotonic() + timeout_s
    while not _taken(server, name, token):
        if time.monotonic() >= deadline:
            raise IndexLockedError(
                f"{server.place} is being written by another process ({_holder(_mark(server, name))}); waited "
                f"{timeout_s:g} s; run the command again when it is done, or raise CITEWELL_INDEX__LOCK_TIMEOUT_S"
            )
        time.sleep(POLL_S)
    ended = threading.Event()
    renewing = threading.Thread(target=_renew, args=(server, name, token, ended), name="citewell-lock", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        ended.set()
        renewing.join()
        with suppress(IndexStoreError):
            server.call("alter_collection_properties", name, {MARK: ""})


def _taken(server: MilvusServer, name: str, token: str) -> bool:
    mark = _mark(server, name)
    if mark is not None and time.time() - float(mark.get("time", 0)) < STALE_S:
        return False
    _write(server, name, token)
    time.sleep(SETTLE_S)
    mark = _mark(server, name)
    return mark is not None and mark.get("token") == token


def _renew(server: MilvusServer, name: str, token: str, ended: threading.Event) -> None:
    while not ended.wait(REFRESH_S):
        try:
            _write(server, name, token)
        except IndexStoreError as error:
            logger.warning("the mark of this writer could not be renewed (%s)", error)


def _write(server: MilvusServer, name: str, token: str) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    mark = {"token": token, "time": time.time(), "pid": os.getpid(), "host": socket.gethostname(), "since": since}
    server.call("alter_collection_properties", name, {MARK: json.dumps(mark)}, timeout_s=STALE_S / 4)


def _mark(server: MilvusServer, name: str) -> dict[str, Any] | None:
    text = (server.call("describe_collection", name).get("properties") or {}).get(MARK)
    try:
        mark = json.loads(text) if text else None
    except ValueError:
        return None
    return mark if isinstance(mark, dict) else None


def _holder(mark: dict[str, Any] | None) -> str:
    if mark is None:
        return "it has not said which"
    return f"process {mark.get('pid')} on {str(mark.get('host'))[:60]!r}, seen {str(mark.get('since'))[:30]}"


def _make(server: MilvusServer, name: str) -> None:
    from pymilvus import DataType

    schema = server.client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("pk", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
    server.call("create_collection", name, schema=schema, num_shards=1, timeout_s=LONG_S)
