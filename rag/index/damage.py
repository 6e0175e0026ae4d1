"""Notice files and rows that are not what was written."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import IndexDamagedError
from rag.index.manifest import FileSeal
from rag.index.mending import mend

CHECKED_BYTES = 256 * 1024 * 1024
"""Files up to this size are held against their digest whenever they are opened: about 1.2 ms a megabyte on two cores
of 2026, against 2 s for the start of an answer. Larger ones are held against their size, and whole by `--verify`."""


def checked_content(path: Path, seal: FileSeal | None, limit: int | None) -> bytes | None:
    """Return the checked bytes of a file, or None where it is to be read from disk.

    What is served is what was checked: nothing that happens to the file afterwards reaches an answer.

    Args:
        path: the file.
        seal: what it must be; None when the manifest does not name it.
        limit: the size in bytes up to which the content is held against its digest and returned; None holds a file
            of any size against its digest and returns nothing.

    Raises:
        IndexDamagedError: the file is missing, cut short or altered.
    """
    if seal is None:
        raise IndexDamagedError(f"{path} is not in its manifest; {mend(path)}")
    if limit is None:
        if FileSeal.of(path) != seal:
            raise _altered(path)
        return None
    try:
        if path.stat().st_size != seal.size:
            raise _altered(path)
        content = path.read_bytes() if seal.size <= limit else None
    except OSError as error:
        raise IndexDamagedError(f"{path} is missing or cannot be read ({error.strerror}); {mend(path)}") from error
    if content is not None and hashlib.sha256(content).hexdigest() != seal.sha256:
        raise _altered(path)
    return content


@contextmanager
def well_formed_rows() -> Iterator[None]:
    """Turn what malformed rows raise in the body into the error of a damaged index.

    Raises:
        IndexDamagedError: a row does not hold what was stored.
    """
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexDamagedError(
            f"a row of the passage database is malformed ({type(error).__name__}); run: citewell index --rebuild"
        ) from error


def _altered(path: Path) -> IndexDamagedError:
    return IndexDamagedError(f"{path} was altered or cut short; {mend(path)}")
