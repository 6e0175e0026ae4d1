"""Ask Milvus' own BM25: `python -m tests.milvus.launcher.words TEXTS.jsonl QUESTIONS.json FOLDER` prints JSON.

Needs the packages milvus-lite==2.5.1, which holds the core of the Milvus 2.5 server, and pymilvus 2.6. The last server
on PyPI, 2.3.5, has no BM25.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from pymilvus import DataType, Function, FunctionType, MilvusClient

NAME = "words"
PART = 2000
DEPTH = 100
CHANGED = 1000


def main() -> None:
    """Fill a collection, ask it, change some of it, and print what that took."""
    texts, questions, folder = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    rows = [{"id": number, "text": " ".join(parts)} for number, *parts in map(json.loads, texts.open())]
    client = MilvusClient(str(folder / "words.db"))
    _make(client)
    started = perf_counter()
    for start in range(0, len(rows), PART):
        client.upsert(NAME, rows[start : start + PART])
    client.flush(NAME)
    client.load_collection(NAME)
    found: dict[str, Any] = {"build_s": perf_counter() - started, "ms": [], "found": []}
    asked = json.loads(questions.read_text())
    for question in asked[:10] + asked:
        started = perf_counter()
        ids = _ask(client, question)
        found["ms"].append((perf_counter() - started) * 1000)
        found["found"].append(ids)
    found["ms"], found["found"] = found["ms"][10:], found["found"][10:]
    found["memory_mb"] = _children_mb()
    found["disk_mb"] = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    started = perf_counter()
    client.upsert(NAME, rows[:CHANGED])
    found["change_s"] = perf_counter() - started
    json.dump(found, sys.stdout)


def _make(client: MilvusClient) -> None:
    schema = client.create_schema(auto_id=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    analyzer = {"type": "english"}  # lower case, common words left out, stemmed
    schema.add_field("text", DataType.VARCHAR, max_length=20_000, enable_analyzer=True, analyzer_params=analyzer)
    schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_function(
        Function(
            name="bm25", function_type=FunctionType.BM25, input_field_names=["text"], output_field_names=["sparse"]
        )
    )
    index = client.prepare_index_params()
    settings = {"inverted_index_algo": "DAAT_MAXSCORE", "bm25_k1": 1.2, "bm25_b": 0.75}  # as SQLite has them
    index.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=settings)
    client.create_collection(NAME, schema=schema, index_params=index)


def _ask(client: MilvusClient, question: str) -> list[int]:
    (hits,) = client.search(
        NAME, data=[question], anns_field="sparse", limit=DEPTH, search_params={"metric_type": "BM25"}
    )
    return [int(hit["id"]) for hit in hits]


def _children_mb() -> float:
    """Most memory that the server process below this one held, in 10^6 bytes."""
    listed = subprocess.run(  # noqa: S603 - our own process id
        ["/bin/ps", "--ppid", str(os.getpid()), "-o", "pid="], capture_output=True, text=True, check=True
    )
    peaks = [0.0]
    for process in listed.stdout.split():
        status = Path(f"/proc/{process}/status")
        for line in status.read_text().splitlines() if status.exists() else ():
            if line.startswith("VmHWM"):
                peaks.append(int(line.split()[1]) * 1024 / 1e6)
    return max(peaks)


if __name__ == "__main__":
    main()
