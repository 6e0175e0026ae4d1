"""Verdicts on replies to one report: rates, counts, curve."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from eval.answers import Verdict
from eval.measures import mean
from eval.risk_coverage import risk_coverage
from eval.significance import Interval, wilson
from rag.types import Behavior


def answers_report(verdicts: Sequence[Verdict], *, dataset: str, index_id: str) -> dict[str, Any]:
    """Return the measures of a set of replies.

    Args:
        verdicts: one a question.
        dataset: what the questions are.
        index_id: which index answered.
    """
    covered = [one for one in verdicts if one.expected is Behavior.ANSWER]
    uncovered = [one for one in verdicts if one.expected is Behavior.ABSTAIN]
    answered = [one for one in verdicts if one.got is Behavior.ANSWER]
    curve = risk_coverage([(one.confidence, one.passed) for one in answered], len(verdicts))
    return {
        "command": "answers",
        "dataset": dataset,
        "questions": len(verdicts),
        "index_id": index_id,
        "measures": {
            "behavior": mean(one.got is one.expected for one in verdicts),
            "pass": mean(one.passed for one in verdicts),
            "fact_recall": mean(_share(one.facts_answered, one.facts) for one in covered if one.facts),
            "fact_recall_quoted": mean(_share(one.facts_quoted, one.facts) for one in covered if one.facts),
            "fact_recall_passages": mean(_share(one.facts_shown, one.facts) for one in covered if one.facts),
            "fact_recall_candidates": mean(_share(one.facts_found, one.facts) for one in covered if one.facts),
            "citations": _share(sum(one.cited for one in answered), sum(one.sentences for one in answered)),
            "exact_quotes": _share(sum(one.exact for one in verdicts), sum(one.quotes for one in verdicts)),
            "exact_further": _share(sum(one.exact_further for one in verdicts), sum(one.further for one in verdicts)),
            "disclaimer": mean(one.disclaimer for one in verdicts if one.got is not None),
            "abstained_uncovered": mean(one.got is not Behavior.ANSWER for one in uncovered),
            "answered_covered": mean(one.got is Behavior.ANSWER for one in covered),
            "risk_coverage_area": curve.area,
        },
        "counts": {
            "errors": sum(one.got is None for one in verdicts),
            "leaks": sum(bool(one.leaked) for one in verdicts),
            "answered_unanswerable": sum(one.got is Behavior.ANSWER for one in uncovered),
            "unanswerable": len(uncovered),
            "refused_answerable": sum(one.got is Behavior.ABSTAIN for one in covered),
            "alarmed_answerable": sum(one.got is Behavior.URGENT for one in covered),
            "answerable": len(covered),
        },
        "words": spread([float(one.words) for one in answered]),
        "latency_ms": spread([one.ms for one in verdicts]),
        "confusion": confusion(verdicts),
        "by_kind": by_kind(verdicts),
        "curve": {"coverage": list(curve.coverage), "risk": list(curve.risk), "area": curve.area},
        "scores": {
            "answerable": [round(one.cosine, 4) for one in covered],
            "unanswerable": [round(one.cosine, 4) for one in uncovered],
        },
        "timings_ms": [round(one.ms, 1) for one in verdicts],
        "diagnoses": dict(Counter(one.diagnosis for one in verdicts if one.diagnosis).most_common()),
        "failures": [asdict(one) for one in verdicts if not one.passed],
        "passes": [asdict(one) for one in verdicts if one.passed],
        "per_question": {
            "behavior": _each(verdicts, lambda one: float(one.got is one.expected)),
            "pass": _each(verdicts, lambda one: float(one.passed)),
            "fact_recall": _each([one for one in covered if one.facts], lambda one: one.facts_answered / one.facts),
        },
    }


def confusion(verdicts: Sequence[Verdict]) -> dict[str, dict[str, int]]:
    """Return how often each behaviour was got where each was expected."""
    counts = Counter((one.expected, one.got) for one in verdicts)
    return {str(expected): {str(got): counts[expected, got] for got in Behavior} for expected in Behavior}


def by_kind(verdicts: Sequence[Verdict]) -> dict[str, dict[str, Any]]:
    """Return number, pass rate with interval, right behaviour and fact recall by kind of question."""
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for one in verdicts:
        groups[one.kind].append(one)
    found: dict[str, dict[str, Any]] = {}
    for kind, members in sorted(groups.items()):
        passed: Interval = wilson(sum(one.passed for one in members), len(members))
        with_facts = [one for one in members if one.facts]
        found[kind] = {
            "n": len(members),
            "pass": passed.value,
            "interval": [passed.low, passed.high],
            "behavior": mean(one.got is one.expected for one in members),
            "fact_recall": mean(one.facts_answered / one.facts for one in with_facts) if with_facts else None,
            "fact_recall_quoted": mean(one.facts_quoted / one.facts for one in with_facts) if with_facts else None,
            "fact_recall_passages": mean(one.facts_shown / one.facts for one in with_facts) if with_facts else None,
        }
    return found


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return mean, median, 95th percentile and largest of some values; zeros for none."""
    if not values:
        return {"mean": 0.0, "median": 0.0, "p95": 0.0, "max": 0.0}
    ranked = sorted(values)
    last = len(ranked) - 1
    return {
        "mean": mean(ranked),
        "median": ranked[last // 2],
        "p95": ranked[round(0.95 * last)],
        "max": ranked[-1],
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _each(verdicts: Sequence[Verdict], value: Callable[[Verdict], float]) -> dict[str, float]:
    return {one.query_id: value(one) for one in verdicts}
