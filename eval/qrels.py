"""Label spans to judged pieces: which chunks, of whatever chunker, answer a question."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.dataset import Label, LabeledQuestion
from rag.types import Span

Qrels = dict[str, dict[str, int]]
"""Grade by query id and piece id."""

LEAST_OVERLAP = 0.5
"""A piece is relevant when it shares at least this part of the label, or of itself, with the label."""

UNREACHABLE = "(no piece holds this label)"
"""Stands in for a label that no piece touches: the question stays in the set and scores zero."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What a system can return: a stretch of an article under an id."""

    piece_id: str
    article_id: str
    span: Span


def shared(one: Span, other: Span) -> int:
    """Return how many characters two stretches of one article share."""
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def judge(questions: Sequence[LabeledQuestion], pieces: Iterable[Piece]) -> Qrels:
    """Return the judged pieces of every question that has labels.

    A piece that shares half of a label, or lies with half of itself in it, gets the label's grade; the highest of
    several counts. A label that no piece holds by half is given to the piece that shares most of it.
    """
    by_article: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_article[piece.article_id].append(piece)
    qrels: Qrels = {}
    for question in questions:
        if not question.labels:
            continue
        grades: dict[str, int] = {}
        for label in question.labels:
            for piece_id in relevant_pieces(label, by_article):
                grades[piece_id] = max(grades.get(piece_id, 0), label.grade)
        qrels[question.query_id] = grades or {UNREACHABLE: max(label.grade for label in question.labels)}
    return qrels


def relevant_pieces(label: Label, by_article: Mapping[str, Sequence[Piece]]) -> list[str]:
    """Return the ids of the pieces that hold a label."""
    overlaps = [
        (shared(piece.span, label.span), piece)
        for piece in by_article.get(label.article_id, ())
        if shared(piece.span, label.span)
    ]
    held = [piece.piece_id for size, piece in overlaps if is_held(size, label.span, piece.span)]
    if held or not overlaps:
        return held
    return [max(overlaps, key=lambda overlap: overlap[0])[1].piece_id]


def is_held(size: int, label: Span, piece: Span) -> bool:
    """Return whether `size` shared characters are enough of the label or of the piece."""
    return size >= LEAST_OVERLAP * (label.end - label.start) or size >= LEAST_OVERLAP * (piece.end - piece.start)
