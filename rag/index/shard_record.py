"""What became of a shard, as bytes that can be kept: its files as read, their chunks, the keys of their texts."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from rag.errors import CorpusError
from rag.index.chunk_rows import chunk_from, chunk_metadata
from rag.ingest.parse import FileContent
from rag.ingest.wire import content_from, content_line, error_line
from rag.types import Article, Chunk

Prefixes = NDArray[np.uint64]
"""The first eight bytes of keys, sorted: enough to tell which texts have vectors."""


def prefixes(keys: Sequence[bytes]) -> Prefixes:
    """Return the first eight bytes of each key as a number, sorted, each once."""
    return np.unique(np.frombuffer(b"".join(key[:8] for key in keys), dtype=">u8").astype(np.uint64))


def are_among(keys: Prefixes, known: Prefixes) -> NDArray[np.bool_]:
    """Return for each key whether it is one of the known ones, without a copy of those."""
    if not len(known):
        return np.zeros(len(keys), dtype=np.bool_)
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.asarray(known[places] == keys)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file as it was read.

    Attributes:
        content: its articles, or the line that says why there are none.
        chunks: of each article; None for one that was not cut.
    """

    content: FileContent | CorpusError
    chunks: tuple[tuple[Chunk, ...] | None, ...] = ()

    def chunks_of(self, article: Article) -> list[Chunk] | None:
        """Return the chunks of an article, None when they are not here or the article was given another id."""
        if isinstance(self.content, CorpusError):
            return None
        for read, chunks in zip(self.content.articles, self.chunks, strict=True):
            # The map of a site may have given a page its address since; nothing else of a chunk depends on that.
            if chunks is not None and replace(read, url=article.url) == article:
                return [replace(chunk, url=article.url) for chunk in chunks]
        return None


@dataclass(frozen=True, slots=True)
class ShardRecord:
    """What became of a shard.

    Attributes:
        files: by absolute path; files that a worker did not see as they were are missing.
        texts: prefixes of the keys of all texts that its chunks embed.
    """

    files: Mapping[str, ReadFile]
    texts: Prefixes

    @property
    def content(self) -> bytes:
        """The record as bytes, with a checksum."""
        parts = [_json(self.texts.astype(">u8").tobytes().hex())]
        for path, file in self.files.items():
            line = error_line(file.content) if isinstance(file.content, CorpusError) else content_line(file.content)
            cut = [None if chunks is None else [_row(chunk) for chunk in chunks] for chunks in file.chunks]
            parts += [_json(path), line, _json(cut)]
        body = b"".join(parts)
        return hashlib.sha256(body).hexdigest().encode("ascii") + b"\n" + body

    @classmethod
    def of(cls, content: bytes) -> Self:
        """Return the record of some bytes.

        Raises:
            ValueError: they are cut short, altered, or no record.
        """
        digest, _, body = content.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode("ascii") != digest:
            raise ValueError("the record was cut short or altered")
        lines = body.splitlines(keepends=True)
        texts = np.frombuffer(bytes.fromhex(json.loads(lines[0])), dtype=">u8").astype(np.uint64)
        files = {
            str(json.loads(lines[at])): _file(lines[at + 1], json.loads(lines[at + 2]))
            for at in range(1, len(lines), 3)
        }
        return cls(files, texts)


def record_path(folder: Path, key: str) -> Path:
    """Return where the record of a shard is kept."""
    return folder / f"{key}.record"


def _file(line: bytes, cut: list[list[tuple[str, str, dict[str, Any]]] | None]) -> ReadFile:
    try:
        content = content_from(line)
    except CorpusError as error:
        return ReadFile(error)
    return ReadFile(content, tuple(None if rows is None else tuple(chunk_from(*row) for row in rows) for rows in cut))


def _row(chunk: Chunk) -> list[object]:
    return [chunk.chunk_id, chunk.text, chunk_metadata(chunk)]


def _json(value: object) -> bytes:
    return json.dumps(value).encode("ascii") + b"\n"
