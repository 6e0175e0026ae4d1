"""The decision model: a logistic curve over named features."""

import math
from dataclasses import replace

import pytest

from rag.chain.decision import DecisionModel, feature_names, load_decision_model
from rag.chain.support import Support

MODEL = DecisionModel(tuple(1.0 if name == "nearest" else 0.0 for name in feature_names()), -0.5, 0.5, 0.2)


@pytest.mark.parametrize(("nearest", "total"), [(0.5, 0.0), (1.5, 1.0), (0.0, -0.5)])
def test_probability_is_the_logistic_of_the_weighted_sum(nearest: float, total: float) -> None:
    assert MODEL.probability(Support(nearest=nearest)) == pytest.approx(1 / (1 + math.exp(-total)))


def test_threshold_itself_is_enough() -> None:
    assert MODEL.covers(Support(nearest=0.5))
    assert not MODEL.covers(Support(nearest=0.49))


def test_far_off_evidence_is_not_enough_however_probable() -> None:
    sure = replace(MODEL, intercept=9.0)

    assert sure.covers(Support(nearest=0.2))
    assert not sure.covers(Support(nearest=0.19))
    assert not sure.covers(Support())


@pytest.mark.parametrize("nearest", [1e9, -1e9])
def test_extreme_support_overflows_nothing(nearest: float) -> None:
    assert 0.0 <= MODEL.probability(Support(nearest=nearest)) <= 1.0


def test_shipped_model_weighs_every_feature() -> None:
    model = load_decision_model()

    assert len(model.coefficients) == len(feature_names())
    assert 0 < model.threshold < 1
    assert not model.covers(Support())
