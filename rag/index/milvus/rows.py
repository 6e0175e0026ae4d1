"""Rows of a server's collections: made of chunks and articles, and read in any number."""

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from rag.index.chunk_rows import article_json, chunk_metadata
from rag.index.milvus.layout import BATCH, BYTES_OF_PART, FOR_GOOD, passage_key, sentence_key
from rag.index.milvus.server import LONG_S, MilvusServer
from rag.index.sentence_rows import FIRST_QUESTION
from rag.types import Article, Chunk, Vectors

Row = dict[str, Any]

NO_VECTOR = [0.0, 0.0]
ONE_ANSWER = 1_000
"""Rows read at once: 1.5 MB of vectors."""


def chunk_rows(chunks: Sequence[Chunk], vectors: Vectors, number: int) -> tuple[list[Row], list[Row]]:
    """Return the rows of passages and of their sentences and questions.

    Args:
        chunks: n of them.
        vectors: float32, shape (m, d): for each chunk its vector, then those of its sentences and questions.
        number: of the generation that adds them.
    """
    passages: list[Row] = []
    parts: list[Row] = []
    start = 0
    for chunk in chunks:
        seen = {"article_id": chunk.article_id, "since": number, "until": FOR_GOOD}
        key = passage_key(chunk.chunk_id, number)
        metadata = chunk_metadata(chunk)
        passages.append({"pk": key, "vector": vectors[start], "text": chunk.text, "metadata": metadata, **seen})
        questions = range(FIRST_QUESTION, FIRST_QUESTION + len(chunk.questions))
        for place in [*range(len(chunk.sentences)), *questions]:
            start += 1
            parts.append({"pk": sentence_key(key, place), "vector": vectors[start], "passage": key, **seen})
        start += 1
    return passages, parts


def article_rows(article: Article, origin: str, number: int) -> list[Row]:
    """Return the rows of an article: its text goes into as many as it needs."""
    body = article_json(article).encode()
    # The server takes text, and a cut inside a letter would not be text.
    cuts = [0]
    while cuts[-1] < len(body):
        end = min(cuts[-1] + BYTES_OF_PART, len(body))
        while end < len(body) and body[end] & 0xC0 == 0x80:
            end -= 1
        cuts.append(end)
    return [
        {
            "pk": f"{article.article_id}@{number:x}#{part}",
            "vector": NO_VECTOR,
            "article_id": article.article_id,
            "since": number,
            "until": FOR_GOOD,
            "origin": origin,
            "path": article.path,
            "digest": article.digest,
            "part": part,
            "body": body[start:end].decode(),
        }
        for part, (start, end) in enumerate(pairwise(cuts))
    ]


def upsert(server: MilvusServer, collection: str, rows: Sequence[Row], *, at_once: int = BATCH) -> None:
    """Write rows in batches: new ones, and in the place of those with the same key."""
    for start in range(0, len(rows), at_once):
        part = [{**row, "vector": np.asarray(row["vector"], dtype=np.float32)} for row in rows[start : start + at_once]]
        server.call("upsert", collection, part, timeout_s=LONG_S)


def each_row(server: MilvusServer, collection: str, where: str, fields: Sequence[str]) -> Iterator[list[Row]]:
    """Yield the rows that a filter finds, in batches, as they are now.

    Raises:
        ServerError: the server does not answer.
    """
    asked: Row = {"filter": where, "output_fields": list(fields), "consistency_level": "Strong"}
    # An iterator waits a second before it begins; most of what is asked fits one answer.
    first = server.call("query", collection, limit=ONE_ANSWER + 1, timeout_s=LONG_S, **asked)
    if len(first) <= ONE_ANSWER:
        yield list(first)
        return
    found = server.call(
        "query_iterator",
        collection,
        batch_size=ONE_ANSWER,
        timeout_s=LONG_S,
        **asked,
    )
    try:
        while rows := server.guarded(found.next):
            yield list(rows)
    finally:
        found.close()


def quoted(values: Sequence[str]) -> str:
    """Return texts as a list in a filter."""
    return json.dumps(list(values), ensure_ascii=False)
