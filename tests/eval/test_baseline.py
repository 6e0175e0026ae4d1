"""Gates close when a value falls by more than its tolerance."""

import json
from pathlib import Path

import pytest

from eval.baseline import (
    HIGHER,
    LOWER,
    TOLERANCES,
    Gate,
    baseline_of,
    fallen,
    measures_of,
    read_baseline,
    save_baseline,
)
from rag.errors import EvaluationDataError
from tests.eval.whole import whole_report


@pytest.mark.parametrize(
    ("gate", "now", "passed"),
    [
        (Gate(0.80, 0.02, HIGHER), 0.80, True),
        (Gate(0.80, 0.02, HIGHER), 0.78, True),
        (Gate(0.80, 0.02, HIGHER), 0.77, False),
        (Gate(0.80, 0.02, HIGHER), 0.99, True),
        (Gate(0.10, 0.03, LOWER), 0.13, True),
        (Gate(0.10, 0.03, LOWER), 0.14, False),
        (Gate(0.10, 0.03, LOWER), 0.00, True),
    ],
)
def test_gate_closes_only_the_wrong_way_and_beyond_its_tolerance(gate: Gate, now: float, passed: bool) -> None:
    assert gate.is_passed(now) is passed


def test_saved_baseline_comes_back_and_passes_its_own_report(tmp_path: Path) -> None:
    report = whole_report()
    save_baseline(baseline_of(report), tmp_path / "new" / "baseline.json")
    baseline = read_baseline(tmp_path / "new" / "baseline.json")
    assert baseline == baseline_of(report)
    assert fallen(report, baseline) == []


def test_every_gated_measure_is_measured() -> None:
    assert set(TOLERANCES) <= set(measures_of(whole_report()))


def test_worse_run_is_named() -> None:
    lines = fallen(whole_report(ranked=("c2", "c1")), baseline_of(whole_report()))
    assert lines[0].startswith("retrieval.nDCG@10 fell: 0.6309, was 1.0000")
    assert not any("R@100" in line for line in lines)


def test_baseline_of_another_split_is_refused() -> None:
    report = whole_report() | {"split": "test"}
    with pytest.raises(EvaluationDataError, match="expected the same split"):
        fallen(report, baseline_of(whole_report()))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"split": "test"}',
        '{"split": "test", "gates": {"retrieval.nDCG@10": 0.8}}',
        '{"split": "test", "gates": {"a": {"value": 1}}}',
        '{"split": "test", "gates": {"a": {"value": "1", "tolerance": 0, "better": "higher"}}}',
        '{"split": "test", "gates": {"a": {"value": 1, "tolerance": -1, "better": "higher"}}}',
        '{"split": "test", "gates": {"a": {"value": 1, "tolerance": 0, "better": "up"}}}',
    ],
)
def test_malformed_baseline_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(content)
    with pytest.raises(EvaluationDataError, match=r"baseline\.json:\d+: .*expected"):
        read_baseline(path)


def test_unknown_measure_of_a_baseline_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    gates = {"retrieval.luck": {"value": 1, "tolerance": 0, "better": "higher"}}
    path.write_text(json.dumps({"split": "train", "gates": gates}))
    with pytest.raises(EvaluationDataError, match="unknown measure"):
        fallen(whole_report(), read_baseline(path))
