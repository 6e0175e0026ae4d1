"""Vectors by content and model, kept across rebuilds so that no text is embedded twice."""

import hashlib
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from rag.errors import IndexDamagedError
from rag.index.mending import mend
from rag.index.seal import SealState, break_seal, remove_sealed, seal_state, set_seal
from rag.types import Encoder, Vectors

logger = logging.getLogger(__name__)

BATCH = 256
"""Texts embedded between two writes: what a stopped run loses at most."""

CHECK_BYTES = 8
VERSION = 2
"""Of the table; a file of another version is made anew."""


class VectorCache:
    """A SQLite file of float32 vectors under the SHA-256 of encoder name and text.

    Everything in it can be made again: a damaged file is put aside, and a vector whose checksum does not match is
    embedded again. The file is sealed while nobody writes it, so that damage of any byte can be told.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._unsealed = seal_state(path) is not SealState.SOUND  # a stopped run left it so, or it is new
        try:
            self._database = _opened(path)
        except (sqlite3.DatabaseError, IndexDamagedError) as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # locked, or the disk: no damage
            logger.warning("%s is damaged or of an earlier version and is made anew (%s)", path, error)
            remove_sealed(path)
            self._database = _opened(path)

    def close(self) -> None:
        """Close the file; seal it when it was written, by this run or by one that was stopped."""
        try:
            if self._unsealed:
                # Others may write this file too: they wait while it is locked, and break the seal before they write.
                self._database.execute("BEGIN EXCLUSIVE")
                _journal(self._path).unlink(missing_ok=True)  # of a stopped run, and undone by now
                set_seal(self._path)
        except (OSError, sqlite3.Error, IndexDamagedError) as error:
            logger.warning("%s could not be sealed (%s)", self._path, error)  # as if the run had been stopped here
        finally:
            self._database.close()

    def encode(self, texts: Sequence[str], encoder: Encoder, progress: "Progress | None" = None) -> tuple[Vectors, int]:
        """Return the vector of each text, shape (n, d), and how many had to be embedded.

        Args:
            texts: any number of texts; equal ones are embedded once.
            encoder: asked only for texts that are not stored yet.
            progress: called after each batch with the numbers done and to do.
        """
        keys = [content_key(encoder.name, text) for text in texts]
        known = self._known(keys, encoder.dimension)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        # Longest first: batches of equal length waste no padding, and running out of memory shows at once.
        todo = sorted(missing.items(), key=lambda item: -len(item[1]))
        for start in range(0, len(todo), BATCH):
            part = todo[start : start + BATCH]
            vectors = encoder.encode([text for _, text in part])
            self.add([key for key, _ in part], vectors)
            known |= {key: vector for (key, _), vector in zip(part, vectors, strict=True)}
            if progress:
                progress(min(start + BATCH, len(todo)), len(todo))
        if not texts:
            return np.zeros((0, 0), dtype=np.float32), 0
        return np.stack([known[key] for key in keys]).astype(np.float32), len(todo)

    def add(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Store vectors under their keys; all of them are on the disk when this returns.

        Args:
            keys: n of them, as `content_key` makes them.
            vectors: float32, shape (n, d).
        """
        rows = [(key, vector.astype("<f4").tobytes()) for key, vector in zip(keys, vectors, strict=True)]
        with self._writing():
            self._database.executemany(
                "INSERT OR REPLACE INTO vectors (key, vector, checksum) VALUES (?, ?, ?)",
                [(key, vector, _checksum(key, vector)) for key, vector in rows],
            )

    def keys(self) -> list[bytes]:
        """Return the keys under which there are vectors."""
        return [bytes(key) for (key,) in self._database.execute("SELECT key FROM vectors")]

    def keep_only(self, keys: set[bytes]) -> None:
        """Forget every vector that is not under one of the keys."""
        self.forget(set(self.keys()) - keys)

    def forget(self, keys: set[bytes]) -> None:
        """Forget the vectors under the keys; unknown ones are passed over."""
        if keys:
            with self._writing():
                self._database.executemany("DELETE FROM vectors WHERE key = ?", [(key,) for key in keys])

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, which breaks the seal while no other process can write."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            break_seal(self._path)
            self._unsealed = True
            yield
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise

    def _known(self, keys: Sequence[bytes], dimension: int) -> dict[bytes, np.ndarray]:
        found: dict[bytes, np.ndarray] = {}
        unique = list(dict.fromkeys(keys))
        for start in range(0, len(unique), 500):
            part = unique[start : start + 500]
            marks = ", ".join("?" * len(part))
            statement = f"SELECT key, vector, checksum FROM vectors WHERE key IN ({marks})"  # noqa: S608 - marks only
            for key, vector, checksum in self._database.execute(statement, part):
                if _is_sound(key, vector, checksum) and len(vector) == 4 * dimension:
                    found[key] = np.frombuffer(vector, dtype="<f4")
        return found


class Progress:
    """Told how far a long step is; the default says nothing."""

    def __call__(self, done: int, total: int) -> None:
        """Take note that `done` of `total` are done."""


def content_key(encoder_name: str, text: str) -> bytes:
    """Return the cache key of a text for an encoder."""
    return hashlib.sha256(f"{encoder_name}\x00{text}".encode()).digest()


def settle_cache(path: Path) -> None:
    """Mend a cache file that is damaged or was left half written by a stopped run; a sound one is left alone."""
    if path.exists() and seal_state(path) is not SealState.SOUND:
        VectorCache(path).close()


def check_cache(path: Path) -> None:
    """Check a whole cache file against its seal, or its structure and every row where a stopped run left it unsealed.

    Raises:
        IndexDamagedError: it is damaged.
    """
    try:
        database = _opened(path, read_only=True)
        try:
            if not all(_is_sound(*row) for row in database.execute("SELECT key, vector, checksum FROM vectors")):
                raise IndexDamagedError("a vector does not match its checksum")
        finally:
            database.close()
    except (sqlite3.DatabaseError, IndexDamagedError) as error:
        if isinstance(error, sqlite3.OperationalError) and _journal(path).exists():
            return  # a run was stopped while it wrote; whoever writes next undoes that
        raise IndexDamagedError(f"{path} was altered or cut short ({error}); {mend(path)}") from error


def _opened(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a file and check it; no other process writes it while its seal is looked at."""
    mode = "?mode=ro" if read_only else ""
    database = sqlite3.connect(path.absolute().as_uri() + mode, uri=True, isolation_level=None)
    try:
        database.execute("BEGIN")
        empty = not database.execute("SELECT 1 FROM sqlite_master").fetchone()
        state = seal_state(path)
        if state is SealState.BROKEN:
            raise IndexDamagedError("it differs from its seal")
        if state is SealState.UNSEALED and database.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise IndexDamagedError("its structure is damaged")
        version = int(database.execute("PRAGMA user_version").fetchone()[0])
        database.execute("ROLLBACK")
        if not empty and version != VERSION:
            raise IndexDamagedError(f"version {version}, expected {VERSION}")
        if empty and not read_only:
            database.executescript(
                "BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS vectors "
                "(key BLOB PRIMARY KEY, vector BLOB NOT NULL, checksum BLOB NOT NULL); "
                f"PRAGMA user_version = {VERSION}; COMMIT"
            )
    except BaseException:
        database.close()
        raise
    return database


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def _checksum(key: bytes, vector: bytes) -> bytes:
    return hashlib.blake2b(key + vector, digest_size=CHECK_BYTES).digest()


def _is_sound(key: object, vector: object, checksum: object) -> bool:
    return isinstance(key, bytes) and isinstance(vector, bytes) and checksum == _checksum(key, vector)
