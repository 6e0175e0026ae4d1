"""Merge rankings into one."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

RRF_K = 60
"""The constant of Cormack et al. 2009; rankings are little sensitive to it."""


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[Key]], *, weights: Sequence[float] | None = None, k: int = RRF_K
) -> dict[Key, float]:
    """Return a score for everything that is in any ranking, best first.

    Args:
        rankings: each best first.
        weights: one for each ranking; None weighs them equally.
        k: larger values let lower ranks count more.

    Returns:
        Scores in (0, sum of weights / (k + 1)], ordered from best to worst; equal scores keep the order in
        which they were first met.

    Source: Cormack, Clarke and Büttcher 2009, doi:10.1145/1571941.1572114.
    """
    scores: dict[Key, float] = {}
    for place, ranking in enumerate(rankings):
        weight = weights[place] if weights else 1.0
        for rank, key in enumerate(ranking, start=1):
            scores[key] = scores.get(key, 0.0) + weight / (k + rank)
    return ranked(scores)


def ranked(scores: Mapping[Key, float]) -> dict[Key, float]:
    """Return scores ordered from best to worst; the sort is stable."""
    return dict(sorted(scores.items(), key=lambda item: -item[1]))
