"""An encoder that keeps the vectors of fixed texts in a file, so that a start does not embed them again."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.index.vector_cache import VectorCache
from rag.types import Encoder, Vectors


@dataclass(frozen=True, slots=True)
class RememberingEncoder:
    """Looks texts up in a cache file before it asks the encoder; where the file cannot be used, it only asks.

    For texts that come with the program (examples of the safety layer), never for what readers write.

    Attributes:
        encoder: embeds what is not in the file.
        path: the cache file.
    """

    encoder: Encoder
    path: Path

    @property
    def name(self) -> str:
        """Identity of the weights."""
        return self.encoder.name

    @property
    def dimension(self) -> int:
        """Width d of the vectors."""
        return self.encoder.dimension

    @property
    def max_tokens(self) -> int:
        """Longest input in word pieces."""
        return self.encoder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in word pieces, special tokens included."""
        return self.encoder.count_tokens(texts)

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
