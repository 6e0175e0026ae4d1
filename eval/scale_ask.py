"""Ask one made collection in a process of its own, so that its memory is that of searching alone.

A script: `python -m eval.scale_ask INDEX QUERIES.npz` prints what it measured as JSON.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from rag.index.store import FolderReader, open_index
from rag.retrieve.hybrid import HybridRetriever, SearchQuery
from rag.retrieve.wording import Wording
from rag.types import Encoder, Vectors

DEPTH = 100
"""Passages taken from each search, as in an answer."""

TOP = 10
WARMING = 10
"""Queries asked before those that count, of the same set."""


class NoEncoder:
    """Stands where an encoder is asked for: the queries come with their vectors."""

    name = "none"
    dimension = 0
    max_tokens = 0

    def count_tokens(self, texts: object) -> list[int]:
        """Raise: nothing is to be counted here."""
        raise NotImplementedError

    def encode(self, texts: object) -> Vectors:
        """Raise: nothing is to be embedded here."""
        raise NotImplementedError


def ask(index: Path, vectors: Vectors, texts: list[str]) -> dict[str, Any]:
    """Return milliseconds of each search, the rows found by vectors, and peak memory in 10^6 bytes."""
    started = time.perf_counter()
    reader = open_index(index)
    found: dict[str, Any] = {"open_s": time.perf_counter() - started, **_sizes(reader)}
    rows: list[list[int]] = []

    def by_vector(place: int) -> None:
        rows.append([row for row, _ in reader.search_vectors(vectors[place : place + 1], k=DEPTH)[:TOP]])

    found["vector_ms"] = _timed(by_vector, len(texts))
    found["found"] = rows[-len(texts) :]
    found["vector_peak_mb"] = _peak_mb()
    found["words_ms"] = _timed(lambda place: reader.search_words(texts[place], k=DEPTH), len(texts))
    encoder: Encoder = NoEncoder()
    retriever = HybridRetriever(reader, encoder)
    queries = [
        SearchQuery(text, Wording(text, text), vector[None, :]) for text, vector in zip(texts, vectors, strict=True)
    ]
    found["both_ms"] = _timed(lambda place: retriever.retrieve_for(queries[place], k=TOP), len(texts))
    found["peak_mb"] = _peak_mb()
    return found


def _sizes(reader: FolderReader) -> dict[str, Any]:
    files = {name: seal.size / 1e6 for name, seal in reader.manifest.files.items()}
    return {
        "files_mb": files,
        "clusters": reader.vectors.clusters,
        "sentences": reader.manifest.sentences,
        "sentences_searched": reader.searches_sentences,
    }


def _timed(search: Callable[[int], object], count: int) -> list[float]:
    for place in range(min(WARMING, count)):
        search(place)
    taken = []
    for place in range(count):
        started = time.perf_counter()
        search(place)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


if __name__ == "__main__":
    given = np.load(sys.argv[2])
    print(json.dumps(ask(Path(sys.argv[1]), given["vectors"], [str(text) for text in given["texts"]])))
