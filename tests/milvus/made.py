"""Made passages in a real collection: vectors in clusters, as those of texts are, and what an exact search finds."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.types import Vectors

if TYPE_CHECKING:  # tests that need it skip where it is not installed
    from pymilvus import MilvusClient

WIDTH = 128
CLUSTERS = 100
PART = 500
"""Rows sent at once. The test broker keeps 5 MB of each shard's log: more than that must not be on its way."""

TOP = 10
SHARDS = 2
SEARCH = {"params": {"ef": 128}}


@dataclass(frozen=True, slots=True)
class Made:
    """Vectors and questions.

    Attributes:
        vectors: unit rows; the place of each is its id.
        questions: unit rows near some of them.
        right: for each question the ids of the nearest ten, found by looking at all.
    """

    vectors: Vectors
    questions: Vectors
    right: list[list[int]]

    @classmethod
    def of(cls, count: int, *, questions: int = 200, seed: int = 7) -> "Made":
        """Return so many, the same each time."""
        chance = np.random.default_rng(seed)
        centers = chance.standard_normal((CLUSTERS, WIDTH))
        vectors = _unit(centers[chance.integers(0, CLUSTERS, count)] + 0.6 * chance.standard_normal((count, WIDTH)))
        asked = vectors[chance.integers(0, count, questions)]
        near = _unit(asked + 0.03 * chance.standard_normal(asked.shape))
        right = np.argsort(-(near @ vectors.T), axis=1, kind="stable")[:, :TOP]
        return cls(vectors, near, right.tolist())


def fill(client: "MilvusClient", name: str, vectors: Vectors, *, replicas: int = 1) -> None:
    """Make a collection of two shards, load it and see that every vector is there."""
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=vectors.shape[1])
    index = client.prepare_index_params()
    index.add_index("vector", index_type="HNSW", metric_type="IP", params={"M": 16, "efConstruction": 200})
    client.create_collection(name, schema=schema, num_shards=SHARDS, consistency_level="Bounded")
    for start in range(0, len(vectors), PART):
        rows = [{"id": start + place, "vector": one} for place, one in enumerate(vectors[start : start + PART])]
        client.upsert(name, rows)
    client.flush(name)
    client.create_index(name, index)
    client.load_collection(name, replica_number=replicas)
    assert count(client, name) == len(vectors)


def count(client: "MilvusClient", name: str) -> int:
    """Return how many rows a collection has now."""
    (found,) = client.query(name, filter="", output_fields=["count(*)"], consistency_level="Strong")
    return int(found["count(*)"])


def search(client: "MilvusClient", name: str, question: Vectors, *, timeout_s: float) -> list[int]:
    """Return the ids of the nearest ten, best first."""
    (found,) = client.search(
        name, data=[question], limit=TOP, search_params=SEARCH, consistency_level="Bounded", timeout=timeout_s
    )
    return [int(hit["id"]) for hit in found]


def _unit(vectors: np.ndarray) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
