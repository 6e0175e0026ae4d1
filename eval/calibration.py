"""Fit the model that decides whether the articles cover a question, on the training half alone."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from eval.dataset import LabeledQuestion
from rag.chain.answerer import Answerer
from rag.chain.decision import DECISION_FILE, Support, feature_names
from rag.errors import EvaluationDataError
from rag.types import Behavior

MODEL_FILE = Path(__file__).parent.parent / "rag" / "chain" / "data" / DECISION_FILE

INVERSE_REGULARIZATION = 3.0
"""From 0.1 to 3, more trust in the data separated better; beyond 3 nothing changed (2026-11-22)."""

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
        area: area under the ROC curve, cross-validated.
        refused: share of covered questions below the threshold, cross-validated.
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


def weigh_all(answerer: Answerer, questions: Sequence[LabeledQuestion]) -> list[tuple[Support, bool]]:
    """Return what speaks for answering each question and whether it is covered.

    Urgent questions and those of kinds that are never answered are left out: the model does not decide them.
    """
    found = []
    for question in questions:
        if question.behavior is Behavior.URGENT:
            continue
        support = answerer.weigh(question.question)
        if support is not None:
            found.append((support, question.behavior is Behavior.ANSWER))
    return found


def calibrate(weighed: Sequence[tuple[Support, bool]], *, refused: float) -> Calibration:
    """Return the model fitted to weighed questions.

    Args:
        weighed: what speaks for answering, and whether the question is covered.
        refused: share of covered questions that may be refused; sets the threshold by cross-validation.

    Raises:
        EvaluationDataError: there are too few covered or uncovered questions to cross-validate.
    """
    features = np.array([astuple(support) for support, _ in weighed])
    covered = np.array([is_covered for _, is_covered in weighed], dtype=bool)
    if min(int(covered.sum()), int((~covered).sum())) < FOLDS:
        raise EvaluationDataError(f"too few questions to calibrate on; expected {FOLDS} covered and {FOLDS} uncovered")
    model = LogisticRegression(C=INVERSE_REGULARIZATION, max_iter=2000)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    held_out = cross_val_predict(model, features, covered, cv=folds, method="predict_proba")[:, 1]
    threshold = float(np.quantile(held_out[covered], refused))
    model.fit(features, covered)
    return Calibration(
        coefficients=tuple(float(value) for value in model.coef_[0]),
        intercept=float(model.intercept_[0]),
        threshold=threshold,
        questions=len(weighed),
        area=float(roc_auc_score(covered, held_out)),
        refused=float((held_out[covered] < threshold).mean()),
        answered=float((held_out[~covered] >= threshold).mean()),
    )
