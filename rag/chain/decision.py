"""Decide whether the evidence answers the question or the articles do not cover it.

Near is not enough: a passage on massage is near to "can massage cure migraine?". So the features ask how near the
evidence is, how much it stands out, and which of the question's words it leaves unaccounted for. A logistic model
weighs them; its coefficients are data, fitted by `citewell eval calibrate` on the training half.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib import resources

from rag.chain.asked import NeededKind
from rag.chain.evidence import Candidate
from rag.chain.named_things import NamedThings
from rag.errors import SettingsError
from rag.retrieve.terms import TermWeights, coverage, stems
from rag.types import Hit

DECISION_FILE = "decision.json"

OTHERS_FROM = 6
"""Hits from this rank on are the background that the best one is held against."""


@dataclass(frozen=True, slots=True)
class Support:
    """What speaks for answering; every feature is a number of about the size of 1.

    Attributes:
        nearest: cosine of the question with the nearest sentence or known question of the hits.
        top: score of the best hit, halved.
        gap: how far the best hit stands above the background hits.
        covered: share, by weight, of the question's words that the quoted passages hold.
        covered_by_best: the same for the passage of the best sentence alone.
        absent: share, by weight, of the question's words that occur nowhere in the collection.
        largest_uncovered: largest share of a single word that the quoted passages do not hold.
        lacks_kind: 1 when the question asks for a kind of thing (a duration, a number) that no quoted sentence holds.
        words: number of different words that tell something, in tens.
    """

    nearest: float = 0.0
    top: float = 0.0
    gap: float = 0.0
    covered: float = 0.0
    covered_by_best: float = 0.0
    absent: float = 0.0
    largest_uncovered: float = 0.0
    lacks_kind: float = 0.0
    words: float = 0.0


@dataclass(frozen=True, slots=True)
class DecisionModel:
    """A logistic model over the features of `Support`.

    Attributes:
        coefficients: one for each feature, in the order of `Support`.
        intercept: added to their sum.
        threshold: least probability at which an answer is given; raise it to answer fewer questions more surely.
    """

    coefficients: tuple[float, ...]
    intercept: float
    threshold: float

    def probability(self, support: Support) -> float:
        """Return the probability, in (0, 1), that the collection covers the question."""
        total = self.intercept + sum(
            weight * value for weight, value in zip(self.coefficients, astuple(support), strict=True)
        )
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))

    def covers(self, support: Support) -> bool:
        """Return whether the evidence is enough to answer."""
        return self.probability(support) >= self.threshold


def feature_names() -> tuple[str, ...]:
    """Return the names of the features in the model's order."""
    return tuple(field.name for field in fields(Support))


@cache
def load_decision_model() -> DecisionModel:
    """Return the model that ships with the package.

    Raises:
        SettingsError: the file is malformed or fitted for other features.
    """
    try:
        text = resources.files("rag.chain").joinpath("data", DECISION_FILE).read_text(encoding="utf-8")
        data = json.loads(text)
        if tuple(data["features"]) != feature_names():
            raise SettingsError(f"{DECISION_FILE} was fitted for other features; run: citewell eval calibrate")
        return DecisionModel(
            tuple(float(value) for value in data["coefficients"]), float(data["intercept"]), float(data["threshold"])
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{DECISION_FILE} is malformed ({error}); run: citewell eval calibrate") from error


def support_of(
    question: str,
    hits: Sequence[Hit],
    candidates: Sequence[Candidate],
    chosen: Sequence[Candidate],
    weights: TermWeights,
    needed: Sequence[NeededKind] = (),
) -> Support:
    """Return what speaks for answering a question.

    Args:
        question: in the words of articles.
        hits: passages, best first.
        candidates: their sentences, best first.
        chosen: the sentences that would be quoted.
        weights: how telling words are in this index.
        needed: kinds of things that the answer must hold.
    """
    if not (hits and candidates and chosen):
        return Support()
    wanted = weights.weights(question)
    total = sum(wanted.values()) or 1.0
    held = set().union(*(_stems_of_passage(one) for one in chosen))
    background = [hit.score for hit in hits[OTHERS_FROM:]] or [hit.score for hit in hits[1:]] or [0.0]
    absent = sum(weight for stem, weight in wanted.items() if not weights.reader.passages.passages_with(stem))
    uncovered = [weight for stem, weight in wanted.items() if stem not in held]
    return Support(
        nearest=max(max(one.cosine for one in candidates), max(one.known for one in candidates)),
        top=hits[0].score / 2,
        gap=hits[0].score - sum(background) / len(background),
        covered=coverage(wanted, held),
        covered_by_best=coverage(wanted, _stems_of_passage(candidates[0])),
        absent=absent / total,
        largest_uncovered=max(uncovered, default=0.0) / total,
        lacks_kind=float(any(not any(kind.in_text(one.text) for one in chosen) for kind in needed)),
        words=len(wanted) / 10,
    )


def names_what_is_missing(question: str, chosen: Sequence[Candidate], things: NamedThings) -> bool:
    """Return whether a question names a thing (a disease, an animal, a place) that the quoted passages do not name."""
    texts = [" ".join((one.chunk.title, *one.chunk.headings, one.chunk.text)) for one in chosen]
    return bool(things.missing(question, texts))


def _stems_of_passage(one: Candidate) -> set[str]:
    return set(stems(" ".join((one.chunk.title, *one.chunk.headings, one.chunk.text))))
