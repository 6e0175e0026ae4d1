"""Decide whether the evidence answers the question or the articles do not cover it.

Near is not enough: a passage on massage is near to "can massage cure migraine?". What speaks for answering
(`rag.chain.support`) is weighed by a logistic model; its coefficients are data, fitted by `citewell eval calibrate`
on the training half.
"""

import json
import math
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib import resources

from rag.chain.support import Support
from rag.errors import SettingsError

DECISION_FILE = "decision.json"


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
