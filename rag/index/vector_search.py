"""What the answering path asks of vectors, wherever they are kept."""

from collections.abc import Sequence
from typing import Protocol

from rag.types import Vectors


class VectorSearch(Protocol):
    """Unit vectors under row numbers; scores are cosines. Safe to share between threads."""

    def __len__(self) -> int:
        """Return the number of vectors."""

    @property
    def dimension(self) -> int:
        """Width d of the vectors."""

    def search(self, queries: Vectors, *, k: int, among: Sequence[int] | None = None) -> list[list[tuple[int, float]]]:
        """Return the k nearest rows to each query with their cosine, best first.

        Args:
            queries: float32, shape (q, d), rows of length 1.
            k: rows per query, at least 1; a smaller index gives fewer.
            among: the only rows that are looked at; None looks at all.

        Returns:
            q lists of (row, cosine).
        """

    def best_between(self, query: Vectors, bounds: Sequence[tuple[int, int]]) -> list[float | None]:
        """Return for each range of rows the highest cosine in it to one query, None where it holds no row.

        Args:
            query: float32, shape (1, d).
            bounds: first row of each range and the one after its last.
        """

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """Return the stored vectors of the given rows, shape (n, d)."""

    def rows(self) -> list[int]:
        """Return every row number, in rising order."""
