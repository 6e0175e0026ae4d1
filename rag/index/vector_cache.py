"""Vectors by content and model, kept across rebuilds so that no text is embedded twice."""

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.types import Encoder, Vectors

BATCH = 256
"""Texts embedded between two writes: what a stopped run loses at most."""


class VectorCache:
    """A SQLite file of float32 vectors under the SHA-256 of encoder name and text."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = self._open(path)

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        """Open the file; a damaged one is put aside, since everything in it can be made again."""
        for attempt in range(2):
            database = sqlite3.connect(path)
            try:
                if database.execute("PRAGMA quick_check").fetchone() != ("ok",):
                    raise sqlite3.DatabaseError("damaged")
                database.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)")
                return database
            except sqlite3.DatabaseError:
                database.close()
                if attempt:
                    raise
                path.unlink(missing_ok=True)
        raise sqlite3.DatabaseError(f"{path} cannot be opened")  # pragma: no cover - the loop returns or raises

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def encode(self, texts: Sequence[str], encoder: Encoder, progress: "Progress | None" = None) -> tuple[Vectors, int]:
        """Return the vector of each text, shape (n, d), and how many had to be embedded.

        Args:
            texts: any number of texts; equal ones are embedded once.
            encoder: asked only for texts that are not stored yet.
            progress: called after each batch with the numbers done and to do.
        """
        keys = [content_key(encoder.name, text) for text in texts]
        known = self._known(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        # Longest first: batches of equal length waste no padding, and running out of memory shows at once.
        todo = sorted(missing.items(), key=lambda item: -len(item[1]))
        for start in range(0, len(todo), BATCH):
            part = todo[start : start + BATCH]
            vectors = encoder.encode([text for _, text in part])
            new = {key: vector for (key, _), vector in zip(part, vectors, strict=True)}
            with self._database:
                self._database.executemany(
                    "INSERT OR REPLACE INTO vectors (key, vector) VALUES (?, ?)",
                    [(key, vector.astype("<f4").tobytes()) for key, vector in new.items()],
                )
            known |= new
            if progress:
                progress(min(start + BATCH, len(todo)), len(todo))
        if not texts:
            return np.zeros((0, 0), dtype=np.float32), 0
        return np.stack([known[key] for key in keys]).astype(np.float32), len(todo)

    def keep_only(self, keys: set[bytes]) -> None:
        """Forget every vector that is not under one of the keys."""
        with self._database:
            stored = [key for (key,) in self._database.execute("SELECT key FROM vectors")]
            self._database.executemany(
                "DELETE FROM vectors WHERE key = ?", [(key,) for key in stored if key not in keys]
            )

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        found: dict[bytes, np.ndarray] = {}
        unique = list(dict.fromkeys(keys))
        for start in range(0, len(unique), 500):
            part = unique[start : start + 500]
            marks = ", ".join("?" * len(part))
            statement = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"  # noqa: S608 - marks only
            found |= {
                key: np.frombuffer(vector, dtype="<f4") for key, vector in self._database.execute(statement, part)
            }
        return found


class Progress:
    """Told how far a long step is; the default says nothing."""

    def __call__(self, done: int, total: int) -> None:
        """Take note that `done` of `total` are done."""


def content_key(encoder_name: str, text: str) -> bytes:
    """Return the cache key of a text for an encoder."""
    return hashlib.sha256(f"{encoder_name}\x00{text}".encode()).digest()
