"""Two saved reports side by side."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main


def saved(path: Path, values: dict[str, float], command: str = "retrieval") -> Path:
    content: dict[str, Any] = {
        "command": command, "dataset": "tiny", "index_id": path.stem, "per_question": {"nDCG@10": values}
    }  # fmt: skip
    path.write_text(json.dumps(content))
    return path


def test_changed_questions_and_difference_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = saved(tmp_path / "a.json", {"q1": 0.5, "q2": 1.0, "q3": 0.25, "old": 1.0})
    second = saved(tmp_path / "b.json", {"q1": 1.0, "q2": 1.0, "q3": 0.5, "new": 0.0})
    assert main(["compare", str(first), str(second), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["sections"]["retrieval"]
    measure = found["measures"]["nDCG@10"]
    assert measure["value"] == pytest.approx(0.25)
    assert measure["p"] == pytest.approx(0.5)  # two changed questions: 2 of 4 sign patterns
    assert (measure["n"], measure["only_first"], measure["only_second"]) == (3, 1, 1)
    assert found["changed"] == {"q1": {"nDCG@10": [0.5, 1.0]}, "q3": {"nDCG@10": [0.25, 0.5]}}
    assert main(["compare", str(first), str(second)]) == 0
    assert "2 questions changed" in capsys.readouterr().out


def test_sections_of_whole_reports_are_paired(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    section = json.loads(saved(tmp_path / "a.json", {"q1": 0.5}).read_text())
    whole = tmp_path / "all.json"
    whole.write_text(json.dumps({"command": "all", "retrieval": section}))
    assert main(["compare", str(whole), str(tmp_path / "a.json")]) == 0
    assert "0 questions changed" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"command": "retrieval"}', '{"command": "retrieval", "per_question": 1}']
)
def test_file_that_is_no_report_is_refused(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(content)
    assert main(["compare", str(saved(tmp_path / "a.json", {"q": 1.0})), str(bad)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_reports_of_different_commands_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = saved(tmp_path / "a.json", {"q": 1.0})
    second = saved(tmp_path / "b.json", {"q": 1.0}, "safety")
    assert main(["compare", str(first), str(second)]) == 2
    assert "expected two reports of one command" in capsys.readouterr().err
