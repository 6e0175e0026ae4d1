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
from rag.retrieve.terms import TermWeights, coverage, passage_stems
from rag.types import Hit

DECISION_FILE = "decision.json"

OTHERS_FROM = 6
"""Hits from this rank on are the background that the best one is held against."""


NEAR = 0.4
"""Cosine from which on a sentence is about the same matter."""

OFTEN_UNSAID = frozenset({"body_parts", "people", "activities"})
"""Groups of things that a good passage may leave unsaid ("where I sit" names no buttock): they do not count."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question names and asks for.

    Attributes:
        text: the question as written and mended.
        things: the things that texts can name.
        elsewhere: how near it is to other subjects.
        needed: kinds of things that the answer must hold.
    """

    text: str
    things: NamedThings
    elsewhere: float = 0.0
    needed: tuple[NeededKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Support:
    """What speaks for answering; every feature is a number of about the size of 1.

    Attributes:
        nearest: cosine of the question with the nearest sentence or known question of the hits.
        top: score of the best hit, halved.
        gap: how far the best hit stands above the background hits.
        covered: share, by weight, of the question's words that the quoted passages hold.
        covered_by_best: the same for the passage of the best sentence alone.
        absent: share, by weight, of the question's words that occur nowhere in the collection; 1 is never answered.
        largest_uncovered: largest share of a single word that the quoted passages do not hold.
        lacks_kind: 1 when the question asks for a kind of thing (a duration, a number) that no quoted sentence holds.
        far: how far the nearest sentence stays below `NEAR`, in tenths; 0 when it is near.
        elsewhere: cosine of the question with the nearest question on another subject of everyday life.
        thing_absent: 1 when the question names a disease, remedy, medicine, animal, place or product that no passage
            of the collection names.
        thing_missing: 1 when it names one that is named elsewhere in the collection, but not in the quoted passages.
    """

    nearest: float = 0.0
    top: float = 0.0
    gap: float = 0.0
    covered: float = 0.0
    covered_by_best: float = 0.0
    absent: float = 0.0
    largest_uncovered: float = 0.0
    lacks_kind: float = 0.0
    far: float = 0.0
    elsewhere: float = 0.0
    thing_absent: float = 0.0
    thing_missing: float = 0.0


@dataclass(frozen=True, slots=True)
class DecisionModel:
    """A logistic model over the features of `Support`.

    Attributes:
        coefficients: one for each feature, in the order of `Support`.
        intercept: added to their sum.
        threshold: least probability at which an answer is given; raise it to answer fewer questions more surely.
        least_nearest: below this cosine of the nearest sentence nothing is answered: the model has seen too few such
            questions to be trusted there.
    """

    coefficients: tuple[float, ...]
    intercept: float
    threshold: float
    least_nearest: float

    def probability(self, support: Support) -> float:
        """Return the probability, in (0, 1), that the collection covers the question."""
        total = self.intercept + sum(
            weight * value for weight, value in zip(self.coefficients, astuple(support), strict=True)
        )
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))

    def covers(self, support: Support) -> bool:
        """Return whether the evidence is enough to answer."""
        about_something = support.nearest >= self.least_nearest and support.absent < 1.0
        return about_something and self.probability(support) >= self.threshold


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
            coefficients=tuple(float(value) for value in data["coefficients"]),
            intercept=float(data["intercept"]),
            threshold=float(data["threshold"]),
            least_nearest=float(data["least_nearest"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{DECISION_FILE} is malformed ({error}); run: citewell eval calibrate") from error


def support_of(
    question: str,
    hits: Sequence[Hit],
    candidates: Sequence[Candidate],
    chosen: Sequence[Candidate],
    weights: TermWeights,
    asked: Asked,
) -> Support:
    """Return what speaks for answering a question.

    Args:
        question: in the words of articles.
        hits: passages, best first.
        candidates: their sentences, best first.
        chosen: the sentences that would be quoted.
        weights: how telling words are in this index.
        asked: what the question names and asks for.
    """
    if not (hits and candidates and chosen):
        return Support()
    wanted = weights.weights(question)
    total = sum(wanted.values()) or 1.0
    held = set().union(*(_stems_of_passage(one) for one in chosen))
    texts = [" ".join((one.chunk.title, *one.chunk.headings, one.chunk.text)) for one in chosen]
    missing = {
        thing for thing in asked.things.missing(asked.text, texts) if asked.things.groups[thing] not in OFTEN_UNSAID
    }
    gone = asked.things.absent(missing, weights.reader.passages)
    nearest = max(max(one.cosine for one in candidates), max(one.known for one in candidates))
    background = [hit.score for hit in hits[OTHERS_FROM:]] or [hit.score for hit in hits[1:]] or [0.0]
    absent = sum(weight for stem, weight in wanted.items() if not weights.reader.passages.passages_with(stem))
    uncovered = [weight for stem, weight in wanted.items() if stem not in held]
    return Support(
        nearest=nearest,
        top=hits[0].score / 2,
        gap=hits[0].score - sum(background) / len(background),
        covered=coverage(wanted, held),
        covered_by_best=coverage(wanted, _stems_of_passage(candidates[0])),
        absent=absent / total if wanted else 1.0,
        largest_uncovered=max(uncovered, default=0.0) / total,
        lacks_kind=float(any(not any(kind.in_text(one.text) for one in chosen) for kind in asked.needed)),
        elsewhere=asked.elsewhere,
        far=max(0.0, NEAR - nearest) * 10,
        thing_absent=float(bool(gone)),
        thing_missing=float(bool(missing - gone)),
    )


def _stems_of_passage(one: Candidate) -> frozenset[str]:
    return passage_stems(" ".join((one.chunk.title, *one.chunk.headings, one.chunk.text)))
