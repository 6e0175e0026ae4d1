"""Measures equal values worked out by hand; broken runs score badly."""

import math
import random
from pathlib import Path

import pytest

from eval.measures import MAIN, means, score, write_run

QRELS = {"q1": {"a": 3, "b": 1}, "q2": {"c": 2}}


def test_values_equal_those_worked_out_by_hand() -> None:
    values = score(QRELS, {"q1": ["b", "x", "a"], "q2": ["x", "c"]})
    # q1: gains 1, 0, 3 at discounts 1, log2(3), 2; the ideal order has 3, 1.
    ideal = 3 / math.log2(2) + 1 / math.log2(3)
    assert values[MAIN]["q1"] == pytest.approx((1 + 3 / 2) / ideal)
    assert values[MAIN]["q2"] == pytest.approx(1 / math.log2(3))
    assert values["RR@10"] == {"q1": 1.0, "q2": 0.5}
    assert values["Success@1"] == {"q1": 1.0, "q2": 0.0}
    assert values["R@5"] == {"q1": 1.0, "q2": 1.0}
    assert means(values)["RR@10"] == 0.75


def test_query_missing_from_the_run_scores_zero_and_stays_in_the_mean() -> None:
    values = score(QRELS, {"q1": ["a", "b"]})
    assert values[MAIN] == {"q1": 1.0, "q2": 0.0}
    assert means(values)[MAIN] == 0.5


def test_empty_run_scores_zero() -> None:
    assert set(means(score(QRELS, {})).values()) == {0.0}
    assert set(means(score(QRELS, {"q1": [], "q2": []})).values()) == {0.0}


def test_shuffled_run_scores_far_below_the_right_one() -> None:
    qrels = {f"q{n}": {f"d{n}": 1} for n in range(50)}
    right = {query_id: [*judged, *(f"x{n}" for n in range(20))] for query_id, judged in qrels.items()}
    documents = list(qrels)
    random.Random(1).shuffle(documents)  # noqa: S311 - a fixed order, no secret
    shuffled = {query_id: right[other] for query_id, other in zip(qrels, documents, strict=True)}
    assert means(score(qrels, right))[MAIN] == 1.0
    assert means(score(qrels, shuffled))[MAIN] < 0.1


def test_queries_that_are_not_judged_are_passed_over() -> None:
    assert score({"q2": {"c": 2}}, {"q1": ["a"], "q2": ["c"]})[MAIN] == {"q2": 1.0}


def test_rank_101_is_not_within_the_first_hundred() -> None:
    run = {"q2": [*(f"x{n}" for n in range(100)), "c"]}
    assert score({"q2": {"c": 1}}, run)["R@100"] == {"q2": 0.0}


def test_run_is_written_in_trec_form(tmp_path: Path) -> None:
    write_run(tmp_path / "new" / "run.txt", {"q1": ["a", "b"]}, "tag")
    assert (tmp_path / "new" / "run.txt").read_text() == "q1 Q0 a 1 2 tag\nq1 Q0 b 2 1 tag\n"
