"""Readers' feedback becomes questions of the training half, or leaves the list; bad input writes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main
from eval.candidates import split_patterns
from eval.dataset import Split, load_questions
from rag.types import Behavior
from tests.eval.examples import row, uncovered, write_lines

HELP = "Warm packs may ease a new sore back a little for a few days."
FACT = "short=few (days|hours)|brief"


def candidate(candidate_id: str = "f-1", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """A sound candidate, as the export of feedback writes it, with the given fields changed."""
    return {
        "id": candidate_id,
        "question": "would something warm be any use",
        "history": [],
        "behavior": "abstain",
        "reason": "missing",
        "note": "it is in the article",
        "passages": [{"source": "warm-packs", "start": 0, "end": 30}],
        "created": "2026-02-03T10:00:00Z",
        **fields,
    }


class Place:
    """A list of candidates, a question set, and the index that labels are held against."""

    def __init__(self, folder: Path, index: Path) -> None:
        self.file = write_lines(
            folder / "c.jsonl", [candidate(), candidate("f-2", question="what does a roller cost?")]
        )
        self.data, self.index = folder / "data", index
        for which in ("questions", "first_article"):
            for half in ("train", "test"):
                text = f"{which} {half}"
                write_lines(self.data / f"{which}.{half}.jsonl", [row(id=f"{text} 1", question=text)])
        self.train = self.data / "questions.train.jsonl"

    def run(self, *arguments: str) -> int:
        """Run the command on this list."""
        given = ["--file", str(self.file), *arguments]
        if arguments[:1] == ("accept",):
            given += ["--data", str(self.data), "--index", str(self.index)]
        return main(["candidates", *given])

    def content(self) -> dict[Path, bytes]:
        """Every file with its bytes."""
        return {path: path.read_bytes() for path in self.data.parent.rglob("*") if path.is_file()}


@pytest.fixture
def place(tmp_path: Path, tiny_index: Path) -> Place:
    """Two open candidates."""
    return Place(tmp_path / "work", tiny_index)


@pytest.fixture
def label(tiny_index: Path) -> str:
    """A label on a sentence of the tiny articles."""
    from rag.index.store import open_index

    text = next(one.text for one in open_index(tiny_index).articles() if one.article_id == "warm-packs")
    start = text.index(HELP)
    return f"warm-packs:{start}-{start + len(HELP)}"


def test_the_list_shows_readers_words_on_one_line(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    write_lines(place.file, [candidate(question="a\x1b[2Jb\nc " + "long " * 30, note=None)])
    assert main(["candidates", "--file", str(place.file)]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "a [2Jb c long" in shown
    assert "1 open candidates" in shown
    assert place.run("list", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["reason"] == "missing"


def test_a_list_that_was_never_written_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["candidates"]) == 0
    assert capsys.readouterr().out.startswith("0 open candidates")
    assert main(["candidates", "--file", "mine.jsonl"]) == 2
    assert "mine.jsonl:1: cannot be read" in capsys.readouterr().err


def test_accepting_appends_a_question_and_takes_the_candidate_off(
    place: Place, label: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place.train.write_bytes(place.train.read_bytes().rstrip(b"\n"))
    before, other = place.train.read_bytes(), place.file.read_bytes().splitlines(keepends=True)[1]
    assert place.run("accept", "f-1", "--label", f"{label}:2", "--fact", FACT, "--json") == 0
    assert json.loads(capsys.readouterr().out)["open"] == 1
    assert place.train.read_bytes().startswith(before + b"\n")
    assert place.file.read_bytes() == other
    accepted = load_questions(Split.TRAIN, folder=place.data)[-1]
    assert (accepted.query_id, accepted.kind, accepted.behavior) == ("r-001", "direct", Behavior.ANSWER)
    assert (accepted.labels[0].text, accepted.labels[0].grade) == (HELP, 2)
    assert len(accepted.facts[0].patterns) == 2
    assert place.run("accept", "f-2", "--not-covered") == 0
    assert load_questions(Split.TRAIN, folder=place.data)[-1].query_id == "r-002"
    assert place.file.read_bytes() == b""
    assert not [path for path in place.content() if path.name.startswith(".")]


def test_what_was_accepted_passes_the_check(
    place: Place, label: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.conftest import TINY_CORPUS

    monkeypatch.setenv("CITEWELL_CORPUS__PATH", str(TINY_CORPUS))
    history = [{"role": "user", "content": "My back is sore."}]
    write_lines(place.file, [candidate(history=history)])
    for half in ("train", "test"):
        write_lines(place.data / f"questions.{half}.jsonl", [uncovered(half, f"Weather {half}?")])
        for name in ("red_flags", "ordinary"):
            write_lines(place.data / f"{name}.{half}.jsonl", [])
    assert place.run("accept", "f-1", "--label", label, "--fact", FACT) == 0
    assert load_questions(Split.TRAIN, folder=place.data)[-1].kind == "follow_up"
    capsys.readouterr()
    main(["check", "--data", str(place.data)])
    assert "questions.train" not in capsys.readouterr().err


def test_dropping_leaves_every_other_line_as_it_is(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = place.file.read_bytes().splitlines(keepends=True)
    place.file.write_bytes(b"\n" + first + b"\n" + second)
    assert place.run("drop", "f-1") == 0
    assert place.file.read_bytes() == b"\n\n" + second
    assert capsys.readouterr().out == "f-1 dropped; 1 open candidates\n"
    assert place.run("drop", "f-2", "--json") == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--label", "nowhere:0-4"], 'there is no article "nowhere"; expected the id of an article'),
        (["--label", "warm-packs:9-9"], "holds no text"),
        (["--label", "warm-packs:0-99999"], "holds no text"),
        (["--label", "warm-packs:5"], "expected ARTICLE:START-END"),
        (["--label", "warm-packs:0-20:7"], "expected ARTICLE:START-END"),
        (["--label", "warm-packs:0-20", "--fact", "short"], "expected name=pattern"),
        (["--label", "warm-packs:0-20", "--fact", "short="], "has no pattern"),
        (["--label", "warm-packs:0-20", "--fact", "short=(few"], "does not compile"),
        (["--label", "warm-packs:0-20", "--fact", "short=zebra"], "no pattern of fact"),
        (["--not-covered", "--fact", "short=few"], "expected facts with labels only"),
    ],
)
def test_a_wrong_ruling_is_one_line_and_writes_nothing(
    arguments: list[str], said: str, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    before = place.content()
    assert place.run("accept", "f-1", *arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"citewell eval: {place.file}:1: ")
    assert said in error
    assert error.count("\n") == 1
    assert place.content() == before


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": "boring"}, "'reason' is \"boring\"; expected one of not_asked"),
        ({"behavior": None}, "'behavior' is missing"),
        ({"question": " "}, "'question' is"),
        ({"history": [{"role": "king", "content": "x"}]}, "'role' is \"king\""),
        ({"passages": [{"source": "a", "start": 4, "end": 4}]}, "'end' is 4"),
        ({"id": "f-1"}, "stands also at"),
    ],
)
def test_a_malformed_list_is_one_line_and_writes_nothing(
    fields: dict[str, Any], said: str, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    write_lines(place.file, [candidate(), candidate("f-2") | fields])
    before = place.content()
    for arguments in (["list"], ["drop", "f-1"], ["accept", "f-1", "--not-covered"]):
        assert place.run(*arguments) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"citewell eval: {place.file}:2: ")
        assert said in error
    assert place.content() == before


def test_words_of_the_set_are_not_taken_twice(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    write_lines(place.file, [candidate(question="Questions, TEST!")])
    assert place.run("accept", "f-1", "--not-covered") == 2
    assert "the same words stand at" in capsys.readouterr().err
    assert place.run("drop", "f-9") == 2
    assert 'no candidate "f-9"' in capsys.readouterr().err


def test_without_an_index_nothing_is_written(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    before = place.content()
    place.index = place.data / "none"
    assert place.run("accept", "f-1", "--not-covered") == 1
    assert place.content() == before


def test_a_file_that_cannot_be_written_stays_as_it_was(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = place.content()
    monkeypatch.setattr("eval.whole_files.os.replace", fail)
    assert place.run("accept", "f-1", "--not-covered") == 2
    assert "cannot be written (No space left on device)" in capsys.readouterr().err
    assert place.content() == before


def test_an_action_needs_its_ruling() -> None:
    for arguments in (["accept", "f-1"], ["accept"], ["drop"], ["accept", "f", "--not-covered", "--label", "a:0-1"]):
        with pytest.raises(SystemExit) as caught:
            main(["candidates", *arguments])
        assert caught.value.code == 2


def test_bars_in_brackets_belong_to_their_pattern() -> None:
    assert split_patterns(r"a(b|c)|[|d]|e\|f|") == ["a(b|c)", "[|d]", r"e\|f", ""]
