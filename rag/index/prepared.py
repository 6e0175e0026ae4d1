"""Files that were read, cut and embedded beforehand, shard by shard, for a build that then only puts them together."""

import os
import shutil
import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from rag.errors import CorpusError
from rag.index.generations import SHARDS
from rag.index.manifest import Recipe
from rag.index.pointer import flush
from rag.index.shard_record import Prefixes, ReadFile, ShardRecord, are_among, record_path
from rag.index.shards import Shard
from rag.index.store import IndexReader
from rag.ingest.limits import ReadingLimits
from rag.ingest.parse import FileContent
from rag.ingest.read import FileReader
from rag.types import Article, Chunk

HELD_RECORDS = 2
"""Records in memory: a build goes through the files in their order."""


class Prepared:
    """Reads files from the records of shards, and from the files themselves where there is no record."""

    def __init__(self, folder: Path, shards: Sequence[Shard], limits: ReadingLimits, *, embedded: int = 0) -> None:
        """Take the folder of the records.

        Args:
            folder: holds a record for each shard that is done.
            shards: those of this run.
            limits: for files that have no record.
            embedded: how many texts were embedded beforehand.
        """
        self.embedded = embedded
        self._folder = folder
        self._key_of = {file.path: shard.key for shard in shards for file in shard.files}
        self._path_of: dict[tuple[str, str], str] = {}
        self._held: OrderedDict[str, ShardRecord | None] = OrderedDict()
        self._reader = FileReader(limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the reading process."""
        self._reader.close()

    def read(self, path: Path, *, root: Path | None = None) -> FileContent:
        """Return what a file holds.

        Args:
            path: a file.
            root: the collection's folder.

        Raises:
            CorpusError: the file is refused.
        """
        found = self._file(str(path.absolute()))
        if found is None:
            return self._reader.read(path, root=root)
        if isinstance(found.content, CorpusError):
            raise found.content
        for article in found.content.articles:
            self._path_of[article.path, article.digest] = str(path.absolute())
        return found.content

    def chunks_of(self, article: Article) -> list[Chunk] | None:
        """Return the chunks of an article, None when it has to be cut."""
        path = self._path_of.get((article.path, article.digest))
        found = None if path is None else self._file(path)
        return None if found is None else found.chunks_of(article)

    def _file(self, path: str) -> ReadFile | None:
        key = self._key_of.get(path)
        if key is None:
            return None
        if key not in self._held:
            self._held[key] = load_record(self._folder, key)
            while len(self._held) > HELD_RECORDS:
                self._held.popitem(last=False)
        record = self._held[key]
        return None if record is None else record.files.get(path)


Preparation = Callable[[Sequence[Path], Path, IndexReader | None, Recipe], Prepared]
"""Prepares the given files and folders for an index folder, its old generation and a recipe."""


def save_record(folder: Path, key: str, content: bytes) -> None:
    """Keep the record of a shard, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f"{uuid.uuid4().hex}.new"
    try:
        aside.write_bytes(content)
        flush(aside)
        os.replace(aside, record_path(folder, key))
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise
    flush(folder)


def load_record(folder: Path, key: str) -> ShardRecord | None:
    """Return the record of a shard, None when there is none or it is damaged."""
    try:
        return ShardRecord.of(record_path(folder, key).read_bytes())
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def is_done(folder: Path, shard: Shard, vectors: Prefixes) -> bool:
    """Return whether a shard has a record and all its texts have vectors.

    Args:
        folder: holds the records.
        shard: any.
        vectors: prefixes of the keys that have vectors.
    """
    record = load_record(folder, shard.key)
    return record is not None and bool(np.all(are_among(record.texts, vectors)))


def forget_shards(index: Path) -> None:
    """Remove the records of an index folder: a generation holds what they held."""
    shutil.rmtree(index / SHARDS, ignore_errors=True)
