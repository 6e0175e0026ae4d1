"""The command line: help, exit statuses, nothing written when data is malformed."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval.__main__ import COMMANDS, main, make_parser
from eval.baseline import Baseline, baseline_of
from eval.commands.everything import conclude
from rag.cli import main as citewell
from rag.settings import get_settings
from rag.types import Behavior
from tests.conftest import PROJECT
from tests.eval.examples import row, write_lines, write_set
from tests.eval.whole import whole_report

NAMES = (
    "speed",
    "profile",
    "scale",
    "page",
    "ray",
    "writing",
    "check",
    "retrieval",
    "answers",
    "safety",
    "train-safety",
    "calibrate",
    "candidates",
    "compare",
    "all",
)


def asked(tmp_path: Path, **given: object) -> argparse.Namespace:
    return argparse.Namespace(**({"json": True, "report": None, "save_report": None, "save_baseline": None} | given))


@pytest.mark.parametrize("name", NAMES)
def test_every_subcommand_has_help_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    assert "example: citewell eval" in shown
    assert "--json" in shown


def test_help_of_the_command_names_every_subcommand() -> None:
    shown = make_parser().format_help()
    assert len(COMMANDS) == len(NAMES)
    assert all(name in shown for name in NAMES)


@pytest.mark.parametrize("arguments", [[], ["walk"], ["retrieval", "--k", "0"], ["retrieval", "--split", "mine"]])
def test_wrong_usage_has_status_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


@pytest.mark.parametrize("command", ["retrieval", "answers", "all", "check"])
def test_malformed_set_ends_with_2_and_writes_nothing(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEWELL_CORPUS__PATH", str(PROJECT / "tests" / "corpus"))
    data = write_set(tmp_path / "data")
    path = write_lines(data / "questions.train.jsonl", [row(), row(id="q5", kind="poem")])
    before = {file: file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file()}
    split = [] if command == "check" else ["--split", "train"]
    assert main([command, "--data", str(data), *split]) == 2
    shown = capsys.readouterr()
    line = next(line for line in shown.err.splitlines() if f"{path}:2: " in line)
    assert "'kind' is \"poem\"; expected one of" in line
    assert shown.err.count("\n") == 1 or command == "check"
    assert {file: file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file()} == before


def test_malformed_messages_end_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = write_set(tmp_path / "data")
    (data / "ordinary.train.jsonl").write_text("{\n")
    assert main(["safety", "--data", str(data)]) == 2
    assert "ordinary.train.jsonl:1: not JSON" in capsys.readouterr().err


def test_first_article_needs_its_article(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["answers", "--set", "first_article"]) == 2
    assert "--articles PATH" in capsys.readouterr().err


def test_command_line_hands_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert citewell(["eval", "compare", "missing.json", "missing.json"]) == 2
    assert capsys.readouterr().err.startswith("citewell eval: missing.json:1: ")


def test_expected_failures_end_with_1_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEWELL_CORPUS__PATH", str(tmp_path / "nothing"))
    assert main(["retrieval", "--data", str(write_set(tmp_path / "data"))]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_fixing_moved_labels_ends_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEWELL_CORPUS__PATH", str(PROJECT / "tests" / "corpus"))
    data = write_set(tmp_path / "data")
    label = {
        "article_id": "warm-packs",
        "start": 0,
        "end": 42,
        "text": "Put a cloth between the pack and the skin.",
        "grade": 3,
    }
    for half in ("train", "test"):
        text = {"train": "A cloth under it?", "test": "Bare skin?"}[half]
        write_lines(data / f"questions.{half}.jsonl", [row(id=half, question=text, labels=[label], facts=[])])
    assert main(["check", "--data", str(data)]) == 2
    assert main(["check", "--data", str(data), "--fix", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.split("problems\n")[-1])["fixed"] == 2


def test_fall_below_the_baseline_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = whole_report()
    assert conclude(good, baseline_of(good), asked(tmp_path)) == 0
    assert conclude(whole_report(behavior=Behavior.ABSTAIN), baseline_of(good), asked(tmp_path)) == 1
    assert "answers.pass fell: 0.0000, was 1.0000" in capsys.readouterr().err


def test_without_baseline_only_the_rules_count(tmp_path: Path) -> None:
    assert conclude(whole_report(behavior=Behavior.ABSTAIN), None, asked(tmp_path)) == 0
    broken = whole_report()
    broken["answers"]["measures"]["disclaimer"] = 0.5
    assert conclude(broken, Baseline("train", {}), asked(tmp_path)) == 1


def test_reports_and_baselines_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = asked(tmp_path, json=False, report=tmp_path / "r.html", save_baseline=tmp_path / "b.json")
    assert conclude(whole_report(), None, given) == 0
    assert "retrieval.nDCG@10" in json.loads((tmp_path / "b.json").read_text())["gates"]
    assert "<svg" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "all values are within their limits" in capsys.readouterr().out


def test_a_report_is_kept_for_the_maintainers_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.maintainers.reports import read_sections

    monkeypatch.setenv("CITEWELL_PAGE__REPORTS", str(tmp_path / "reports"))
    get_settings.cache_clear()
    assert conclude(whole_report(), None, asked(tmp_path, save_report="today")) == 0
    sections = read_sections(tmp_path / "reports" / "today.json")
    assert set(sections) == {"retrieval", "answers", "safety"}
    assert sections["answers"].questions["q1"].found
    for name in ("../up", ".hidden", "a/b", ""):
        with pytest.raises(SystemExit):
            main(["all", "--save-report", name])


def test_module_can_be_run(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "eval", "--help"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert "citewell eval" in found.stdout
