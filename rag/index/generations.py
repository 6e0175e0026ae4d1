"""Generations of an index on disk: built aside, swapped in by replacing one small file, read whole.

INDEX/CURRENT               names the generation that answers
INDEX/LOCK                  held while somebody builds
INDEX/generations/ID/       manifest.json, vectors.faiss, sentences.faiss, passages.sqlite3
INDEX/vectors.sqlite3       vectors by content and model
INDEX/examples.sqlite3      vectors of texts that come with the program
INDEX/english.txt           common English words
INDEX/encoder/KEY/          the encoder, exported (see rag/embed/exported.py)
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import IndexDamagedError, IndexLockedError, IndexMissingError, IndexStoreError
from rag.index.manifest import Manifest

CURRENT_FILE = "CURRENT"
LOCK_FILE = "LOCK"
GENERATIONS = "generations"
VECTORS_FILE = "vectors.faiss"
SENTENCES_FILE = "sentences.faiss"
PASSAGES_FILE = "passages.sqlite3"
CACHE_FILE = "vectors.sqlite3"
EXAMPLES_FILE = "examples.sqlite3"
EXPORTS = "encoder"
ENGLISH_FILE = "english.txt"
KEPT = 2
"""Generations that stay: the current one and the one before it, for readers that still hold it."""


def current_generation(index: Path) -> Path:
    """Return the folder of the generation that answers.

    Raises:
        IndexMissingError: there is no index at that place.
        IndexDamagedError: it names a generation that is not there.
    """
    try:
        name = (index / CURRENT_FILE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise IndexMissingError(f"no index at {index}; run: citewell index --index {index}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamagedError(f"{index / CURRENT_FILE} cannot be read; run: citewell index --rebuild") from error
    folder = index / GENERATIONS / name
    if not name or Path(name).name != name or not folder.is_dir():
        raise IndexDamagedError(f"{index / CURRENT_FILE} names no generation; run: citewell index --rebuild")
    return folder


def index_folder(generation: Path) -> Path:
    """Return the index folder that a generation's folder stands in."""
    return generation.parent.parent


@contextmanager
def building_lock(index: Path, *, timeout_s: float = 0.0) -> Iterator[None]:
    """Hold the right to build an index.

    Args:
        index: the index folder; made when missing.
        timeout_s: how long to wait for another builder.

    Raises:
        IndexLockedError: another process holds it.
        IndexStoreError: the folder cannot be made or written.
    """
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / LOCK_FILE, timeout=timeout_s)
        with lock:
            yield
    except Timeout as error:
        raise IndexLockedError(f"another process is building {index}; wait for it and run the command again") from error
    except PermissionError as error:
        raise IndexStoreError(f"{index} cannot be written ({error.strerror}); choose another --index") from error


@contextmanager
def new_generation(index: Path) -> Iterator[Path]:
    """Yield an empty folder to build a generation in; it is removed when the body raises."""
    folder = index / GENERATIONS / f"new-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def publish(index: Path, folder: Path, manifest: Manifest) -> Path:
    """Make a built generation the one that answers, in one atomic step, and remove old ones."""
    for path in folder.iterdir():
        _flush(path)
    final = index / GENERATIONS / f"{manifest.index_id}-{uuid.uuid4().hex[:8]}"
    folder.rename(final)
    _flush(final.parent)
    before = _current_name(index)
    aside = index / f"{CURRENT_FILE}.{uuid.uuid4().hex}"
    aside.write_text(final.name + "\n", encoding="utf-8")
    _flush(aside)
    os.replace(aside, index / CURRENT_FILE)
    _flush(index)
    remove_leftovers(index, keep={final.name, before})
    return final


def remove_leftovers(index: Path, *, keep: set[str]) -> None:
    """Remove generations that are not in `keep` and files that a stopped run left behind."""
    for folder in (index / GENERATIONS).iterdir():
        if folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)
    for path in index.glob(f"{CURRENT_FILE}.*"):
        path.unlink(missing_ok=True)


def _current_name(index: Path) -> str:
    try:
        return current_generation(index).name
    except IndexStoreError:
        return ""


def _flush(path: Path) -> None:
    """Make a file or folder survive a power cut before something is built upon it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
