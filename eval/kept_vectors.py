"""An encoder that embeds each text once: several systems are asked the same queries."""

from collections.abc import Sequence

import numpy as np

from rag.types import Encoder, Vectors


class KeptVectors:
    """Wraps an encoder and keeps every vector in memory."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    @property
    def name(self) -> str:
        """Identity of the weights."""
        return self._encoder.name

    @property
    def dimension(self) -> int:
        """Width d of the vectors."""
        return self._encoder.dimension

    @property
    def max_tokens(self) -> int:
        """Longest input in word pieces."""
        return self._encoder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in word pieces, special tokens included."""
        return self._encoder.count_tokens(texts)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (n, d)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self._known[text] for text in texts])
