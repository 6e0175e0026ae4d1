"""Made collections: the same each time, asked in a process of its own, reported."""

import json
from pathlib import Path

import numpy as np

from eval.report import page
from eval.scale import run_scale, scale_tables
from eval.scale_made import Material, nearest_exactly
from rag.index.store import IndexReader


def test_nearest_are_those_of_looking_at_all(tiny_reader: IndexReader) -> None:
    material = Material.of(tiny_reader)
    made = material.mixed(0, 50)
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(nearest_exactly(material, made[:5], 50, 1)[:, 0], np.arange(5))


def test_every_size_is_built_asked_and_reported(tiny_reader: IndexReader, tmp_path: Path) -> None:
    material = Material.of(tiny_reader)
    report = run_scale(material, ["warm packs", "walking outdoors"], material.vectors[:2], tmp_path, passages=[40, 60])
    assert json.loads(json.dumps(report)) == report
    assert [one["passages"] for one in report["sizes"]] == [40, 60]
    assert [one["recall_at_10"] for one in report["sizes"]] == [1.0, 1.0]
    assert all(one["both_ms"]["p95"] > 0 and one["vector_peak_mb"] > 10 for one in report["sizes"])
    assert "recall@10" in scale_tables(report)
    assert "found by vector search" in page([report])
