"""What runs in each worker of the cluster: shards in, records and vectors out, as columns that Ray Data passes on."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import ray

from rag.embed.encoder import load_encoder
from rag.embed.one_thread import use_one_thread
from rag.errors import CitewellError
from rag.index.manifest import Recipe
from rag.index.shard_work import Known, ShardWorker
from rag.index.shards import Shard
from rag.ingest.limits import ReadingLimits
from rag.threads import calm_threads

Columns = dict[str, Any]
"""Columns by name, each with one value for each shard."""


@dataclass(frozen=True, slots=True)
class Task:
    """What all workers of a run are told.

    Attributes:
        model: name or folder of the encoder's model.
        batch_size: texts that are embedded together.
        recipe: how to cut and embed.
        limits: how large a file may be and how long reading it may take.
        known: reference to a `Known`, which is in shared memory once on each machine.
    """

    model: str
    batch_size: int
    recipe: Recipe
    limits: ReadingLimits
    known: "ray.ObjectRef"


class ShardActor:
    """Does shards in a process of its own, with one thread: as many of them run as there are processors.

    Reading and embedding are done by the same worker, so that no processor waits for another kind of work.
    """

    def __init__(self, task: Task) -> None:
        """Take the task; what it needs is loaded with the first shard, where a failure can be told in words."""
        self._task = task

    def __call__(self, shards: Columns) -> Columns:
        """Return a row for each shard: its key, its record, keys and vectors as bytes, or what went wrong."""
        rows = [self._row(Shard.from_line(line)) for line in shards["shard"]]
        return {name: np.array([row[name] for row in rows], dtype=object) for name in rows[0]}

    def _row(self, shard: Shard) -> dict[str, object]:
        row: dict[str, object] = {"shard": shard.key, "record": b"", "keys": b"", "vectors": b"", "problem": ""}
        try:
            result = self._worker.work(shard)
        except CitewellError as error:
            return {**row, "problem": str(error)}
        vectors = result.vectors.astype("<f4").tobytes()
        return {**row, "record": result.record, "keys": b"".join(result.keys), "vectors": vectors}

    @cached_property
    def _worker(self) -> ShardWorker:
        calm_threads()
        use_one_thread()
        known: Known = ray.get(self._task.known)
        encoder = load_encoder(self._task.model, batch_size=self._task.batch_size)
        return ShardWorker(encoder, self._task.recipe, self._task.limits, known)
