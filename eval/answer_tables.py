"""What `citewell eval answers` prints."""

from collections.abc import Mapping
from typing import Any

from eval.tables import table


def answer_tables(report: Mapping[str, Any], *, failures: bool = True) -> str:
    """Return the tables of a report on answers, with a line for each failure."""
    counts, words, latency = report["counts"], report["words"], report["latency_ms"]
    behaviors = list(report["confusion"])
    parts = [
        f"{report['questions']} questions, {report['dataset']}, index {report['index_id']}",
        table(("measure", "value"), list(report["measures"].items())),
        f"errors in place of a reply: {counts['errors']}\n"
        f"doses or prices in answers to uncovered questions: {counts['leaks']}\n"
        f"answered though not covered: {counts['answered_unanswerable']} of {counts['unanswerable']}\n"
        f"refused though covered: {counts['refused_answerable']} of {counts['answerable']}, "
        f"alarmed: {counts['alarmed_answerable']}\n"
        f"words: median {words['median']:.0f}, 95 % up to {words['p95']:.0f}, longest {words['max']:.0f}\n"
        f"milliseconds: median {latency['median']:.0f}, 95 % up to {latency['p95']:.0f}",
        table(
            ("expected \\ got", *behaviors),
            [[expected, *(got[name] for name in behaviors)] for expected, got in report["confusion"].items()],
        ),
        table(
            ("kind", "n", "pass", "low", "high", "behavior", "facts", "in quoted", "in passages"),
            [
                [
                    kind,
                    found["n"],
                    found["pass"],
                    *found["interval"],
                    found["behavior"],
                    _or_dash(found["fact_recall"]),
                    _or_dash(found["fact_recall_quoted"]),
                    _or_dash(found["fact_recall_passages"]),
                ]
                for kind, found in report["by_kind"].items()
            ],
        ),
        table(("why replies failed", "n"), list(report["diagnoses"].items())),
    ]
    if failures:
        parts.append("\n".join(failure_line(failure) for failure in report["failures"]))
    return "\n\n".join(part for part in parts if part)


def failure_line(failure: Mapping[str, Any]) -> str:
    """Return a failure as one line; the question's words only where they may be read (the training half)."""
    asked = f"  {failure['text']}" if failure["text"] else ""
    facts = f" {failure['facts_answered']}/{failure['facts']} facts" if failure["facts"] else ""
    return f"{failure['query_id']} {failure['kind']}: {failure['diagnosis']}{facts}{asked}"


def _or_dash(value: float | None) -> float | str:
    return "-" if value is None else value
