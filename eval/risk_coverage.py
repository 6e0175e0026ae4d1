"""How wrong the answers are when only the surest are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True, slots=True)
class RiskCurve:
    """Risk by coverage.

    Attributes:
        coverage: share of all questions answered, rising.
        risk: share of those answers that are wrong, at the same places.
        area: mean risk over the curve, 0 best; 0 when nothing is answered.
    """

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    area: float


def risk_coverage(answers: Sequence[tuple[float, bool]], total: int) -> RiskCurve:
    """Return the curve of answers, each with its confidence and whether it was right.

    Args:
        answers: what was answered; those that were abstained from are left out.
        total: all questions asked.

    Source: El-Yaniv and Wiener 2010, https://www.jmlr.org/papers/v11/el-yaniv10a.html; area as in Geifman, Uziel
    and El-Yaniv 2019, arXiv:1805.08206.
    """
    ranked = sorted(answers, key=lambda answer: -answer[0])
    coverage, risk = [], []
    wrong = 0
    for count, (confidence, right) in enumerate(ranked, start=1):
        wrong += not right
        # Answers of equal confidence are given or held back together.
        if count == len(ranked) or ranked[count][0] < confidence:
            coverage.append(count / total)
            risk.append(wrong / count)
    return RiskCurve(tuple(coverage), tuple(risk), fmean(risk) if risk else 0.0)
