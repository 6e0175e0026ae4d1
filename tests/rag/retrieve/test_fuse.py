"""Reciprocal rank fusion by hand."""

import pytest

from rag.retrieve.fuse import ranked, reciprocal_rank_fusion


def test_score_is_the_sum_of_reciprocal_ranks() -> None:
    scores = reciprocal_rank_fusion([["a", "b"], ["b", "c"]], k=60)

    assert scores == {
        "b": pytest.approx(1 / 62 + 1 / 61),
        "a": pytest.approx(1 / 61),
        "c": pytest.approx(1 / 62),
    }
    assert list(scores) == ["b", "a", "c"]


def test_weights_count_a_ranking_more() -> None:
    scores = reciprocal_rank_fusion([["a"], ["b"]], weights=[1.0, 2.0], k=1)

    assert list(scores.items()) == [("b", 1.0), ("a", 0.5)]


def test_equal_scores_keep_the_order_in_which_they_were_met() -> None:
    assert list(reciprocal_rank_fusion([["a", "b"], ["b", "a"]])) == ["a", "b"]
    assert list(ranked({"x": 1.0, "y": 2.0, "z": 1.0})) == ["y", "x", "z"]


def test_no_rankings_give_no_scores() -> None:
    assert reciprocal_rank_fusion([[], []]) == {}
