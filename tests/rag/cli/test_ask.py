"""`citewell ask`: one question, or a file of them; a bad line costs no output."""

import json
from pathlib import Path
from typing import Any

import pytest

from rag.cli import main
from rag.index.store import open_index

pytestmark = pytest.mark.usefixtures("examples_file")

GOOD = [
    {"id": "q1", "question": "What is petrissage?"},
    {"id": 2, "question": "How do I bake sourdough bread?", "history": []},
    {"question": "Which pillow suits the neck?", "history": [{"role": "user", "content": "Hello"}]},
]


def lines_file(folder: Path, lines: list[Any]) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_answer_shows_marks_passages_and_disclaimer(tiny_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What is petrissage?", "--index", str(tiny_index)]) == 0
    shown = " ".join(capsys.readouterr().out.split())

    assert "[1]" in shown
    assert "»Petrissage is kneading" in shown
    assert "not by a clinician" in shown
    assert "\x1b" not in shown


def test_answer_as_json_quotes_what_the_article_says(tiny_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What is petrissage?", "--json", "--index", str(tiny_index)]) == 0
    record = json.loads(capsys.readouterr().out)

    assert record["behavior"] == "answer"
    assert record["disclaimer"]
    article = open_index(tiny_index).article(record["passages"][0]["source"])
    assert article is not None
    quoted = [article.text[start:end] for start, end in record["passages"][0]["quotes"]]
    assert quoted[0] == record["sentences"][0]["text"]


def test_every_line_of_a_file_is_answered_in_order(tiny_index: Path, tmp_path: Path) -> None:
    output = tmp_path / "answers.jsonl"
    command = ["ask", "--input", str(lines_file(tmp_path, [GOOD[0], "", *GOOD[1:]])), "--output", str(output)]

    assert main([*command, "--index", str(tiny_index)]) == 0
    records = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [record["id"] for record in records] == ["q1", "2", "4"]
    assert [record["behavior"] for record in records] == ["answer", "abstain", "answer"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.jsonl", "questions.jsonl"]


def test_answers_go_to_standard_output_without_an_output_file(
    tiny_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "--input", str(lines_file(tmp_path, GOOD[:1])), "--index", str(tiny_index)]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "q1"


@pytest.mark.parametrize(
    "bad",
    [
        "no json",
        "[]",
        "7",
        "null",
        '{"id": "q"}',
        '{"question": 7}',
        '{"id": ["q"], "question": "a"}',
        '{"question": "a", "history": [{"role": "robot", "content": "b"}]}',
        "[" * 100_000,
    ],
)
def test_bad_line_is_named_and_the_output_is_not_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: str
) -> None:
    questions, output = lines_file(tmp_path, [GOOD[0], bad]), tmp_path / "answers.jsonl"
    output.write_text("kept", encoding="utf-8")

    assert main(["ask", "--input", str(questions), "--output", str(output)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"citewell: {questions}:2: ")
    assert output.read_text(encoding="utf-8") == "kept"


def test_missing_input_file_is_an_error_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--input", "none.jsonl"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_output_that_cannot_be_written_is_an_error_in_one_line(
    tiny_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = lines_file(tmp_path, GOOD[:1])
    output = tmp_path / "none" / "answers.jsonl"

    assert main(["ask", "--input", str(questions), "--output", str(output), "--index", str(tiny_index)]) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["ask"], ["ask", "x", "--input", "y"], ["ask", "x", "--output", "y"]], ids=" ".join
)
def test_wrong_mix_of_options_gives_status_two(command: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(command)

    assert left.value.code == 2
