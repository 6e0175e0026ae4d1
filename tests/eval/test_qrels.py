"""Label spans become judged pieces of any chunker."""

import pytest

from eval.dataset import Label
from eval.measures import score
from eval.qrels import UNREACHABLE, Piece, judge, relevant_pieces
from rag.types import ArticleId, Span
from tests.eval.examples import question


def piece(piece_id: str, start: int, end: int, article_id: str = "warm-packs") -> Piece:
    return Piece(piece_id, article_id, Span(start, end))


def label(start: int, end: int) -> Label:
    return Label("f:1", ArticleId("warm-packs"), Span(start, end), 3, "x" * (end - start))


@pytest.mark.parametrize(
    ("span", "relevant", "why"),
    [
        ((100, 200), True, "the same stretch"),
        ((0, 400), True, "holds the whole label"),
        ((140, 160), True, "lies within the label"),
        ((150, 400), True, "half of the label"),
        ((151, 400), False, "less than half of the label, and of itself"),
        ((190, 210), True, "half of itself is label"),
        ((191, 211), False, "less than half of itself"),
        ((200, 300), False, "touches, shares nothing"),
    ],
)
def test_piece_is_relevant_when_half_of_label_or_piece_is_shared(
    span: tuple[int, int], relevant: bool, why: str
) -> None:
    best = piece("whole", 100, 200)
    found = relevant_pieces(label(100, 200), {"warm-packs": [best, piece("one", *span)]})
    assert ("one" in found) is relevant, why


def test_label_over_many_small_shares_goes_to_the_largest() -> None:
    pieces = [piece("a", 0, 130), piece("b", 130, 175), piece("c", 175, 300)]
    assert relevant_pieces(label(100, 200), {"warm-packs": [pieces[0], pieces[2]]}) == ["a"]
    assert relevant_pieces(label(100, 200), {"warm-packs": pieces}) == ["b"]


def test_highest_grade_of_a_piece_counts() -> None:
    labels = [
        {"article_id": "warm-packs", "start": start, "end": start + 10, "text": "x" * 10, "grade": grade}
        for start, grade in ((0, 1), (20, 3))
    ]
    assert judge([question(labels=labels)], [piece("a", 0, 50)]) == {"q1": {"a": 3}}


def test_other_articles_and_uncovered_questions_are_not_judged() -> None:
    qrels = judge(
        [question(), question(id="q2", behavior="abstain", labels=[], facts=[])],
        [piece("a", 0, 32), piece("b", 0, 32, "sleep")],
    )
    assert qrels == {"q1": {"a": 3}}


def test_question_whose_label_no_piece_touches_stays_and_scores_zero() -> None:
    qrels = judge([question()], [piece("a", 500, 600)])
    assert qrels == {"q1": {UNREACHABLE: 3}}
    assert score(qrels, {"q1": ["a"]})["R@100"] == {"q1": 0.0}
