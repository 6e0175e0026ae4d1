"""Fit the model that decides whether the articles cover a question, on the training half alone."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from eval.answers import MAX_WORDS, count_facts
from eval.dataset import LabeledQuestion
from rag.chain.answerer import Answerer
from rag.chain.decision import DECISION_FILE, feature_names
from rag.chain.support import Support
from rag.errors import EvaluationDataError
from rag.types import Behavior

MODEL_FILE = Path(__file__).parent.parent / "rag" / "chain" / "data" / DECISION_FILE

INVERSE_REGULARIZATION = 1.0

BADLY_ANSWERED_WEIGHT = 0.15
"""What a covered question counts whose facts the quoted sentences lack: an answer beside the point helps nobody, so the
model need not learn to give it."""

UNCOVERED_WEIGHT = 2.0
"""There are fewer uncovered questions than covered ones, and answering one is the worse mistake."""

LEAST_NEAREST = 0.22
"""The farthest covered question of the training half has its nearest sentence at a cosine of 0.23."""

FOLDS = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted model with what cross-validation says of it.

    Attributes:
        coefficients: one for each feature of `Support`.
        intercept: added to their sum.
        threshold: least probability at which an answer is given.
        questions: number of questions it was fitted on.
        area: area under the ROC curve of well answered and uncovered questions, cross-validated.
        refused: share of well answered questions below the threshold, cross-validated.
        answered: share of uncovered questions at or above it, cross-validated.
    """

    coefficients: tuple[float, ...]
    intercept: float
    threshold: float
    questions: int
    area: float
    refused: float
    answered: float

    def save(self, path: Path = MODEL_FILE) -> None:
        """Write the model where the answerer reads it."""
        data = {
            "features": feature_names(),
            "coefficients": [round(value, 4) for value in self.coefficients],
            "intercept": round(self.intercept, 4),
            "threshold": round(self.threshold, 3),
            "least_nearest": LEAST_NEAREST,
            "fitted_on": f"{self.questions} questions of the training half",
        }
        path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class WeighedQuestion:
    """A question as the decision sees it.

    Attributes:
        support: what speaks for answering it.
        covered: whether the articles cover it.
        well_answered: whether the sentences that would be quoted hold all its facts.
    """

    support: Support
    covered: bool
    well_answered: bool


def weigh_all(answerer: Answerer, questions: Sequence[LabeledQuestion]) -> list[WeighedQuestion]:
    """Return each question as the decision sees it.

    Urgent questions and those of kinds that are never answered are left out: the model does not decide them.
    """
    found = []
    for question in questions:
        if question.behavior is Behavior.URGENT:
            continue
        weighed = answerer.weigh(question.question)
        if weighed is None:
            continue
        told = " ".join(one.text for one in weighed.sentences)
        covered = question.behavior is Behavior.ANSWER
        stated = count_facts(question.facts, " ".join(told.split()[:MAX_WORDS]))
        found.append(WeighedQuestion(weighed.support, covered, covered and stated == len(question.facts)))
    return found


def calibrate(weighed: Sequence[WeighedQuestion], *, refused: float) -> Calibration:
    """Return the model fitted to weighed questions.

    Args:
        weighed: the questions.
        refused: share of well answered questions that may be refused; sets the threshold by cross-validation.

    Raises:
        EvaluationDataError: there are too few covered or uncovered questions to cross-validate.
    """
    features = np.array([astuple(one.support) for one in weighed])
    covered = np.array([one.covered for one in weighed], dtype=bool)
    well = np.array([one.well_answered for one in weighed], dtype=bool)
    weights = np.where(covered, np.where(well, 1.0, BADLY_ANSWERED_WEIGHT), UNCOVERED_WEIGHT)
    if min(int(covered.sum()), int((~covered).sum())) < FOLDS:
        raise EvaluationDataError(f"too few questions to calibrate on; expected {FOLDS} covered and {FOLDS} uncovered")
    model = LogisticRegression(C=INVERSE_REGULARIZATION, max_iter=2000)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    held_out = cross_val_predict(
        model, features, covered, cv=folds, method="predict_proba", params={"sample_weight": weights}
    )[:, 1]
    threshold = float(np.quantile(held_out[well], refused))
    model.fit(features, covered, sample_weight=weights)
    return Calibration(
        coefficients=tuple(float(value) for value in model.coef_[0]),
        intercept=float(model.intercept_[0]),
        threshold=threshold,
        questions=len(weighed),
        area=float(roc_auc_score(covered[well | ~covered], held_out[well | ~covered])),
        refused=float((held_out[well] < threshold).mean()),
        answered=float((held_out[~covered] >= threshold).mean()),
    )
