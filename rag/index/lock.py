"""Only one process builds an index at a time; who waits in vain is told who holds it."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import IndexLockedError
from rag.index.writing import writing

LOCK_FILE = "LOCK"
HOLDER_FILE = "HOLDER"


@contextmanager
def building_lock(index: Path, *, timeout_s: float = 0.0) -> Iterator[None]:
    """Hold the right to build an index. The system releases it when the process dies, however it dies.

    Args:
        index: the index folder; made when missing.
        timeout_s: how long to wait for another builder.

    Raises:
        IndexLockedError: another process holds it.
        IndexStoreError: the folder cannot be made or written.
    """
    with writing(index):
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / LOCK_FILE, timeout=timeout_s)
        try:
            lock.acquire()
        except Timeout:
            raise IndexLockedError(
                f"{index} is being built by another process ({holder(index)}); waited {timeout_s:g} s; "
                "run the command again when it is done, or raise CITEWELL_INDEX__LOCK_TIMEOUT_S"
            ) from None
    try:
        with writing(index):
            (index / HOLDER_FILE).write_text(_about_this_process(), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            (index / HOLDER_FILE).unlink(missing_ok=True)
        lock.release()


def holder(index: Path) -> str:
    """Return who said last that they hold the lock: process, machine and time."""
    try:
        said = json.loads((index / HOLDER_FILE).read_text(encoding="utf-8"))
        return f"process {int(said['pid'])} on {str(said['host'])[:60]!r} since {str(said['since'])[:30]}"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "it has not said which"  # between taking the lock and saying so, or on a full disk


def _about_this_process() -> str:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since}) + "\n"
