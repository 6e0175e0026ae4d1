"""Failures of the disk, said in one line: full, read-only, gone."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import IndexDamagedError, IndexStoreError
from rag.index.mending import mend


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Turn what the disk or SQLite raises in the body into the error of an index that cannot be written.

    Raises:
        IndexStoreError: the folder cannot be written.
        IndexDamagedError: SQLite found a file of the index malformed.
    """
    try:
        yield
    except OSError as error:
        raise _unwritable(index, error.strerror or type(error).__name__) from error
    except sqlite3.OperationalError as error:
        raise _unwritable(index, str(error)) from error
    except sqlite3.DatabaseError as error:
        raise IndexDamagedError(f"a database in {index} is damaged ({error}); {mend(index)}") from error


def _unwritable(index: Path, reason: str) -> IndexStoreError:
    return IndexStoreError(
        f"{index} cannot be written ({reason}); what it served stays; make room or name another folder with --index, "
        "then run the command again"
    )
