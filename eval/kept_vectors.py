"""An encoder that embeds each text once: several systems are asked the same queries."""

from collections.abc import Sequence

import numpy as np

from rag.embed.wrapped import WrappedEncoder
from rag.types import Encoder, Vectors


class KeptVectors(WrappedEncoder):
    """Wraps an encoder and keeps every vector in memory."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder)
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (n, d)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self.encoder.encode(new), strict=True))
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self._known[text] for text in texts])
