"""The profile: means by stage, imports by package, and what goes wrong in one line."""

import json
import sys
from dataclasses import replace

import pytest

from eval.time_profile import imports, package_of, profile_report, profile_tables, stages
from rag.errors import CitewellError
from rag.types import Answer, Behavior, Mode, Triage


def answered(question: str) -> Answer:
    empty = Answer(question, Behavior.ABSTAIN, "", (), (), Triage(), "", Mode.QUOTING, "index")
    return replace(empty, timing_ms={"embed": float(len(question)), "total": 10.0})


def test_stages_are_means_over_the_questions() -> None:
    assert stages(answered, ["a", "abc"]) == {"embed": 2.0, "total": 10.0}


def test_stage_that_a_question_skips_took_it_no_time() -> None:
    def once(question: str) -> Answer:
        answer = answered(question)
        return answer if question == "ab" else replace(answer, timing_ms={"total": 10.0})

    assert stages(once, ["ab", "skips"])["embed"] == 1.0


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("numpy.linalg._linalg", "numpy"),
        ("rag.chain.answerer", "rag.chain"),
        ("rag", "rag"),
        ("json.decoder", "standard library"),
        ("_sqlite3", "standard library"),
    ],
)
def test_modules_are_counted_under_their_package(module: str, package: str) -> None:
    assert package_of(module) == package


def test_imports_of_a_command_are_measured() -> None:
    found = imports(["-c", "import numpy"], repeats=1)
    assert found["numpy"] > 0
    assert "faiss" not in found


def test_command_that_fails_is_told_in_one_line() -> None:
    with pytest.raises(CitewellError, match="a start ended with 1: no such thing"):
        imports(["-c", "import sys; sys.exit('no such thing')"], repeats=1)


def test_report_is_json_and_tables() -> None:
    report = profile_report({"embed": 3.0, "total": 4.0}, {"numpy": 30.0, "rag": 10.0}, questions=2)
    assert json.loads(json.dumps(report)) == report
    shown = profile_tables(report)
    assert "mean of 2" in shown
    assert "between" in shown
    assert "75 %" in shown
    assert sys.version.split()[0] in shown
