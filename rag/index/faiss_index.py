"""Vector search by row number: exact for small collections, in clusters of 8-bit numbers for large ones."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexDamagedError, IndexMismatchError
from rag.index.mending import mend
from rag.index.quantized import Places, decoded, is_well_formed, quantized, regrouped
from rag.index.size_rule import SIZE_RULE, SizeRule, outgrown
from rag.types import Vectors

MAPPED = faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY
"""Maps clusters and reads exact vectors, which are few. The other way of mapping holds the whole file for a moment."""


class FaissIndex:
    """Unit vectors under 64-bit row numbers; inner product, so scores are cosines.

    How they are kept follows `SizeRule`. As 8-bit numbers they come back, and give cosines, off by about 0.001. What
    was turned into such numbers stays so until everything is built anew.

    Source: exact inner-product search and inverted files, FAISS (Johnson et al. 2019, doi:10.1109/TBDATA.2019.2921572).
    """

    def __init__(self, dimension: int, *, sizes: SizeRule = SIZE_RULE) -> None:
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._sizes = sizes
        self._known_places: Places | None = None
        self._mapped: Path | None = None

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Width d of the vectors."""
        return int(self._index.d)

    @property
    def is_exact(self) -> bool:
        """Whether the vectors are kept as they are."""
        return type(self._index) is faiss.IndexIDMap2

    @property
    def clusters(self) -> int:
        """Number of clusters: 0 for exact vectors, 1 for numbers that are looked up and not searched."""
        return 0 if self.is_exact else int(self._index.nlist)

    def add(self, rows: Sequence[int], vectors: Vectors) -> None:
        """Add vectors, float32, shape (n, d), under n new row numbers.

        Raises:
            IndexMismatchError: the vectors have another width, or hold values that are not finite.
        """
        self._check(vectors)
        ids, vectors = np.asarray(rows, dtype=np.int64), np.ascontiguousarray(vectors)
        # The first vectors set the range of the numbers, and no more than these are ever held as they are.
        first = max(self._sizes.exact - len(self), 0) if self.is_exact else 0
        if len(ids[:first]):
            self._index.add_with_ids(vectors[:first], ids[:first])
        if len(ids[first:]):
            if self.is_exact:
                self._index = quantized(self._index)
            self._index.add_with_ids(vectors[first:], ids[first:])
        self._known_places = None

    def remove(self, rows: Sequence[int]) -> None:
        """Remove the given rows; unknown ones are passed over."""
        if len(rows):
            self._index.remove_ids(faiss.IDSelectorBatch(np.asarray(rows, dtype=np.int64)))
            self._known_places = None

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
        scores, rows = self._index.search(np.ascontiguousarray(queries), k, params=self._looking(k, among))
        # Python's own numbers, made all at once: k conversions took longer than the search.
        return [
            [found for found in zip(row_line, score_line, strict=True) if found[0] >= 0]
            for row_line, score_line in zip(rows.tolist(), scores.tolist(), strict=True)
        ]

    def best_between(self, query: Vectors, bounds: Sequence[tuple[int, int]]) -> list[float | None]:
        """Return for each range of rows the highest cosine in it to one query, None where it holds no row.

        Args:
            query: float32, shape (1, d).
            bounds: first row of each range and the one after its last.
        """
        held = self._places().rows
        edges = np.searchsorted(held, np.asarray(bounds, dtype=np.int64).reshape(-1, 2))
        positions = [np.arange(start, end) for start, end in edges]
        vectors = self._at(np.concatenate(positions)) if positions else np.zeros((0, self.dimension), dtype=np.float32)
        parts = np.split(vectors @ query[0], np.cumsum(edges[:, 1] - edges[:, 0])[:-1]) if positions else []
        return [float(part.max()) if len(part) else None for part in parts]

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """Return the stored vectors of the given rows, shape (n, d).

        Raises:
            IndexDamagedError: a row is not in the index.
        """
        wanted = np.asarray(rows, dtype=np.int64)
        positions = self._places().positions(wanted)
        if (positions < 0).any():
            missing = int(wanted[positions < 0][0])
            raise IndexDamagedError(f"vector {missing} is missing; run: citewell index --rebuild")
        return self._at(positions)

    def save(self, path: Path, *, searched: bool = True) -> None:
        """Write the index to one file, in as many clusters as the rule wants.

        Args:
            path: the file.
            searched: False for vectors that are only looked up: they need no clusters.

        Raises:
            OSError: it cannot be written whole. FAISS's own writer leaves a cut file on a full disk and says nothing.
        """
        wanted = self._sizes.clusters(len(self)) if searched else 1
        if not self.is_exact and outgrown(self.clusters, wanted):
            self._index, self._known_places = regrouped(self._index, wanted), None
        with path.open("wb") as file:
            faiss.write_index(self._index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]  # no hints

    @classmethod
    def load(cls, path: Path, content: bytes | None = None, *, sizes: SizeRule = SIZE_RULE) -> "FaissIndex":
        """Read an index.

        Args:
            path: its file.
            content: what the file holds, where that was read and checked already; None maps its clusters into memory,
                and nothing can be added or removed then.
            sizes: the rule that it was built by.

        Raises:
            IndexDamagedError: the file is missing, cut short or altered.
        """
        if content is not None:
            return cls._of(path, lambda: faiss.deserialize_index(np.frombuffer(content, dtype=np.uint8)), sizes)
        loaded = cls._of(path, lambda: faiss.read_index(str(path), MAPPED), sizes)
        loaded._mapped = path
        return loaded

    def changeable(self) -> "FaissIndex":
        """Return an index with the same vectors that can be added to and removed from.

        Raises:
            IndexDamagedError: the file is missing, cut short or altered.
        """
        path = self._mapped
        return self if path is None else self._of(path, lambda: faiss.read_index(str(path)), self._sizes)

    def rows(self) -> list[int]:
        """Return every row number, in rising order."""
        return [int(row) for row in self._places().rows]

    @classmethod
    def _of(cls, path: Path, read: Callable[[], faiss.Index], sizes: SizeRule) -> "FaissIndex":
        loaded = cls(1, sizes=sizes)
        try:
            loaded._index = read()
            if not (_is_exact(loaded._index) or is_well_formed(loaded._index)):
                raise RuntimeError("another kind of index")
        except (RuntimeError, MemoryError) as error:
            raise IndexDamagedError(f"{path} cannot be read as vectors; {mend(path)}") from error
        return loaded

    def _looking(self, k: int, among: Sequence[int] | None) -> Any:  # noqa: ANN401 - FAISS has no full type
        """Where FAISS looks: in as many clusters as the rule says, in more where so few could hold less than k rows."""
        if self.is_exact:
            chosen: Any = faiss.SearchParameters()
        else:
            enough = math.ceil(4 * k * self.clusters / len(self))
            probes = self.clusters if among is not None else max(self._sizes.probes, enough)
            chosen = faiss.SearchParametersIVF()
            chosen.nprobe = min(self.clusters, probes)
        if among is not None:
            chosen.sel = faiss.IDSelectorBatch(np.asarray(among, dtype=np.int64))
        return chosen

    def _places(self) -> Places:
        """Where the rows stand, worked out when it is first asked for."""
        if self._known_places is None:
            if self.is_exact:
                ids = faiss.vector_to_array(self._index.id_map)
                order = np.argsort(ids, kind="stable")
                self._known_places = Places(ids[order], order, np.zeros(1, dtype=np.int64))
            else:
                self._known_places = Places.of(self._index)
        return self._known_places

    def _at(self, positions: NDArray[np.int64]) -> Vectors:
        places = self._places()
        if not self.is_exact:
            return decoded(self._index, places, positions)
        found: Vectors = np.zeros((len(positions), self.dimension), dtype=np.float32)
        if len(positions):
            self._index.reconstruct_batch(places.rows[positions], found)
        return found

    def _check(self, vectors: Vectors) -> None:
        if vectors.ndim != 2 or vectors.shape[1] != self.dimension:
            raise IndexMismatchError(f"vectors of shape {vectors.shape} given; expected (n, {self.dimension})")
        if not np.isfinite(vectors).all():
            raise IndexMismatchError("a vector holds values that are not finite; the encoder is faulty")


def _is_exact(index: faiss.Index) -> bool:
    return type(index) is faiss.IndexIDMap2 and type(faiss.downcast_index(index.index)) is faiss.IndexFlatIP
