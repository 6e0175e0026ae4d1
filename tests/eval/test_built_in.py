"""The built-in set: labels become judged chunks, every system is scored."""

from pathlib import Path

import pytest

from eval.built_in import retrieval_report
from eval.collection import Collection
from eval.dataset import LabeledQuestion
from eval.measures import NAMES
from eval.ranking import own_systems
from eval.retrieval import score_pieces
from eval.tables import retrieval_tables
from rag.errors import EvaluationDataError
from rag.index.build import build_index
from rag.index.store import open_index
from tests.conftest import TINY_CORPUS
from tests.eval.examples import question
from tests.fakes import HashedEncoder


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    encoder = HashedEncoder(dimension=512)
    build_index([TINY_CORPUS], tmp_path / "index", encoder=encoder)
    return Collection(tmp_path / "index", open_index(tmp_path / "index"), encoder)


def labeled(
    collection: Collection, text: str, quoted: str, query_id: str = "q1", half: str = "train"
) -> LabeledQuestion:
    """A question whose answer is a stretch of the warm-packs article."""
    source = collection.reader.article("warm-packs")
    assert source is not None
    start = source.text.index(quoted)
    label = {"article_id": "warm-packs", "start": start, "end": start + len(quoted), "text": quoted, "grade": 3}
    return question(half, id=query_id, question=text, labels=[label], facts=[])


@pytest.fixture
def questions(collection: Collection) -> list[LabeledQuestion]:
    return [
        labeled(
            collection, "Should I put a cloth between pack and skin?", "Put a cloth between the pack and the skin."
        ),
        labeled(collection, "Are warm packs tested in sciatica?", "Warm packs have not been tested in sciatica.", "q2"),
        question(id="q3", kind="off_topic", question="Who won?", behavior="abstain", labels=[], facts=[]),
    ]


def test_report_scores_every_system_on_the_questions_with_labels(
    collection: Collection, questions: list[LabeledQuestion], tmp_path: Path
) -> None:
    out = tmp_path / "run.txt"
    report = retrieval_report(collection, questions, dataset="tiny", model="x", with_quick_start=False, run_out=out)
    assert report["queries"] == 2
    assert set(report["systems"]) == {"hybrid", "dense", "lexical"}
    assert report["systems"]["hybrid"]["measures"]["R@10"] == 1.0
    assert set(report["per_question"]) == set(NAMES)
    assert set(report["per_question"]["nDCG@10"]) == {"q1", "q2"}
    assert report["by_kind"]["direct"]["n"] == 2
    assert report["by_article"]["warm-packs"]["n"] == 2
    assert {line.split()[0] for line in out.read_text().splitlines()} == {"q1", "q2"}
    assert "hybrid" in retrieval_tables(report)


def test_label_that_left_its_place_stops_the_run(collection: Collection, tmp_path: Path) -> None:
    wrong = question(labels=[{"article_id": "warm-packs", "start": 0, "end": 4, "text": "Cold", "grade": 3}])
    out = tmp_path / "run.txt"
    with pytest.raises(EvaluationDataError, match=r"questions\.jsonl:1: characters 0 to 4 of 'warm-packs' differ"):
        retrieval_report(collection, [wrong], dataset="tiny", model="x", with_quick_start=False, run_out=out)
    assert not out.exists()


def test_set_without_labels_stops_the_run(collection: Collection, questions: list[LabeledQuestion]) -> None:
    with pytest.raises(EvaluationDataError, match="no question has labels"):
        retrieval_report(collection, questions[2:], dataset="tiny", model="x", with_quick_start=False)


def test_run_of_another_question_scores_badly(collection: Collection, questions: list[LabeledQuestion]) -> None:
    system = own_systems(collection, k=100)[0]
    right = system.run({one.query_id: one.question.text for one in questions[:2]})
    mixed = {"q1": right["q2"][:1], "q2": []}
    values = score_pieces([system], {system.name: mixed}, questions)[system.name]
    assert values["R@100"]["q2"] == 0.0
    assert sum(values["nDCG@10"].values()) < 1.0


def test_words_of_test_questions_are_not_shown(collection: Collection) -> None:
    lost = [
        labeled(collection, "zebra", "Never put a warm pack on numb skin.", f"q-{half}", half)
        for half in ("train", "test")
    ]
    for one in lost:
        report = retrieval_report(collection, [one], dataset="tiny", model="x", k=1, with_quick_start=False)
        for failure in report["failures"]:
            assert failure["text"] == ("zebra" if one.half == "train" else None)
