"""The base of encoders that stand before another one."""

from collections.abc import Sequence

from rag.types import Encoder, Vectors


class WrappedEncoder:
    """An `Encoder` that is the one it wraps in everything but `encode`, which subclasses have their own way of.

    Attributes:
        encoder: the one that does the work.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

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
        return self.encoder.encode(texts)
