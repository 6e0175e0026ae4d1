"""How search holds up with size: made collections, each built, then asked in a process of its own."""

import json
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import rag
from eval.scale_ask import TOP
from eval.scale_made import Material, make_collection, nearest_exactly
from eval.speed import child_environment
from eval.speed_process import measured
from eval.speed_report import heading, machine
from eval.speed_values import percentile
from eval.tables import table
from rag.errors import CitewellError
from rag.index.vector_cache import Progress
from rag.types import Vectors

ABOUT = (
    "vectors: two real ones mixed, with noise; texts: real sentences; queries: real questions, embedded beforehand; "
    "one thread; p50 / p95 in ms"
)


def run_scale(
    material: Material,
    texts: Sequence[str],
    queries: Vectors,
    folder: Path,
    *,
    passages: Sequence[int],
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Build and ask a collection of each size and return the report.

    Args:
        material: what the collections are made of.
        texts: the queries, one or more.
        queries: their vectors, shape (n, d).
        folder: an empty folder for everything that is written.
        passages: the sizes.
        progress: told how many sizes are done.

    Raises:
        CitewellError: the process that asks failed.
    """
    here = machine()
    np.savez(folder / "queries.npz", vectors=queries, texts=np.asarray(texts))
    sizes = []
    for done, count in enumerate(passages, start=1):
        sizes.append(_one_size(material, queries, folder, count))
        if progress:
            progress(done, len(passages))
    return {
        "command": "scale",
        "machine": here,
        "conditions": {"questions": len(texts), "real vectors": len(material.vectors), "threads": 1},
        "sizes": sizes,
    }


def _one_size(material: Material, queries: Vectors, folder: Path, passages: int) -> dict[str, Any]:
    index = folder / f"index-{passages}"
    started = time.perf_counter(), time.process_time()
    make_collection(material, index, passages)
    built = {"build_s": time.perf_counter() - started[0], "build_cpu_s": time.process_time() - started[1]}
    environment = child_environment(1, Path(rag.__file__).parent.parent)
    command = [sys.executable, "-m", "eval.scale_ask", str(index), str(folder / "queries.npz")]
    usage = measured(command, environment, folder)
    shutil.rmtree(index)
    if usage.status != 0:
        raise CitewellError(f"searching {passages} passages ended with {usage.status}: {' '.join(usage.error.split())}")
    asked = json.loads(usage.output)
    times = {
        name: {"p50": percentile(asked[name], 50), "p95": percentile(asked[name], 95)}
        for name in ("vector_ms", "words_ms", "both_ms")
    }
    exact = nearest_exactly(material, queries, passages, TOP) + 1  # rows count from 1
    shares = [
        len({*found} & {*right}) / len(right) for found, right in zip(asked["found"], exact.tolist(), strict=True)
    ]
    return {
        **{name: value for name, value in asked.items() if name not in (*times, "found")},
        **times,
        **built,
        "passages": passages,
        "recall_at_10": float(np.mean(shares)),
    }


def scale_tables(report: Mapping[str, Any]) -> str:
    """Return the report for a terminal."""
    head = (
        "passages", "clusters", "vectors", "recall@10", "words", "both, fused", "MB, vectors", "MB, all", "build s",
    )  # fmt: skip
    rows = [
        [
            f"{one['passages']:,}",
            str(one["clusters"] or "exact"),
            *[f"{one[name]['p50']:.1f} / {one[name]['p95']:.1f}" for name in ("vector_ms",)],
            f"{one['recall_at_10']:.3f}",
            *[f"{one[name]['p50']:.1f} / {one[name]['p95']:.1f}" for name in ("words_ms", "both_ms")],
            f"{one['vector_peak_mb']:.0f}",
            f"{one['peak_mb']:.0f}",
            f"{one['build_s']:.0f}",
        ]
        for one in report["sizes"]
    ]
    notes = [
        f"{one['passages']:,} passages: {one['sentences']:,} vectors of sentences, "
        + ("searched whole" if one["sentences_searched"] else "looked up in the passages found")
        for one in report["sizes"]
    ]
    given = ", ".join(f"{name} {value}" for name, value in report["conditions"].items())
    memory = "MB: most memory held by the process that searched, after vector search and after all"
    return "\n\n".join([heading(report["machine"]), given, table(head, rows), "\n".join([ABOUT, memory, *notes])])
