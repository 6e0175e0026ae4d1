"""Evaluation reports made by hand, in the form that `citewell eval … --json` prints."""

from typing import Any


def verdict(query_id: str, *, passed: bool, kind: object = "lay", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """An entry of the lists of a report on answers."""
    return {
        "query_id": query_id,
        "kind": kind,
        "expected": "answer",
        "got": "answer" if passed else "abstain",
        "passed": passed,
        "diagnosis": None if passed else "retrieved but abstained",
        "wanted": ["warm-packs 0–32"],
        "found": ["warm-packs › Use"],
        "text": f"Question of {query_id}?",
        "reply": "Warm packs may help.",
        **fields,
    }


def answers(*verdicts: dict[str, Any]) -> dict[str, Any]:
    """A report on answers."""
    passes = [one for one in verdicts if one["passed"]]
    return {
        "command": "answers",
        "dataset": "questions.train",
        "measures": {"pass": len(passes) / len(verdicts)},
        "counts": {"errors": 0},
        "failures": [one for one in verdicts if not one["passed"]],
        "passes": passes,
        "per_question": {"pass": {one["query_id"]: float(one["passed"]) for one in verdicts}},
    }


def everything(found: dict[str, Any]) -> dict[str, Any]:
    """A whole report around one on answers."""
    ids = list(found["per_question"]["pass"])
    return {
        "command": "all",
        "answers": found,
        "retrieval": {
            "command": "retrieval",
            "dataset": "questions.train",
            "ours": "hybrid",
            "systems": {"hybrid": {"measures": {"RR@10": 0.5}}, "dense": {"measures": {"RR@10": 0.25}}},
            "failures": [{"query_id": ids[-1], "kind": "lay", "wanted": ["a 0–1"], "found": ["b"], "text": None}],
            "per_question": {"RR@10": {query_id: float(query_id != ids[-1]) for query_id in ids}},
        },
        "safety": {
            "command": "safety",
            "dataset": "red_flags.train",
            "measures": {"recall_emergency": 0.5},
            "misses": [
                {"id": "rf1", "group": "RF1", "expected": "emergency", "got": "none", "groups": [], "text": None}
            ],
            "alarms": [],
            "per_question": {"reached": {"rf1": 0.0, "rf2": 1.0}, "quiet": {"o1": 1.0}},
        },
    }
