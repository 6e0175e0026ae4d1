"""An encoder that keeps the vectors of fixed texts in a file, so that a start does not embed them again."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from rag.embed.wrapped import WrappedEncoder
from rag.index.vector_cache import VectorCache
from rag.types import Encoder, Vectors


class RememberingEncoder(WrappedEncoder):
    """Looks texts up in a cache file before it asks the encoder; where the file cannot be used, it only asks.

    For texts that come with the program (examples of the safety layer), never for what readers write.
    """

    def __init__(self, encoder: Encoder, path: Path) -> None:
        """Take the encoder for what is not in the file, and the cache file."""
        super().__init__(encoder)
        self.path = path

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (n, d)."""
        try:
            cache = VectorCache(self.path)
            try:
                return cache.encode(texts, self.encoder)[0]
            finally:
                cache.close()
        except (sqlite3.Error, OSError):
            return self.encoder.encode(texts)  # a read-only folder: slower, the same vectors
