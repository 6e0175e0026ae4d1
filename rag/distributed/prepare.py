"""Read, cut and embed the files of a collection shard by shard on a Ray cluster, and keep what is done."""

import logging
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.distributed.cluster import cluster
from rag.errors import CitewellError, ClusterError
from rag.index.generations import CACHE_FILE, SHARDS
from rag.index.manifest import Recipe
from rag.index.prepared import Prepared, is_done, save_record
from rag.index.shard_record import prefixes
from rag.index.shard_work import Known, known_articles
from rag.index.shards import Shard, shards_of
from rag.index.store import IndexReader
from rag.index.vector_cache import Progress, VectorCache
from rag.ingest.articles import find_files
from rag.ingest.limits import ReadingLimits
from rag.types import Vectors

if TYPE_CHECKING:
    import ray.data

logger = logging.getLogger(__name__)

KEY_BYTES = 32
NO_PROGRESS_S = 2 * 60 * 60
"""Seconds after which a run gives up in which no shard was finished. Ray tries a shard again whose worker is gone, for
ever if need be; and one large file takes one worker many minutes."""


@dataclass(frozen=True, slots=True)
class RayPreparation:
    """A `Preparation` with Ray Data.

    Attributes:
        address: `auto` or host:port of a running cluster; None starts one on this machine.
        workers: how many work at the same time; None takes every processor of the cluster.
        model: name or folder of the encoder's model, which every machine of the cluster has.
        batch_size: texts that are embedded together.
        limits: how large a file may be and how long reading it may take.
        progress: told how many files are done.
    """

    address: str | None
    workers: int | None
    model: str
    batch_size: int
    limits: ReadingLimits
    progress: Progress | None = None

    def __call__(self, paths: Sequence[Path], index: Path, old: IndexReader | None, recipe: Recipe) -> Prepared:
        """Do every shard that is not done yet, and return a reader of all of them.

        Args:
            paths: files and folders to read.
            index: the index folder; vectors go into its cache, then a record of the shard beside it.
            old: the generation that answers; articles that it holds unchanged are read and nothing more.
            recipe: how to cut and embed.

        Raises:
            ClusterError: Ray is missing, cannot be reached, or failed for good; what was done is kept.
            CitewellError: a worker cannot do its work, in its words.
        """
        shards = shards_of(find_files(paths)[0], recipe, self.limits)
        folder = index / SHARDS
        cache = VectorCache(index / CACHE_FILE)
        try:
            vectors = prefixes(cache.keys())
            todo = [shard for shard in shards if not is_done(folder, shard, vectors)]
            logger.info("%d shards, %d to do", len(shards), len(todo))
            places = old.passages.article_places().values() if old else ()
            embedded = self._run(todo, folder, cache, Known(vectors, known_articles(places)), recipe) if todo else 0
        finally:
            cache.close()
        return Prepared(folder, shards, self.limits, embedded=embedded)

    def _run(self, shards: Sequence[Shard], folder: Path, cache: VectorCache, known: Known, recipe: Recipe) -> int:
        files = {shard.key: len(shard.files) for shard in shards}
        done, total, new = 0, sum(files.values()), prefixes([])
        with closing(self._results(shards, known, recipe)) as results:  # leaves the cluster, whatever happens here
            for key, record, keys, vectors in results:
                cache.add(keys, vectors)
                save_record(folder, key, record)  # only now: a record says that the vectors are kept
                new = np.union1d(new, prefixes(keys))
                done += files[key]
                if self.progress:
                    self.progress(done, total)
        return len(new)

    def _results(
        self, shards: Sequence[Shard], known: Known, recipe: Recipe
    ) -> Generator[tuple[str, bytes, list[bytes], Vectors], None, None]:
        with cluster(self.address) as processors:
            import ray.data  # as in `cluster`: it takes seconds

            from rag.distributed.actor import ShardActor, Task

            workers = min(self.workers or processors, len(shards))
            _calm(ray.data.DataContext.get_current())
            task = Task(self.model, self.batch_size, recipe, self.limits, ray.put(known))
            rows = ray.data.from_items(
                [{"shard": shard.line} for shard in shards], override_num_blocks=len(shards)
            ).map_batches(
                ShardActor,
                fn_constructor_args=(task,),
                batch_size=1,
                num_cpus=1,
                compute=ray.data.ActorPoolStrategy(
                    min_size=1, max_size=workers, initial_size=workers, max_tasks_in_flight_per_actor=2
                ),
            )
            try:
                for row in rows.iter_rows():
                    if row["problem"]:
                        raise CitewellError(row["problem"])
                    keys, vectors = row["keys"], np.frombuffer(row["vectors"], dtype="<f4")
                    split = [keys[at : at + KEY_BYTES] for at in range(0, len(keys), KEY_BYTES)]
                    yield row["shard"], row["record"], split, vectors.reshape(len(split), recipe.dimension)
            except ray.exceptions.RayError as error:
                raise ClusterError(
                    f"the Ray cluster failed ({' '.join(str(error).split())[:300]}); what it had done is kept: run the "
                    "command again"
                ) from error


def _calm(context: "ray.data.DataContext") -> None:
    """Let Ray Data say nothing on the terminal: progress is ours, errors are raised."""
    context.enable_progress_bars = False
    context.enable_operator_progress_bars = False
    context.execution_no_progress_timeout_s = NO_PROGRESS_S
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
