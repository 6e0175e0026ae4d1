"""Exact search by cosine, with shapes checked before FAISS sees them."""

from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexDamagedError, IndexMismatchError
from rag.index.faiss_index import FaissIndex
from rag.types import Vectors


def rows(*lines: tuple[float, ...]) -> Vectors:
    return np.asarray(lines, dtype=np.float32)


@pytest.fixture
def index() -> FaissIndex:
    """East, north and the middle of both, under the rows 7, 8 and 9."""
    made = FaissIndex(2)
    made.add([7, 8, 9], rows((1, 0), (0, 1), (0.6, 0.8)))
    return made


def test_nearest_rows_come_first_with_their_cosine(index: FaissIndex) -> None:
    assert index.search(rows((1, 0)), k=3) == [[(7, 1.0), (9, pytest.approx(0.6)), (8, 0.0)]]


def test_more_than_there_are_gives_all(index: FaissIndex) -> None:
    assert len(index.search(rows((1, 0)), k=99)[0]) == 3


def test_empty_index_finds_nothing_for_each_query() -> None:
    assert FaissIndex(2).search(rows((1, 0), (0, 1)), k=3) == [[], []]


def test_removed_rows_are_not_found_and_unknown_ones_are_passed_over(index: FaissIndex) -> None:
    index.remove([7, 1234])

    assert [row for row, _ in index.search(rows((1, 0)), k=3)[0]] == [9, 8]


def test_vectors_come_back_in_the_order_asked_for(index: FaissIndex) -> None:
    np.testing.assert_array_equal(index.vectors([8, 7]), rows((0, 1), (1, 0)))
    assert index.vectors([]).shape == (0, 2)


def test_missing_row_is_damage(index: FaissIndex) -> None:
    with pytest.raises(IndexDamagedError, match="vector 5 is missing"):
        index.vectors([5])


@pytest.mark.parametrize("vectors", [rows((1, 0, 0)), np.zeros(2, dtype=np.float32)])
def test_vectors_of_another_shape_are_a_mismatch(index: FaissIndex, vectors: Vectors) -> None:
    with pytest.raises(IndexMismatchError, match=r"expected \(n, 2\)"):
        index.search(vectors, k=1)
    with pytest.raises(IndexMismatchError, match=r"expected \(n, 2\)"):
        index.add([1], vectors)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused(index: FaissIndex, value: float) -> None:
    with pytest.raises(IndexMismatchError, match="not finite"):
        index.add([1], rows((value, 0)))


def test_saved_index_is_read_back(index: FaissIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "vectors")
    again = FaissIndex.load(tmp_path / "vectors")

    assert (len(again), again.dimension) == (3, 2)
    assert again.search(rows((0, 1)), k=1) == index.search(rows((0, 1)), k=1)


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x80\x04K\x01."])
def test_file_that_is_no_index_is_damage(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "vectors").write_bytes(content)

    with pytest.raises(IndexDamagedError, match="run: citewell index --rebuild"):
        FaissIndex.load(tmp_path / "vectors")
