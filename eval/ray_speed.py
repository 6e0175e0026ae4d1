"""How fast workers of Ray read, cut and embed beside one process: made articles, start-up apart."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from eval.speed_report import heading, machine
from eval.tables import table
from rag.errors import CitewellError
from rag.index.build import build_index
from rag.index.cutting import chunks_of, recipe_for
from rag.index.prepared import Preparation
from rag.index.vector_cache import Progress
from rag.ingest.articles import find_files, read_articles
from rag.types import Article, Encoder

ABOUT = (
    "from the moment when every worker has finished a shard, and the one process has loaded its encoder, to the last "
    "text; share: passages/s of one worker beside one process with one thread"
)
SEED = 7
SENTENCES = 6
"""In each of an article's two sections."""


def write_articles(words: Sequence[str], folder: Path, count: int) -> None:
    """Write so many articles of made sentences, all different, the same ones every time."""
    chance = random.Random(SEED)  # noqa: S311 - a benchmark's texts
    for number in range(count):
        sections = [
            f"## Part {part}\n\n" + " ".join(_sentence(words, chance) for _ in range(SENTENCES)) for part in (1, 2)
        ]
        text = f"# Made article {number}\n\n" + "\n\n".join(sections) + "\n"
        (folder / f"made-{number:06}.md").write_text(text, encoding="utf-8")


def run_ray_speed(
    articles: Path,
    folder: Path,
    encoder: Encoder,
    *,
    workers: Sequence[int],
    preparation: Callable[[int, Progress], Preparation],
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Index the same articles by one process and by Ray with so many workers, and return the report.

    Args:
        articles: what `write_articles` wrote.
        folder: an empty folder for the indexes.
        encoder: the model.
        workers: numbers of workers, each a run.
        preparation: makes what prepares with so many workers and tells of each finished shard.
        progress: told how many runs are done.

    Raises:
        CitewellError: Ray cannot be used, or there are too few articles for so many workers.
    """
    here = machine()
    recipe = recipe_for(encoder)
    read = [one for one in read_articles(find_files([articles])[0]) if isinstance(one, Article)]
    passages = len(chunks_of(read, encoder, recipe))
    encoder.encode(["A first text loads the weights."])
    runs: list[dict[str, Any]] = []
    counts = dict.fromkeys((1, torch.get_num_threads()))
    steps = len(counts) + len(workers)
    for threads in counts:
        with _threads(threads):
            watch = Watch()
            build_index([articles], folder / f"threads-{threads}", encoder=encoder, progress=watch)
        seconds = watch.seen[-1][0] - watch.started
        runs.append(_run(f"one process, threads: {threads}", 1, passages / seconds, 0.0))
        if progress:
            progress(len(runs), steps)
    for count in workers:
        watch = Watch()
        preparation(count, watch)([articles], folder / f"ray-{count}", None, recipe).close()
        runs.append(_run(f"Ray, workers: {count}", count, *watch.rate(count, passages / len(read))))
        if progress:
            progress(len(runs), steps)
    for run in runs:
        run["share"] = run["per_worker"] / runs[0]["rate"]
    return {
        "command": "ray", "machine": here, "about": ABOUT, "articles": len(read), "passages": passages, "runs": runs,
    }  # fmt: skip


def ray_speed_tables(report: dict[str, Any]) -> str:
    """Return the report as text."""
    rows = [
        [run["system"], round(run["start_s"], 1), round(run["rate"], 1), round(run["per_worker"], 1), run["share"]]
        for run in report["runs"]
    ]
    head = ("system", "start-up, s", "passages/s", "per worker", "share")
    about = f"{report['articles']} made articles, {report['passages']} passages; {report['about']}"
    return "\n\n".join([heading(report["machine"]), about, table(head, rows)])


class Watch(Progress):
    """Notes when how much was done."""

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self.seen: list[tuple[float, int]] = []

    def __call__(self, done: int, total: int) -> None:
        """Note it."""
        self.seen.append((time.perf_counter(), done))

    def rate(self, workers: int, passages_per_file: float) -> tuple[float, float]:
        """Return passages per second after each worker's first shard, and the seconds until then.

        Raises:
            CitewellError: there were too few shards to tell.
        """
        if len(self.seen) < 3 * workers:
            raise CitewellError(f"{len(self.seen)} shards are too few for {workers} workers; name more with --articles")
        (first, before), (last, after) = self.seen[workers - 1], self.seen[-1]
        return (after - before) * passages_per_file / (last - first), first - self.started


def _run(system: str, workers: int, rate: float, start_s: float) -> dict[str, Any]:
    return {"system": system, "workers": workers, "rate": rate, "per_worker": rate / workers, "start_s": start_s}


@contextmanager
def _threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _sentence(words: Sequence[str], chance: random.Random) -> str:
    return " ".join(chance.choices(words, k=chance.randint(8, 18))).capitalize() + "."
