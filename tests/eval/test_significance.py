"""Intervals and paired tests."""

import pytest

from eval.significance import holm, mean_interval, paired_difference, wilson


def test_wilson_equals_the_printed_example() -> None:
    # 81 of 263, the example of Newcombe 1998: 0.2553 to 0.3662.
    interval = wilson(81, 263)
    assert interval.low == pytest.approx(0.2553, abs=1e-4)
    assert interval.high == pytest.approx(0.3662, abs=1e-4)


def test_wilson_of_all_and_of_nothing_stays_within_bounds() -> None:
    assert wilson(10, 10).high == pytest.approx(1.0)
    assert wilson(10, 10).low == pytest.approx(0.7225, abs=1e-4)
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


def test_equal_systems_do_not_differ() -> None:
    difference = paired_difference({"a": 0.5, "b": 1.0}, {"a": 0.5, "b": 1.0})
    assert (difference.value, difference.p, difference.n) == (0.0, 1.0, 2)


def test_small_sample_has_the_exact_p_value() -> None:
    # Five differences of one sign: 2 of the 32 sign patterns are as extreme.
    first = dict.fromkeys("abcde", 1.0)
    second = dict.fromkeys("abcde", 0.0)
    assert paired_difference(first, second).p == pytest.approx(2 / 32)


def test_only_common_questions_are_compared() -> None:
    difference = paired_difference({"a": 1.0, "x": 0.0}, {"a": 0.5, "y": 1.0})
    assert (difference.value, difference.p, difference.n) == (0.5, 1.0, 1)


def test_holm_adjusts_upwards_in_order() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def test_interval_of_equal_values_is_a_point_and_of_none_is_zero() -> None:
    assert mean_interval([1.0, 1.0, 1.0]) == mean_interval([1.0])
    assert mean_interval([]).value == 0.0


def test_interval_holds_the_mean() -> None:
    interval = mean_interval([0.0, 1.0] * 20)
    assert interval.low < interval.value < interval.high
