"""From feedback to the file that the evaluation reads."""

from dataclasses import replace
from pathlib import Path

import pytest

from eval.candidates import read_candidates
from rag.errors import FeedbackStoreError
from rag.feedback.candidates import export_candidates
from rag.feedback.records import Choice
from rag.feedback.store import FeedbackStore
from tests.rag.feedback.test_store import DOWN, UP


def test_the_evaluation_reads_what_was_exported(store: FeedbackStore, tmp_path: Path) -> None:
    file = tmp_path / "out" / "candidates.jsonl"
    store.add(UP)
    number = store.add(DOWN)
    store.add(replace(DOWN, question=None, history=()))
    store.add(replace(DOWN, reason=None))

    done = export_candidates(store, file)

    assert [kept.number for kept in done] == [number]
    (candidate,) = read_candidates(file)
    assert candidate.candidate_id == f"f-{number}"
    assert candidate.question.text == DOWN.question
    assert candidate.question.history == DOWN.history
    assert candidate.reason == "missing"
    assert [(one.source, one.start, one.end) for one in candidate.passages] == [("warm-packs", 100, 168)]


def test_a_candidate_that_was_dropped_does_not_come_back(store: FeedbackStore, tmp_path: Path) -> None:
    file = tmp_path / "candidates.jsonl"
    store.add(DOWN)
    export_candidates(store, file)
    file.write_bytes(b"")

    again = export_candidates(store, file)

    assert again == []
    assert file.read_bytes() == b""


def test_a_run_that_stopped_before_it_marked_appends_nothing_twice(store: FeedbackStore, tmp_path: Path) -> None:
    file = tmp_path / "candidates.jsonl"
    number = store.add(DOWN)
    file.write_text(f'{{"id": "f-{number}"}}\nnot json')

    export_candidates(store, file)

    assert file.read_text() == f'{{"id": "f-{number}"}}\nnot json\n'
    assert store.count(Choice(candidate=True)) == 1


def test_a_file_that_cannot_be_written_leaves_the_store_unmarked(store: FeedbackStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store.add(DOWN)

    with pytest.raises(FeedbackStoreError, match="cannot be written"):
        export_candidates(store, tmp_path / "file" / "candidates.jsonl")

    assert store.count(Choice(candidate=False)) == 1
