"""How vectors are kept by their number: the rule at small thresholds, with real FAISS."""

from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexDamagedError
from rag.index.faiss_index import FaissIndex
from rag.index.size_rule import SIZE_RULE, SizeRule, are_searched, outgrown
from rag.types import Vectors

SMALL = SizeRule(exact=500, probes=64)
COUNT = 4000
WIDTH = 48


def unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """4,000 vectors around 60 centers."""
    chance = np.random.default_rng(3)
    centers = chance.standard_normal((60, WIDTH))
    made = centers[chance.integers(0, 60, COUNT)] + 0.7 * chance.standard_normal((COUNT, WIDTH))
    return unit(made.astype(np.float32))


def filled(vectors: Vectors, sizes: SizeRule = SMALL) -> FaissIndex:
    made = FaissIndex(WIDTH, sizes=sizes)
    made.add(range(0, 3 * len(vectors), 3), vectors)
    return made


@pytest.fixture(scope="module")
def saved(vectors: Vectors, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clusters") / "vectors"
    filled(vectors).save(path)
    return path


def recall(index: FaissIndex, exact: FaissIndex, queries: Vectors) -> float:
    found, right = index.search(queries, k=10), exact.search(queries, k=10)
    shares = [
        len({row for row, _ in one} & {row for row, _ in other}) / 10 for one, other in zip(found, right, strict=True)
    ]
    return float(np.mean(shares))


def test_rule_is_exact_to_fifty_thousand_and_four_roots_of_clusters_beyond() -> None:
    assert SIZE_RULE == SizeRule(exact=50_000, probes=128)
    assert [SIZE_RULE.clusters(count) for count in (1, 100_000, 1_000_000)] == [4, 1265, 4000]
    assert (are_searched(1_000_000), are_searched(1_000_001)) == (True, False)


def test_clusters_are_made_anew_after_fourfold_growth() -> None:
    assert not outgrown(100, 200)
    assert outgrown(100, 201)
    assert outgrown(201, 100)
    assert (outgrown(1, 2), outgrown(2, 1), outgrown(1, 1)) == (True, True, False)


def test_up_to_the_limit_vectors_are_exact_and_beyond_in_clusters(vectors: Vectors, tmp_path: Path) -> None:
    few, many = filled(vectors[:500]), filled(vectors[:501])
    many.save(tmp_path / "many")
    assert (few.is_exact, few.clusters) == (True, 0)
    assert (many.is_exact, many.clusters) == (False, SMALL.clusters(501))


def test_clusters_find_what_exact_search_finds(vectors: Vectors, saved: Path) -> None:
    exact = filled(vectors, SizeRule(exact=COUNT))
    assert recall(FaissIndex.load(saved, sizes=SMALL), exact, vectors[::20]) >= 0.95


def test_numbers_come_back_as_near_as_their_steps(vectors: Vectors, saved: Path) -> None:
    again = FaissIndex.load(saved, sizes=SMALL).vectors([30, 0, 2997])
    np.testing.assert_allclose(again, vectors[[10, 0, 999]], atol=0.005)


def test_same_vectors_give_the_same_file(vectors: Vectors, saved: Path, tmp_path: Path) -> None:
    filled(vectors).save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == saved.read_bytes()


def test_vectors_added_in_parts_are_kept_as_if_added_at_once(vectors: Vectors, saved: Path, tmp_path: Path) -> None:
    made = FaissIndex(WIDTH, sizes=SMALL)
    for start in range(0, COUNT, 333):
        part = vectors[start : start + 333]
        made.add(range(3 * start, 3 * (start + len(part)), 3), part)
    made.save(tmp_path / "parts")
    assert (tmp_path / "parts").read_bytes() == saved.read_bytes()


@pytest.mark.parametrize("mapped", [True, False])
def test_saved_clusters_are_read_back_mapped_or_whole(vectors: Vectors, saved: Path, mapped: bool) -> None:
    again = FaissIndex.load(saved, None if mapped else saved.read_bytes(), sizes=SMALL)
    assert (len(again), again.dimension, again.rows()) == (COUNT, WIDTH, list(range(0, 3 * COUNT, 3)))
    assert again.search(vectors[7:8], k=1)[0][0][0] == 21


def test_mapped_index_is_changed_in_a_copy(vectors: Vectors, saved: Path, tmp_path: Path) -> None:
    before = saved.read_bytes()
    changed = FaissIndex.load(saved, sizes=SMALL).changeable()
    changed.remove([21, 1])
    changed.add([22], vectors[7:8])
    changed.save(tmp_path / "next")

    again = FaissIndex.load(tmp_path / "next", sizes=SMALL)
    assert again.search(vectors[7:8], k=1)[0][0][0] == 22
    assert len(again) == COUNT
    with pytest.raises(IndexDamagedError, match="vector 21 is missing"):
        again.vectors([21])
    assert saved.read_bytes() == before


def test_numbers_stay_when_clusters_are_made_anew(vectors: Vectors, saved: Path, tmp_path: Path) -> None:
    shrunk = FaissIndex.load(saved, sizes=SMALL).changeable()
    kept = shrunk.vectors(range(0, 1500, 3))
    before = shrunk.clusters
    shrunk.remove(range(1500, 3 * COUNT, 3))
    shrunk.save(tmp_path / "shrunk")
    assert shrunk.clusters == SMALL.clusters(500) < before
    np.testing.assert_array_equal(shrunk.vectors(range(0, 1500, 3)), kept)


def test_asking_for_many_looks_in_more_clusters(vectors: Vectors, saved: Path) -> None:
    index = FaissIndex.load(saved, sizes=SizeRule(exact=500, probes=1))
    assert len(index.search(vectors[:1], k=3000)[0]) == 3000


def test_only_the_rows_asked_for_are_looked_at(vectors: Vectors, saved: Path) -> None:
    found = FaissIndex.load(saved, sizes=SizeRule(exact=500, probes=1)).search(vectors[:1], k=5, among=[9, 3000, 4])
    assert {row for row, _ in found[0]} == {9, 3000}


@pytest.mark.parametrize("exact", [500, COUNT])
def test_best_in_a_range_of_rows_is_its_highest_cosine(vectors: Vectors, exact: int) -> None:
    index = filled(vectors, SizeRule(exact=exact))
    found = index.best_between(vectors[:1], [(3, 10), (1, 3), (0, 1)])
    assert found[1] is None
    assert found[0] == pytest.approx(float((vectors[1:4] @ vectors[0]).max()), abs=0.01)
    assert found[2] == pytest.approx(1.0, abs=0.01)


def test_vectors_that_are_only_looked_up_have_one_cluster(vectors: Vectors, tmp_path: Path) -> None:
    made = filled(vectors)
    made.save(tmp_path / "listed", searched=False)
    assert made.clusters == 1
    assert FaissIndex.load(tmp_path / "listed", sizes=SMALL).search(vectors[5:6], k=1)[0][0][0] == 15


def test_cut_file_of_clusters_is_damage(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "cut").write_bytes(saved.read_bytes()[:-1000])
    with pytest.raises(IndexDamagedError, match="run: citewell index --rebuild"):
        FaissIndex.load(tmp_path / "cut")
