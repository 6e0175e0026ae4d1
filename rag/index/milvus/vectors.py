"""Vectors on a server as the answering path asks for them: by the row numbers of this machine's copy of the texts."""

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from rag.errors import IndexMismatchError
from rag.index.milvus.copied_passages import CopiedPassages
from rag.index.milvus.layout import BATCH, EF, seen_by, sentence_key
from rag.index.milvus.server import MilvusServer
from rag.index.sentence_rows import PLACES, passage_and_place, sentence_row
from rag.types import Vectors

KEPT = 20_000
"""Vectors that are kept after they were fetched: 31 MB of 384 numbers. Those of a generation never change."""

DEEPEST = 16_384
"""Rows that a server gives for one search at most."""


class Keys(Protocol):
    """Names the rows of a collection on the server."""

    def keys(self, rows: Sequence[int]) -> dict[int, str]:
        """Return the keys of rows; unknown ones are left out."""

    def rows(self, keys: Sequence[str]) -> dict[str, int]:
        """Return the rows of keys; unknown ones are left out."""

    def all(self) -> list[int]:
        """Return every row, in rising order."""


@dataclass(frozen=True, slots=True)
class PassageKeys:
    """Keys of passages, from the copy."""

    passages: CopiedPassages

    def keys(self, rows: Sequence[int]) -> dict[int, str]:
        """Return the keys of rows; unknown ones are left out."""
        return self.passages.keys_of(rows)

    def rows(self, keys: Sequence[str]) -> dict[str, int]:
        """Return the rows of keys; unknown ones are left out."""
        return self.passages.rows_of_keys(keys)

    def all(self) -> list[int]:
        """Return every row, in rising order."""
        return self.passages.all_rows()


@dataclass(frozen=True, slots=True)
class SentenceKeys:
    """Keys of sentences and questions: that of their passage, and their place."""

    passages: CopiedPassages

    def keys(self, rows: Sequence[int]) -> dict[int, str]:
        """Return the keys of rows; those of unknown passages are left out."""
        parts = {row: passage_and_place(row) for row in rows}
        known = self.passages.keys_of(list({passage for passage, _ in parts.values()}))
        return {row: sentence_key(known[one], place) for row, (one, place) in parts.items() if one in known}

    def rows(self, keys: Sequence[str]) -> dict[str, int]:
        """Return the rows of keys; those of unknown passages are left out."""
        parts = {key: key.rpartition("-") for key in keys}
        known = self.passages.rows_of_keys(list({passage for passage, _, _ in parts.values()}))
        return {
            key: sentence_row(known[passage], int(place))
            for key, (passage, _, place) in parts.items()
            if passage in known
        }

    def all(self) -> list[int]:
        """Return every row that the texts call for, in rising order."""
        return self.passages.sentence_rows()


@dataclass(frozen=True, slots=True)
class MilvusVectors:
    """The vectors of one collection that one generation sees. Safe to share between threads.

    A vector that the server does not hold is unlike everything, and a hit that the copy does not know is left out: a
    question is answered while the index changes under it.

    Attributes:
        server: where they are.
        collection: their collection.
        number: of the generation.
        dimension: width d.
        count: how many there are.
        names: what the rows are called there.
    """

    server: MilvusServer
    collection: str
    number: int
    dimension: int
    count: int
    names: Keys
    _fetched: "OrderedDict[int, Vectors]" = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __len__(self) -> int:
        return self.count

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
            ServerError: the server does not answer.
        """
        if queries.ndim != 2 or queries.shape[1] != self.dimension:
            raise IndexMismatchError(f"vectors of shape {queries.shape} given; expected (n, {self.dimension})")
        k = min(k, self.count, DEEPEST)
        if k < 1 or not len(queries):
            return [[] for _ in range(len(queries))]
        if among is not None:
            return self._search_among(queries, k, list(among))
        found = self.server.call(
            "search",
            self.collection,
            data=list(queries),
            anns_field="vector",
            limit=k,
            filter=seen_by(self.number),
            search_params={"metric_type": "IP", "params": {"ef": max(EF, k)}},
        )
        rows = self.names.rows([str(hit["id"]) for hits in found for hit in hits])
        return [[(rows[hit["id"]], float(hit["distance"])) for hit in hits if hit["id"] in rows] for hits in found]

    def best_between(self, query: Vectors, bounds: Sequence[tuple[int, int]]) -> list[float | None]:
        """Return for each range of rows the highest cosine in it to one query, None where it holds no row.

        Args:
            query: float32, shape (1, d).
            bounds: first row of each range and the one after its last, of whole passages.

        Raises:
            ServerError: the server does not answer.
        """
        passages = {start // PLACES for start, end in bounds if end > start}
        keys = PassageKeys(self.names.passages).keys(sorted(passages)) if isinstance(self.names, SentenceKeys) else {}
        best: dict[str, float] = {}
        for part in _batches(list(keys.values()), BATCH // 10):
            listed = json.dumps(part)
            for row in self._asked(filter=f"passage in {listed} and {seen_by(self.number)}", fields=["passage"]):
                cosine = float(np.asarray(row["vector"], dtype=np.float32) @ query[0])
                best[row["passage"]] = max(best.get(row["passage"], -1.0), cosine)
        return [best.get(keys.get(start // PLACES, "")) for start, _ in bounds]

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """Return the vectors of the given rows, shape (n, d), zeros for what the server does not hold.

        Raises:
            ServerError: the server does not answer.
        """
        wanted = list(dict.fromkeys(rows))
        with self._lock:
            known: dict[int, Vectors] = {}
            for row in wanted:
                if row in self._fetched:
                    self._fetched.move_to_end(row)
                    known[row] = self._fetched[row]
        new = self._fetch([row for row in wanted if row not in known])
        with self._lock:
            self._fetched.update(new)
            while len(self._fetched) > KEPT:
                self._fetched.popitem(last=False)
        known.update(new)
        nothing = np.zeros(self.dimension, dtype=np.float32)
        made = [known.get(row, nothing) for row in rows]
        return np.stack(made) if made else np.zeros((0, self.dimension), dtype=np.float32)

    def rows(self) -> list[int]:
        """Return every row number that the texts call for, in rising order."""
        return self.names.all()

    def _search_among(self, queries: Vectors, k: int, rows: list[int]) -> list[list[tuple[int, float]]]:
        """The rows of one article are few: they are fetched once, and compared here."""
        cosines = queries @ self.vectors(rows).T
        return [
            [(rows[place], float(line[place])) for place in np.argsort(-line, kind="stable")[:k]] for line in cosines
        ]

    def _fetch(self, rows: Sequence[int]) -> Mapping[int, Vectors]:
        found: dict[int, Vectors] = {}
        keys = self.names.keys(rows) if rows else {}
        places = {key: row for row, key in keys.items()}
        for part in _batches(list(places), BATCH):
            for row in self.server.call("get", self.collection, ids=part, output_fields=["pk", "vector"]):
                found[places[str(row["pk"])]] = np.asarray(row["vector"], dtype=np.float32)
        return found

    def _asked(self, *, filter: str, fields: list[str]) -> Iterable[dict[str, Any]]:  # noqa: A002 - the client's word
        found: Iterable[dict[str, Any]] = self.server.call(
            "query", self.collection, filter=filter, output_fields=["vector", *fields]
        )
        return found


def _batches(items: list[str], size: int) -> Iterable[list[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
