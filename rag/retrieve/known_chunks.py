"""Chunks that were found lately, ready to be found again: the same ones answer most questions."""

import threading
from collections.abc import Sequence

from rag.index.store import IndexReader
from rag.types import Chunk

MOST_KEPT = 2048
"""Chunks that are kept, about 3 kB each."""


class KnownChunks:
    """Reads chunks of an index, whose content never changes. Safe to share between threads."""

    def __init__(self, reader: IndexReader, *, most: int = MOST_KEPT) -> None:
        """Take the index.

        Args:
            reader: the index.
            most: chunks that are kept; beyond them the one that was read first is read again when it is wanted.
        """
        self._reader = reader
        self._most = most
        self._lock = threading.Lock()
        self._kept: dict[int, Chunk] = {}

    def chunks(self, rows: Sequence[int]) -> dict[int, Chunk]:
        """Return the chunks of the given rows; unknown rows are left out."""
        with self._lock:
            found = {row: self._kept[row] for row in rows if row in self._kept}
        missing = [row for row in rows if row not in found]
        if missing:
            read = self._reader.chunks(missing)
            with self._lock:
                self._kept |= read
                for row in list(self._kept)[: max(len(self._kept) - self._most, 0)]:
                    del self._kept[row]
            found |= read
        return found
