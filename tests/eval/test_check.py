"""The checker finds what is wrong with question files, and moves labels along."""

from dataclasses import replace
from pathlib import Path

import pytest

from eval.check import check_files, normalized
from eval.commands.check import read_by_id
from eval.dataset import DATA, Split, load_questions
from eval.label_moves import apply_moves
from rag.types import Article, Evidence, SectionNote
from tests.conftest import PROJECT
from tests.eval.examples import TEXT, article, message, row, uncovered, write_lines, write_set


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_set(tmp_path / "data")


def check(folder: Path, source: Article | None = None) -> list[str]:
    source = source or article()
    return check_files(folder, {source.article_id: source}, {}).problems


def test_sound_set_has_no_problem(folder: Path) -> None:
    findings = check_files(folder, {"warm-packs": article()}, {})
    assert findings.problems == []
    assert findings.rows["questions.train.jsonl"] == 2
    assert any("first_article" in note for note in findings.notes)


def test_moved_label_is_found_and_rewritten(folder: Path) -> None:
    moved = article("A new first sentence. " + TEXT)
    findings = check_files(folder, {"warm-packs": moved}, {})
    assert len(findings.moves) == 2
    assert "it stands at 22 to 54 now" in findings.problems[0]
    assert sum(apply_moves(findings.moves).values()) == 2
    assert check(folder, moved) == []
    span = load_questions(Split.TRAIN, folder=folder)[0].labels[0].span
    assert (span.start, span.end) == (22, 54)


def test_nearest_of_several_places_is_taken(folder: Path) -> None:
    moved = article("A " + TEXT + " " + TEXT)
    assert {move.start for move in check_files(folder, {"warm-packs": moved}, {}).moves} == {2}


def test_label_whose_text_is_gone_stays_a_problem(folder: Path) -> None:
    findings = check_files(folder, {"warm-packs": article("Something else stands here now, altogether.")}, {})
    assert findings.moves == []
    assert "differ; expected the label's text" in findings.problems[0]


def test_label_by_digest_is_checked_and_found_again(folder: Path) -> None:
    digest = "b6a1e4c3f0"  # of nothing
    write_lines(
        folder / "first_article.train.jsonl",
        [row(id="f1", labels=[{"article_id": "raw", "start": 0, "end": 4, "sha256": digest, "grade": 3}])],
    )
    raw = article(article_id="raw")
    findings = check_files(folder, {"warm-packs": article()}, {"raw": raw})
    assert len(findings.problems) == 1
    assert "characters 0 to 4 of 'raw' differ" in findings.problems[0]


def test_unknown_article_is_named(folder: Path) -> None:
    assert "there is no article 'warm-packs'" in check(folder, article(article_id="other"))[0]


def test_fact_that_no_label_states_is_named(folder: Path) -> None:
    write_lines(folder / "questions.train.jsonl", [row(facts=[{"name": "cold", "any": ["ice"]}])])
    assert 'no pattern of fact "cold" matches the labels' in check(folder)[0]


def test_question_from_an_article_header_is_named(folder: Path) -> None:
    note = SectionNote("Use", Evidence.REVIEW, ("do warm packs HELP",))
    assert "stands in the header of 'warm-packs'" in check(folder, replace(article(), notes=(note,)))[0]


def test_header_of_another_collection_does_not_count(folder: Path) -> None:
    note = SectionNote("Use", Evidence.REVIEW, ("what is the weather",))
    assert check(folder, replace(article(), notes=(note,))) == []


def test_question_in_both_halves_is_named(folder: Path) -> None:
    write_lines(folder / "questions.test.jsonl", [row(id="t1", question="Do warm packs help??")])
    assert "the same words stand at" in check(folder)[0]


def test_same_follow_up_after_another_question_is_fine(folder: Path) -> None:
    history = [{"role": "user", "content": "And for my neck?"}]
    write_lines(folder / "questions.test.jsonl", [row(id="t1", kind="follow_up", history=history)])
    assert check(folder) == []


def test_every_broken_line_is_named_not_only_the_first(folder: Path) -> None:
    path = write_lines(folder / "questions.train.jsonl", [row(kind="poem"), uncovered(), row(id="q3", labels=[])])
    with path.open("a") as file:
        file.write("not json\n")
    places = [problem.split(": ")[0] for problem in check(folder)]
    assert places == [f"{path}:1", f"{path}:3", f"{path}:4"]


def test_message_ids_and_texts_stand_once(folder: Path) -> None:
    write_lines(folder / "red_flags.test.jsonl", [message()])
    problems = check(folder)
    assert "stands also at" in problems[0]
    assert "the same words stand at" in problems[1]


def test_case_signs_and_accents_do_not_hide_equal_questions() -> None:
    assert normalized("  Café, ok?") == normalized("CAFE OK")


def test_own_files_are_sound() -> None:
    assert check_files(DATA, read_by_id(PROJECT / "corpus"), {}).problems == []
