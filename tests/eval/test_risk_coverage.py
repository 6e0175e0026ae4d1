"""The risk-coverage curve."""

import pytest

from eval.risk_coverage import risk_coverage


def test_curve_equals_that_worked_out_by_hand() -> None:
    curve = risk_coverage([(0.9, True), (0.5, False), (0.8, True), (0.4, True)], 5)
    assert curve.coverage == (0.2, 0.4, 0.6, 0.8)
    assert curve.risk == pytest.approx((0.0, 0.0, 1 / 3, 1 / 4))
    assert curve.area == pytest.approx((1 / 3 + 1 / 4) / 4)


def test_equal_confidence_is_one_point() -> None:
    curve = risk_coverage([(0.9, True), (0.9, False)], 2)
    assert (curve.coverage, curve.risk) == ((1.0,), (0.5,))


def test_nothing_answered_has_no_curve() -> None:
    assert risk_coverage([], 3).area == 0.0


def test_sure_and_wrong_costs_more_than_unsure_and_wrong() -> None:
    sure = risk_coverage([(0.9, False), (0.5, True), (0.4, True)], 3)
    unsure = risk_coverage([(0.9, True), (0.5, True), (0.4, False)], 3)
    assert sure.area > unsure.area
