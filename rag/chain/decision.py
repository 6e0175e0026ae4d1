"""Decide whether the evidence answers the question or the articles do not cover it."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.chain.evidence import Candidate
from rag.retrieve.terms import TermWeights, coverage, stems

CERTAIN_COSINE = 0.62
"""A sentence this near in meaning answers, whatever its words."""

LEAST_COSINE = 0.30
"""Below this no sentence is about the question."""

LEAST_COVERAGE = 0.45
"""Share, by weight, of the question's words that the quoted passages must hold at the least cosine."""


@dataclass(frozen=True, slots=True)
class Support:
    """What speaks for answering.

    Attributes:
        cosine: of the best sentence, in [-1, 1].
        passage: of the best passage, in [-1, 1].
        coverage: share, by weight, of the question's words that the passages of the answer hold, in [0, 1].
    """

    cosine: float
    passage: float
    coverage: float


def support_of(question: str, quoted: Sequence[Candidate], weights: TermWeights) -> Support:
    """Return what speaks for answering a question with the given sentences."""
    if not quoted:
        return Support(0.0, 0.0, 0.0)
    held = {stem for one in quoted for stem in stems(" ".join((one.chunk.title, *one.chunk.headings, one.chunk.text)))}
    return Support(
        cosine=max(one.cosine for one in quoted),
        passage=max(one.passage for one in quoted) / 2,
        coverage=coverage(weights.weights(question), held),
    )


def is_covered(support: Support) -> bool:
    """Return whether the evidence is enough to answer.

    The nearer the best sentence is in meaning, the fewer of the question's words have to be there.
    """
    best = max(support.cosine, support.passage)
    if best >= CERTAIN_COSINE:
        return True
    if best < LEAST_COSINE:
        return False
    needed = LEAST_COVERAGE + (CERTAIN_COSINE - best) * (1.0 - LEAST_COVERAGE) / (CERTAIN_COSINE - LEAST_COSINE)
    return support.coverage >= needed
