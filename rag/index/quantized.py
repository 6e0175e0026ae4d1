"""Vectors as 8-bit numbers, in clusters: made from exact ones, regrouped, and read back.

The numbers do not depend on the clusters (no residuals), so that regrouping loses nothing. Everything is made on one
thread from fixed samples: the same vectors in the same order give the same file.
"""

from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from rag.types import Vectors

Index = Any
"""An index of FAISS, whose type hints leave out half of what there is."""

RANGE_MARGIN = 0.05
"""The range of each dimension is widened by this share, for vectors that come later."""

SAMPLE_PER_CLUSTER = 40
ROUNDS = 8
SEED = 20260101
BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Places:
    """Where the vectors of rows stand.

    Attributes:
        rows: all row numbers, rising.
        order: for each of them its place when the clusters are laid end to end; None where that is the same order.
        starts: the place at which each cluster starts.
    """

    rows: NDArray[np.int64]
    order: NDArray[np.int64] | None
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, index: Index) -> "Places":
        """Return the places of an index as it is now."""
        sizes = np.asarray([index.invlists.list_size(one) for one in range(index.nlist)], dtype=np.int64)
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)[:-1]])
        lists = [faiss.rev_swig_ptr(index.invlists.get_ids(one), int(size)) for one, size in enumerate(sizes) if size]
        rows = np.concatenate(lists) if lists else np.zeros(0, dtype=np.int64)
        if np.all(rows[1:] > rows[:-1]):
            return cls(rows, None, starts)
        order = np.argsort(rows, kind="stable")
        return cls(rows[order], order, starts)

    def positions(self, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return for each wanted row its position among the rising rows, -1 where it is not held."""
        found = np.searchsorted(self.rows, wanted)
        held = found < len(self.rows)
        held[held] = self.rows[found[held]] == wanted[held]
        return np.where(held, found, -1)


def quantized(exact: Index) -> Index:
    """Return what an exact index holds as 8-bit numbers, in a single cluster."""
    flat = faiss.downcast_index(exact.index)
    vectors = flat.reconstruct_n(0, flat.ntotal)
    made = _empty(flat.d, np.zeros((1, flat.d), dtype=np.float32))
    made.sq.rangestat = faiss.ScalarQuantizer.RS_minmax
    made.sq.rangestat_arg = RANGE_MARGIN
    made.sq.train(vectors)
    made.add_with_ids(vectors, faiss.vector_to_array(exact.id_map))
    return made


def regrouped(index: Index, clusters: int) -> Index:
    """Return the same numbers in so many clusters.

    Source: k-means on the sphere, Dhillon and Modha 2001, doi:10.1023/A:1007612920971, as in FAISS.
    """
    places = Places.of(index)
    made = _empty(index.d, _centroids(index, places, clusters))
    faiss.copy_array_to_vector(faiss.vector_to_array(index.sq.trained), made.sq.trained)
    for start in range(0, len(places.rows), BLOCK):
        part = np.arange(start, min(start + BLOCK, len(places.rows)))
        made.add_with_ids(decoded(index, places, part), places.rows[part])
    return made


def decoded(index: Index, places: Places, positions: NDArray[np.int64]) -> Vectors:
    """Return the vectors at positions among the rising rows, shape (n, d)."""
    if not len(positions):
        return np.zeros((0, index.d), dtype=np.float32)
    where = positions if places.order is None else places.order[positions]
    lists = np.searchsorted(places.starts, where, side="right") - 1
    codes = np.empty((len(where), index.code_size), dtype=np.uint8)
    by_list = np.argsort(lists, kind="stable")
    for part in np.split(by_list, np.flatnonzero(np.diff(lists[by_list])) + 1):
        one = int(lists[part[0]])
        held = faiss.rev_swig_ptr(index.invlists.get_codes(one), index.invlists.list_size(one) * index.code_size)
        codes[part] = held.reshape(-1, index.code_size)[where[part] - places.starts[one]]
    found: Vectors = index.sq.decode(codes)
    return found


def is_well_formed(index: Index) -> bool:
    """Return whether an index that was read is one of those that are made here."""
    if type(index) is not faiss.IndexIVFScalarQuantizer or index.invlists is None or index.quantizer is None:
        return False
    coarse = faiss.downcast_index(index.quantizer)
    held = sum(index.invlists.list_size(one) for one in range(index.invlists.nlist))
    return (
        type(coarse) is faiss.IndexFlatIP
        and (coarse.d, coarse.ntotal, index.invlists.nlist) == (index.d, index.nlist, index.nlist)
        and (index.sq.qtype, index.sq.trained.size()) == (faiss.ScalarQuantizer.QT_8bit, 2 * index.d)
        and (index.metric_type, index.by_residual) == (faiss.METRIC_INNER_PRODUCT, False)
        and (index.code_size, index.invlists.code_size, held) == (index.d, index.d, index.ntotal)
    )


def _centroids(index: Index, places: Places, clusters: int) -> Vectors:
    if clusters == 1:
        return np.zeros((1, index.d), dtype=np.float32)
    count = len(places.rows)
    sample = np.linspace(0, count - 1, min(count, clusters * SAMPLE_PER_CLUSTER)).astype(np.int64)
    kmeans: Any = faiss.Kmeans(
        index.d,
        clusters,
        niter=ROUNDS,
        seed=SEED,
        spherical=True,
        min_points_per_centroid=1,
        max_points_per_centroid=SAMPLE_PER_CLUSTER,
    )
    kmeans.train(decoded(index, places, sample))
    found: Vectors = kmeans.centroids
    return found


def _empty(dimension: int, centroids: Vectors) -> Index:
    """An index without vectors over given centroids, whose numbers have no range yet."""
    faiss.omp_set_num_threads(1)
    coarse: Any = faiss.IndexFlatIP(dimension)
    coarse.add(centroids)
    made: Index = faiss.IndexIVFScalarQuantizer(
        coarse, dimension, len(centroids), faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT, False
    )
    coarse.this.disown()
    made.own_fields = True
    made.is_trained = True
    return made
