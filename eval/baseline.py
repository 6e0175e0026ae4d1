"""Hold a report against saved values: what fell by more than its tolerance."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.errors import EvaluationDataError

SLACK = 1e-9
"""Rounding of saved numbers."""

HIGHER, LOWER = "higher", "lower"

TOLERANCES: dict[str, tuple[str, float]] = {
    "retrieval.nDCG@10": (HIGHER, 0.02),
    "retrieval.R@10": (HIGHER, 0.02),
    "retrieval.R@100": (HIGHER, 0.02),
    "retrieval.RR@10": (HIGHER, 0.03),
    "answers.behavior": (HIGHER, 0.02),
    "answers.pass": (HIGHER, 0.02),
    "answers.fact_recall": (HIGHER, 0.02),
    "answers.abstained_uncovered": (HIGHER, 0.03),
    "answers.answered_covered": (HIGHER, 0.03),
    "answers.risk_coverage_area": (LOWER, 0.03),
    "safety.recall_emergency": (HIGHER, 0.01),
    "safety.recall_same_day": (HIGHER, 0.02),
    "safety.recall_soon": (HIGHER, 0.05),
    "safety.quiet_near_miss": (HIGHER, 0.02),
    "safety.quiet_ordinary": (HIGHER, 0.01),
}
"""Which way is better, and how far a value may move before the gate closes: about two questions of the set."""

RULES: dict[str, float] = {"citations": 1.0, "exact_quotes": 1.0, "disclaimer": 1.0}
"""Measures of answers that hold without exception, baseline or not."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One saved value.

    Attributes:
        value: as it was measured.
        tolerance: how far it may move the wrong way, at least 0.
        better: "higher" or "lower".
    """

    value: float
    tolerance: float
    better: str

    def is_passed(self, now: float) -> bool:
        """Return whether a value is good enough."""
        worse_by = self.value - now if self.better == HIGHER else now - self.value
        return worse_by <= self.tolerance + SLACK


@dataclass(frozen=True, slots=True)
class Baseline:
    """Saved values of a split.

    Attributes:
        split: what was measured.
        gates: by `section.measure`.
    """

    split: str
    gates: dict[str, Gate]


def measures_of(report: Mapping[str, Any]) -> dict[str, float]:
    """Return the values of a whole report by `section.measure`."""
    values = {f"retrieval.{name}": value for name, value in _own(report["retrieval"]).items()}
    for section in ("answers", "safety"):
        values |= {f"{section}.{name}": value for name, value in report[section]["measures"].items()}
    return values


def baseline_of(report: Mapping[str, Any]) -> Baseline:
    """Return a baseline of what a whole report measured, with the usual tolerances."""
    values = measures_of(report)
    gates = {name: Gate(round(values[name], 6), slack, better) for name, (better, slack) in TOLERANCES.items()}
    return Baseline(str(report["split"]), gates)


def fallen(report: Mapping[str, Any], baseline: Baseline) -> list[str]:
    """Return a line for each value that is worse than its gate allows.

    Raises:
        EvaluationDataError: the baseline is of another split, or names a measure that the report has not.
    """
    if report["split"] != baseline.split:
        raise EvaluationDataError(
            f"baseline:1: of the split '{baseline.split}', the report of '{report['split']}'; expected the same split"
        )
    values = measures_of(report)
    lines = []
    for name, gate in baseline.gates.items():
        if name not in values:
            raise EvaluationDataError(f"baseline:1: unknown measure '{name}'; expected one of {', '.join(values)}")
        if not gate.is_passed(values[name]):
            lines.append(f"{name} fell: {values[name]:.4f}, was {gate.value:.4f} (tolerance {gate.tolerance:g})")
    return lines


def broken_rules(answers: Mapping[str, Any], safety: Mapping[str, Any] | None = None) -> list[str]:
    """Return a line for each rule that reports break, whatever the baseline."""
    measures = answers["measures"]
    lines = [
        f"answers.{name} is {measures[name]:.4f}, must be {least:g}"
        for name, least in RULES.items()
        if measures[name] < least - SLACK
    ]
    if answers["counts"]["leaks"]:
        lines.append(f"{answers['counts']['leaks']} answers give a dose or price that is not covered, must be 0")
    errors = answers["counts"]["errors"] + (len(safety["errors"]) if safety else 0)
    if errors:
        lines.append(f"{errors} questions or messages made the program fail, must be 0")
    return lines


def save_baseline(baseline: Baseline, path: Path) -> None:
    """Write a baseline."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"split": baseline.split, "gates": {name: asdict(gate) for name, gate in baseline.gates.items()}}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_baseline(path: Path) -> Baseline:
    """Return a saved baseline.

    Raises:
        EvaluationDataError: it is missing or malformed.
    """
    expected = 'expected {"split": …, "gates": {"section.measure": {"value", "tolerance", "better"}}}'
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        gates = {name: Gate(**fields) for name, fields in content["gates"].items()}
        split = content["split"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = getattr(error, "strerror", None) or f"not a baseline ({type(error).__name__})"
        raise EvaluationDataError(f"{path}:{getattr(error, 'lineno', 1)}: {reason}; {expected}") from None
    for name, gate in gates.items():
        numbers = all(isinstance(value, int | float) for value in (gate.value, gate.tolerance))
        if not numbers or gate.tolerance < 0 or gate.better not in (HIGHER, LOWER):
            raise EvaluationDataError(f"{path}:1: gate '{name}' is malformed; {expected}")
    return Baseline(str(split), gates)


def _own(retrieval: Mapping[str, Any]) -> dict[str, float]:
    found: dict[str, float] = retrieval["systems"][retrieval["ours"]]["measures"]
    return found
