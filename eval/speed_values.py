"""Values of repeated runs: medians, spreads, and ratios that pair what ran in the same repeat."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.speed_askers import ASKERS

OURS = "citewell"
CONTROL = "control"
"""Citewell once more: what its ratio is off 1 by is the noise of the run."""

Values = dict[str, dict[str, list[float]]]
"""One value per repeat, by measure and system."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is measured.

    Attributes:
        name: key in the JSON report.
        title: name in the table.
        unit: of its values.
        rate: whether more is better; otherwise less is.
        note: what the reader must know to judge the ratio; empty when nothing.
    """

    name: str
    title: str
    unit: str
    rate: bool = False
    note: str = ""


MEASURES = (
    Measure("embed", "embedding of passages, empty cache", "passages/s", rate=True),
    Measure(
        "limit_share",
        "the same, as a share of what matrix products alone would allow",
        "of 1",
        rate=True,
        note="the rate of 32-bit matrix products is measured in the same repeat",
    ),
    Measure(
        "build",
        "first index",
        "s",
        note="Citewell embeds each passage and also each of its sentences; the others embed passages only",
    ),
    Measure(
        "reindex_unchanged",
        "index again, nothing changed",
        "s",
        note="the others keep no record of what changed: their value is their first index of the same repeat",
    ),
    Measure("reindex_edited", "index again, one article edited", "s"),
    Measure("build_many", "first index, the same texts as 100 articles", "s"),
    Measure(
        "reindex_many",
        "index again, 1 of 100 articles edited",
        "s",
        note="the others' value is their first index of the same texts in the same repeat",
    ),
    Measure("query_wall_p50", "question to top passages, p50", "ms"),
    Measure("query_wall_p95", "question to top passages, p95", "ms"),
    Measure("query_cpu_p50", "the same, CPU, p50", "ms"),
    Measure("query_cpu_p95", "the same, CPU, p95", "ms"),
    Measure("answer_wall_p50", "whole quoted answer, p50", "ms", note="the others find passages and do not answer"),
    Measure("answer_wall_p95", "whole quoted answer, p95", "ms"),
    Measure(
        "answer_cpu_p50",
        "whole quoted answer, CPU, p50",
        "ms",
        note="the others' value is that of their search alone; Citewell's holds triage, search, choice and checks",
    ),
    *(
        Measure(
            f"askers_{count}",
            f"answers to {count} asking at once" if count > 1 else "answers to one asker",
            "/s",
            rate=True,
        )
        for count in ASKERS
    ),
    Measure(
        "cold_wall",
        "cold start, process start to its end",
        "s",
        note="Citewell prints a checked answer, the others their passages",
    ),
    Measure("cold_cpu", "cold start, CPU", "s"),
    Measure("cold_memory", "cold start, peak memory", "MB"),
)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile of one value or more."""
    return sorted(values)[max(math.ceil(percent / 100 * len(values)), 1) - 1]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return median, lowest and highest of one value or more."""
    return {"value": statistics.median(values), "low": min(values), "high": max(values)}


def gain(ours: Sequence[float], theirs: Sequence[float], *, rate: bool = False) -> dict[str, float] | None:
    """Return how many times better ours are, repeat by repeat, or None when a value is not above zero.

    Args:
        ours: one value per repeat.
        theirs: values of the same repeats.
        rate: whether more is better.
    """
    if min((*ours, *theirs)) <= 0:
        return None
    pairs = zip(ours, theirs, strict=True)
    return spread([mine / other if rate else other / mine for mine, other in pairs])


def summary(values: Values, measures: Sequence[Measure] = MEASURES) -> dict[str, Any]:
    """Return every measure that has values: per system the spread, the runs, and the ratio of ours to it."""
    found: dict[str, Any] = {}
    for measure in measures:
        by_system = values.get(measure.name)
        if not by_system:
            continue
        ours = by_system.get(OURS)
        found[measure.name] = {
            "title": measure.title,
            "unit": measure.unit,
            "more_is_better": measure.rate,
            "note": measure.note,
            "systems": {
                name: spread(runs)
                | {"runs": runs, "ratio": gain(ours, runs, rate=measure.rate) if ours and name != OURS else None}
                for name, runs in by_system.items()
            },
        }
    return found


def against_first(values: Values) -> dict[str, dict[str, float] | None]:
    """Return how many times less indexing again takes than our own first index."""
    first = {"reindex_unchanged": "build", "reindex_edited": "build", "reindex_many": "build_many"}
    return {
        name: gain(values[name][OURS], values[before][OURS])
        for name, before in first.items()
        if OURS in values.get(name, ())
    }


def rows_of(measures: Mapping[str, Any], systems: Sequence[str]) -> list[list[str]]:
    """Return the rows of the table: values with spread, then the ratios to the other systems."""
    others = [name for name in systems if name != OURS]
    rows = []
    for found in measures.values():
        by_system = found["systems"]
        cells = [shown(by_system.get(name)) for name in systems]
        ratios = [shown((by_system.get(name) or {}).get("ratio")) for name in others]
        rows.append([f"{found['title']}, {found['unit']}", *cells, *ratios])
    return rows


def shown(found: Mapping[str, Any] | None) -> str:
    """Return a value with its spread to three digits, or a dash."""
    if not found:
        return "-"
    return f"{_digits(found['value'])} [{_digits(found['low'])}-{_digits(found['high'])}]"


def _digits(value: float) -> str:
    if value == 0:
        return "0"
    places = max(2 - math.floor(math.log10(abs(value))), 0)
    return f"{value:.{min(places, 4)}f}"
