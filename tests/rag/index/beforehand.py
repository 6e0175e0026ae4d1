"""Shards done beforehand in this process, as a cluster would do them."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from rag.index.generations import CACHE_FILE, SHARDS
from rag.index.manifest import Recipe
from rag.index.prepared import Prepared, save_record
from rag.index.shard_record import prefixes
from rag.index.shard_work import Known, ShardWorker
from rag.index.shards import shards_of
from rag.index.store import IndexReader
from rag.index.vector_cache import VectorCache
from rag.ingest.articles import find_files
from rag.ingest.limits import ReadingLimits
from tests.fakes import HashedEncoder

LIMITS = ReadingLimits()


class Beforehand:
    """Does the shards here, one after the other; leaves out every `leave`-th."""

    def __init__(self, leave: int = 0) -> None:
        self.leave = leave

    def __call__(self, paths: Sequence[Path], index: Path, old: IndexReader | None, recipe: Recipe) -> Prepared:
        """Do them."""
        encoder = HashedEncoder()
        shards = shards_of(find_files(paths)[0], recipe, LIMITS)
        embedded = 0
        known = Known(prefixes([]), prefixes([]))
        with (
            closing(VectorCache(index / CACHE_FILE)) as cache,
            closing(ShardWorker(encoder, recipe, LIMITS, known)) as worker,
        ):
            for number, shard in enumerate(shards, 1):
                if self.leave and number % self.leave == 0:
                    continue
                result = worker.work(shard)
                cache.add(result.keys, result.vectors)
                save_record(index / SHARDS, shard.key, result.record)
                embedded += len(result.keys)
        return Prepared(index / SHARDS, shards, LIMITS, embedded=embedded)
