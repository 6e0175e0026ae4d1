"""Warning signs met, false alarms, and whose words are shown."""

import pytest

from eval.json_rows import Row
from eval.messages import SafetyMessage, message_from
from eval.safety import assess_all, safety_report
from eval.safety_tables import safety_tables
from rag.types import Question, Triage, TriageLevel, Vectors
from tests.eval.examples import message
from tests.fakes import HashedEncoder


class WordChecker:
    """Reads the level off the message: the first word that names one."""

    def assess(self, question: Question, *, vector: Vectors | None = None) -> Triage:
        """The level that the text names."""
        assert vector is not None
        assert vector.shape[0] == 1
        return Triage(next((level for level in TriageLevel if level in question.text), TriageLevel.NONE))


def said(text: str, level: str, message_id: str, half: str = "train", kind: str = "trigger") -> SafetyMessage:
    fields = message(id=message_id, text=text, level=level, kind=kind, group="RF2" if level == "soon" else "RF1")
    return message_from(Row("f:1", fields), half)


MESSAGES = [
    said("emergency now", "emergency", "a"),
    said("same_day please", "emergency", "b"),
    said("emergency", "same_day", "c"),
    said("soon", "soon", "d"),
    said("emergency", "soon", "e"),
    said("secret words", "emergency", "f", "test"),
    said("soon, I read", "none", "g", kind="near_miss"),
    said("same_day delivery", "none", "h", kind="near_miss"),
    said("hello", "none", "i", kind="ordinary"),
]


def test_level_reached_or_passed_counts_as_met() -> None:
    report = safety_report(assess_all(WordChecker(), HashedEncoder(), MESSAGES), dataset="tiny")
    assert report["measures"]["recall_emergency"] == pytest.approx(1 / 3)
    assert report["measures"]["recall_same_day"] == 1.0
    assert report["measures"]["recall_soon"] == 1.0
    assert report["over_warning_steps"] == {1: 1, 2: 1}
    assert report["measures"]["over_warning"] == pytest.approx(2 / 4)
    assert report["by_group"]["RF1"]["n"] == 4
    assert report["by_group"]["RF1"]["low"] < 0.5 < report["by_group"]["RF1"]["high"]


def test_only_emergency_and_same_day_are_false_alarms() -> None:
    report = safety_report(assess_all(WordChecker(), HashedEncoder(), MESSAGES), dataset="tiny")
    assert [entry["id"] for entry in report["alarms"]] == ["h"]
    assert report["measures"]["quiet_near_miss"] == 0.5
    assert report["measures"]["quiet_ordinary"] == 1.0


def test_misses_of_the_test_half_are_named_without_their_words() -> None:
    report = safety_report(assess_all(WordChecker(), HashedEncoder(), MESSAGES), dataset="tiny")
    assert {entry["id"]: entry["text"] for entry in report["misses"]} == {"b": "same_day please", "f": None}
    printed = safety_tables(report)
    assert "same_day please" in printed
    assert "secret" not in printed


def test_message_that_breaks_the_program_is_not_met_and_is_named() -> None:
    class Breaking(WordChecker):
        def assess(self, question: Question, *, vector: Vectors | None = None) -> Triage:
            if "now" in question.text:
                raise KeyError("words")
            return super().assess(question, vector=vector)

    report = safety_report(assess_all(Breaking(), HashedEncoder(), MESSAGES), dataset="tiny")
    assert report["errors"] == {"a": "KeyError"}
    assert report["measures"]["recall_emergency"] == 0.0
    assert "the program failed on: a (KeyError)" in safety_tables(report)


def test_checker_that_never_warns_meets_nothing() -> None:
    class Asleep(WordChecker):
        def assess(self, question: Question, *, vector: Vectors | None = None) -> Triage:
            return Triage()

    report = safety_report(assess_all(Asleep(), HashedEncoder(), MESSAGES), dataset="tiny")
    assert report["measures"]["recall_emergency"] == 0.0
    assert report["measures"]["quiet_near_miss"] == 1.0
    assert len(report["misses"]) == 6
