"""Exact vector search over passages, by row number."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexDamagedError, IndexMismatchError
from rag.index.mending import mend
from rag.types import Vectors


class FaissIndex:
    """Unit vectors under 64-bit row numbers; inner product, so scores are cosines.

    Source: exact inner-product search, FAISS (Johnson et al. 2019, doi:10.1109/TBDATA.2019.2921572).
    """

    def __init__(self, dimension: int) -> None:
        self._index: faiss.Index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Width d of the vectors."""
        return int(self._index.d)

    def add(self, rows: Sequence[int], vectors: Vectors) -> None:
        """Add vectors, float32, shape (n, d), under n new row numbers.

        Raises:
            IndexMismatchError: the vectors have another width, or hold values that are not finite.
        """
        self._check(vectors)
        if len(rows):
            self._index.add_with_ids(np.ascontiguousarray(vectors), np.asarray(rows, dtype=np.int64))

    def remove(self, rows: Sequence[int]) -> None:
        """Remove the given rows; unknown ones are passed over."""
        if len(rows):
            self._index.remove_ids(faiss.IDSelectorBatch(np.asarray(rows, dtype=np.int64)))

    def search(self, queries: Vectors, *, k: int, among: Sequence[int] | None = None) -> list[list[tuple[int, float]]]:
        """Return the k nearest rows to each query with their cosine, best first.

        Args:
            queries: float32, shape (q, d), rows of length 1.
            k: rows per query, at least 1; a smaller index gives fewer.
            among: the only rows that are looked at; None looks at all.

        Returns:
            q lists of (row, cosine).

        Raises:
            IndexMismatchError: d differs from the width the index was built with.
        """
        self._check(queries)
        k = min(k, len(self))
        if k < 1:
            return [[] for _ in range(len(queries))]
        # One question at a time: threads of its own would only get in the way of other questions.
        faiss.omp_set_num_threads(1)
        chosen = None
        if among is not None:
            chosen = faiss.SearchParameters()
            chosen.sel = faiss.IDSelectorBatch(np.asarray(among, dtype=np.int64))
        scores, rows = self._index.search(np.ascontiguousarray(queries), k, params=chosen)
        return [
            [(int(row), float(score)) for row, score in zip(row_line, score_line, strict=True) if row >= 0]
            for row_line, score_line in zip(rows, scores, strict=True)
        ]

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """Return the stored vectors of the given rows, shape (n, d).

        Raises:
            IndexDamagedError: a row is not in the index.
        """
        found: NDArray[np.float32] = np.zeros((len(rows), self.dimension), dtype=np.float32)
        if len(rows):
            try:
                self._index.reconstruct_batch(np.asarray(rows, dtype=np.int64), found)
            except RuntimeError as error:
                missing = next((row for row in rows if not self._holds(row)), rows[0])
                raise IndexDamagedError(f"vector {missing} is missing; run: citewell index --rebuild") from error
        return found

    def _holds(self, row: int) -> bool:
        try:
            self._index.reconstruct(int(row))
        except RuntimeError:
            return False
        return True

    def save(self, path: Path) -> None:
        """Write the index to one file.

        Raises:
            OSError: it cannot be written whole. FAISS's own writer leaves a cut file on a full disk and says nothing.
        """
        with path.open("wb") as file:
            faiss.write_index(self._index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]  # no hints

    @classmethod
    def load(cls, path: Path, content: bytes | None = None) -> "FaissIndex":
        """Read an index.

        Args:
            path: its file.
            content: what the file holds, where that was read and checked already; None reads it.

        Raises:
            IndexDamagedError: the file is missing, cut short or altered.
        """
        loaded = cls.__new__(cls)
        try:
            if content is None:
                found = faiss.read_index(str(path))
            else:
                found = faiss.deserialize_index(np.frombuffer(content, dtype=np.uint8))
            if type(found) is not faiss.IndexIDMap2 or type(faiss.downcast_index(found.index)) is not faiss.IndexFlatIP:
                raise RuntimeError("another kind of index")
        except (RuntimeError, MemoryError) as error:
            raise IndexDamagedError(f"{path} cannot be read as vectors; {mend(path)}") from error
        loaded._index = found
        return loaded

    def rows(self) -> list[int]:
        """Return every row number, in rising order."""
        ids: Any = self._index  # the wrapper that holds the numbers; FAISS has no type for it
        return sorted(int(row) for row in faiss.vector_to_array(ids.id_map))

    def _check(self, vectors: Vectors) -> None:
        if vectors.ndim != 2 or vectors.shape[1] != self.dimension:
            raise IndexMismatchError(f"vectors of shape {vectors.shape} given; expected (n, {self.dimension})")
        if not np.isfinite(vectors).all():
            raise IndexMismatchError("a vector holds values that are not finite; the encoder is faulty")
