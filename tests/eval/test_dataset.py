"""Question files are read strictly, and tuning never sees the test half."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.dataset import DATA, QuestionSet, Split, load_questions
from eval.messages import load_messages
from rag.errors import EvaluationDataError
from rag.types import Behavior, Role
from tests.eval.examples import message, row, uncovered, write_lines, write_set

LABEL = {"article_id": "warm-packs", "start": 0, "end": 4, "text": "Warm", "grade": 3}

MALFORMED: list[tuple[dict[str, Any], str]] = [
    (row(id=""), "'id' is"),
    (row(id=7), "'id' is 7"),
    (row(question=None), "'question' is missing"),
    (row(kind="poem"), "'kind' is \"poem\"; expected one of direct"),
    (row(behavior="maybe"), "'behavior' is"),
    (row(labels=[]), "behavior 'answer' with 0 labels"),
    (row(behavior="abstain"), "behavior 'abstain' with 1 labels"),
    (row(labels="none"), "'labels' is"),
    (row(labels=[LABEL | {"grade": 4}]), "'grade' is 4; expected a whole number from 1 to 3"),
    (row(labels=[LABEL | {"grade": True}]), "'grade' is true"),
    (row(labels=[LABEL | {"end": 0}]), "'end' is 0; expected a whole number from 1 up"),
    (row(labels=[LABEL | {"start": -1}]), "'start' is -1"),
    (row(labels=[LABEL | {"end": 9}]), "a label of 9 characters holds a text of 4"),
    (row(labels=[{key: value for key, value in LABEL.items() if key != "text"}]), "'sha256' is missing"),
    (row(facts=[{"name": "x", "any": []}]), 'fact "x" has no pattern'),
    (row(facts=[{"name": "x", "any": ["("]}]), "does not compile"),
    (row(history=[{"role": "nurse", "content": "hi"}]), "'role' is"),
    (row(history=["hi"]), "'history' is"),
]


@pytest.mark.parametrize(("fields", "complaint"), MALFORMED)
def test_malformed_question_is_refused_with_file_and_line(
    tmp_path: Path, fields: dict[str, Any], complaint: str
) -> None:
    path = write_lines(tmp_path / "questions.train.jsonl", [uncovered("q9"), fields])
    with pytest.raises(EvaluationDataError) as caught:
        load_questions(Split.TRAIN, folder=tmp_path)
    assert str(caught.value).startswith(f"{path}:2: ")
    assert complaint in str(caught.value)
    assert "; expected " in str(caught.value)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b'{"id": "a"\n', "not JSON"), (b'["a"]\n', 'expected a JSON object'), (b"\xff\xfe\n", "not UTF-8 text")],
)  # fmt: skip
def test_line_that_is_no_object_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    (tmp_path / "questions.train.jsonl").write_bytes(content)
    with pytest.raises(EvaluationDataError, match=complaint):
        load_questions(Split.TRAIN, folder=tmp_path)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationDataError, match="cannot be read"):
        load_questions(Split.TEST, folder=tmp_path)


def test_id_in_both_halves_is_refused(tmp_path: Path) -> None:
    write_lines(tmp_path / "questions.train.jsonl", [row()])
    write_lines(tmp_path / "questions.test.jsonl", [row()])
    with pytest.raises(EvaluationDataError, match="stands also at"):
        load_questions(Split.ALL, folder=tmp_path)


@pytest.mark.parametrize("split", [Split.TEST, Split.ALL])
def test_tuning_may_not_read_the_test_half(split: Split) -> None:
    with pytest.raises(EvaluationDataError, match="only reports"):
        load_questions(split, for_tuning=True)
    with pytest.raises(EvaluationDataError, match="only reports"):
        load_messages(split, for_tuning=True)


def test_tuning_reads_the_training_half(tmp_path: Path) -> None:
    write_set(tmp_path)
    assert {one.half for one in load_questions(Split.TRAIN, for_tuning=True, folder=tmp_path)} == {"train"}


def test_all_is_both_halves(tmp_path: Path) -> None:
    write_set(tmp_path)
    assert [one.query_id for one in load_questions(Split.ALL, folder=tmp_path)] == ["q1", "q2", "t1", "t2"]


def test_fields_arrive_typed(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "Do warm packs help?"}]
    write_lines(tmp_path / "questions.train.jsonl", [row(kind="follow_up", history=turns)])
    found = load_questions(Split.TRAIN, folder=tmp_path)[0]
    assert found.behavior is Behavior.ANSWER
    assert found.question.history[0].role is Role.USER
    assert found.facts[0].stands_in("It EASES pain")
    assert not found.facts[0].stands_in("Nothing")
    assert found.places() == ["warm-packs 0–32"]


@pytest.mark.parametrize(
    "fields", [{"level": "high"}, {"kind": "joke"}, {"text": ""}, {"style": "typo"}, {"person": 1}]
)
def test_malformed_message_is_refused(tmp_path: Path, fields: dict[str, Any]) -> None:
    write_lines(tmp_path / "red_flags.train.jsonl", [message(**fields)])
    write_lines(tmp_path / "ordinary.train.jsonl", [])
    with pytest.raises(EvaluationDataError, match=r"red_flags\.train\.jsonl:1: "):
        load_messages(Split.TRAIN, folder=tmp_path)


def test_own_files_can_be_read_and_hold_both_halves() -> None:
    for which in QuestionSet:
        halves = {one.half for one in load_questions(Split.ALL, which=which)}
        assert halves == {"train", "test"}
    assert len(load_messages(Split.ALL)) > 1000


def test_own_files_are_one_object_a_line() -> None:
    for path in sorted(DATA.glob("*.jsonl")):
        assert all(isinstance(json.loads(line), dict) for line in path.read_text(encoding="utf-8").splitlines())
