"""Measure search by words in the replica (SQLite FTS5) beside Milvus' own BM25.

`python -m tests.milvus.measure_words INDEX SIZE …` with an index of the collection; CITEWELL_TEST_LITE_PYTHON names a
Python with milvus-lite==2.5.1 and pymilvus>=2.6,<2.7. Prints a table. Texts are made of the collection's sentences, but
for the first row, which is the collection itself with its judged questions of the training half.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from eval.dataset import LabeledQuestion, Split, load_questions
from eval.measures import MAIN, mean, score
from eval.qrels import Piece, judge
from eval.retrieval import search_texts
from eval.scale_made import SEED, Material, made_chunk
from eval.speed_values import percentile
from eval.tables import table
from rag.index.chunk_rows import chunk_metadata
from rag.index.passage_store import PassageStore
from rag.index.store import IndexReader, open_index
from rag.types import Chunk

DATA = Path(__file__).parent.parent.parent / "eval" / "data"
DEPTH = 100
TOP = 10
CHANGED = 1000


def main() -> None:
    """Measure the collection and every made size, and print a table."""
    reader = open_index(Path(sys.argv[1]))
    python = os.environ["CITEWELL_TEST_LITE_PYTHON"]
    questions = load_questions(Split.TRAIN, folder=DATA)
    texts = search_texts(questions)
    material = Material.of(reader)
    rows = []
    for size in [0, *map(int, sys.argv[2:])]:
        chunks = _made(material, size) if size else list(reader.chunks(reader.passages.all_rows()).values())
        with tempfile.TemporaryDirectory(prefix="citewell-words-") as folder:
            for name, found in (
                ("replica", _replica(chunks, list(texts.values()), Path(folder))),
                ("server", _server(python, chunks, list(texts.values()), Path(folder))),
            ):
                quality = "" if size else f"{_ndcg(reader, questions, list(texts), chunks, found['found']):.3f}"
                rows.append([f"{len(chunks):,}", name, *_cells(found), quality])
                if name == "replica":
                    ours = found["found"]
            rows[-1].append(f"{_overlap(ours, found['found']):.2f}")
            rows[-2].append("")
    head = (
        "passages",
        "where",
        "p50 / p95 ms",
        "build s",
        "1,000 changed s",
        "disk MB",
        "memory MB",
        MAIN,
        "shared of 10",
    )
    sys.stdout.write(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n{table(head, rows)}\n")


def _made(material: Material, size: int) -> list[Chunk]:
    chance = random.Random(SEED)  # noqa: S311 - a benchmark's texts
    return [made_chunk(material, chance, number) for number in range(size)]


def _replica(chunks: Sequence[Chunk], questions: Sequence[str], folder: Path) -> dict[str, Any]:
    path = folder / "passages.db"
    started = perf_counter()
    store = PassageStore(path)
    store.add((chunk.chunk_id, chunk.text, chunk_metadata(chunk)) for chunk in chunks)
    store.count_words()
    store.close()
    found: dict[str, Any] = {"build_s": perf_counter() - started, "ms": [], "found": []}
    before = _held_mb()
    store = PassageStore(path, read_only=True)
    for question in questions[:10]:
        store.search_words(question, k=DEPTH)
    for question in questions:
        started = perf_counter()
        ranked = store.search_words(question, k=DEPTH)
        found["ms"].append((perf_counter() - started) * 1000)
        found["found"].append([row - 1 for row, _ in ranked])
    found["memory_mb"] = max(_held_mb() - before, 0.0)
    found["disk_mb"] = path.stat().st_size / 1e6
    store.close()
    store = PassageStore(path)
    rows = store.all_rows()[:CHANGED]
    changed = store.by_rows(rows)
    started = perf_counter()
    store.remove(rows)
    store.add((one.passage_id, one.text, one.metadata) for one in changed.values())
    store.count_words()
    store.close()
    found["change_s"] = perf_counter() - started
    return found


def _server(python: str, chunks: Sequence[Chunk], questions: Sequence[str], folder: Path) -> dict[str, Any]:
    texts, asked, data = folder / "texts.jsonl", folder / "questions.json", folder / "server"
    with texts.open("w") as file:
        for number, chunk in enumerate(chunks):
            file.write(json.dumps([number, chunk.title, *chunk.headings, chunk.text]) + "\n")
    asked.write_text(json.dumps(questions))
    data.mkdir()
    command = [python, "-m", "tests.milvus.launcher.words", str(texts), str(asked), str(data)]
    environment = {**os.environ, "PYTHONPATH": str(DATA.parent.parent)}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 - our module
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _cells(found: dict[str, Any]) -> list[str]:
    times = f"{percentile(found['ms'], 50):.1f} / {percentile(found['ms'], 95):.1f}"
    return [times, *(f"{found[name]:.1f}" for name in ("build_s", "change_s", "disk_mb", "memory_mb"))]


def _overlap(ours: Sequence[Sequence[int]], theirs: Sequence[Sequence[int]]) -> float:
    shares = [
        len({*one[:TOP]} & {*other[:TOP]}) / len(one[:TOP]) for one, other in zip(ours, theirs, strict=True) if one
    ]
    return sum(shares) / len(shares)


def _ndcg(
    reader: IndexReader,
    questions: Sequence[LabeledQuestion],
    ids: Sequence[str],
    chunks: Sequence[Chunk],
    found: Sequence[Sequence[int]],
) -> float:
    pieces = [Piece(chunk.chunk_id, chunk.article_id, chunk.span) for chunk in chunks]
    run = {name: [str(chunks[place].chunk_id) for place in places] for name, places in zip(ids, found, strict=True)}
    return mean(score(judge(questions, pieces), run)[MAIN].values())


def _held_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    main()
