"""Two reports side by side: which questions changed, and whether the difference is more than luck."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from eval.significance import paired_difference

NOTHING = 1e-9
"""Values nearer than this are equal."""


def compare(first: Mapping[str, Mapping[str, Any]], second: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the differences of the second report to the first, over the questions that stand in both.

    Args:
        first: sections by name, as `read_report` gives them.
        second: the same of the other report.

    Returns:
        By section: for each measure the difference (second minus first) with interval and p, and for each question
        whose value changed the two values; ids that stand in one report only are counted.
    """
    return {
        "command": "compare",
        "sections": {name: _section(first[name], second[name]) for name in first if name in second},
    }


def _section(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    measures: dict[str, Any] = {}
    changed: dict[str, dict[str, list[float]]] = {}
    for measure, before in first["per_question"].items():
        after = second["per_question"].get(measure)
        if after is None:
            continue
        both = [query_id for query_id in before if query_id in after]
        measures[measure] = {
            "first": sum(before[query_id] for query_id in both) / len(both) if both else 0.0,
            "second": sum(after[query_id] for query_id in both) / len(both) if both else 0.0,
            **asdict(paired_difference(after, before)),
            "only_first": len(before) - len(both),
            "only_second": len(after) - len(both),
        }
        for query_id in both:
            if abs(after[query_id] - before[query_id]) > NOTHING:
                changed.setdefault(query_id, {})[measure] = [before[query_id], after[query_id]]
    return {
        "index_ids": [first.get("index_id"), second.get("index_id")],
        "datasets": [first.get("dataset"), second.get("dataset")],
        "measures": measures,
        "changed": changed,
    }
