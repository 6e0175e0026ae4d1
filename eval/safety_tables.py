"""What `citewell eval safety` prints."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.tables import table

SLICES = (
    ("met at its level or above, by level", "by_level"),
    ("by group", "by_group"),
    ("by kind", "by_kind"),
    ("by style", "by_style"),
    ("by person", "by_person"),
    ("false alarms (emergency or same day)", "false_alarms"),
    ("false alarms by group", "false_alarms_by_group"),
    ("false alarms by style", "false_alarms_by_style"),
)


def safety_tables(report: Mapping[str, Any], *, slices: Sequence[str] | None = None) -> str:
    """Return the tables of a safety report and what failed, a line each.

    Args:
        report: from `safety_report`.
        slices: keys of the slices to show; None shows all, and the failures.
    """
    parts = [f"{report['messages']} messages, {report['dataset']}"]
    for title, key in SLICES:
        if report[key] and (slices is None or key in slices):
            rows = [
                [name, *(found[part] for part in ("n", "value", "low", "high"))] for name, found in report[key].items()
            ]
            parts.append(table((title, "n", "share", "low", "high"), rows))
    steps = ", ".join(f"{count} by {step}" for step, count in report["over_warning_steps"].items()) or "none"
    if report["errors"]:
        parts.append("the program failed on: " + ", ".join(f"{one} ({why})" for one, why in report["errors"].items()))
    parts.append(f"over-warning (met, but levels too high): {steps}")
    if slices is None:
        for title, key in (("missed", "misses"), ("false alarms", "alarms")):
            lines = [_line(entry) for entry in report[key]]
            parts.append("\n".join([f"{title}: {len(lines)}", *lines]))
    return "\n\n".join(parts)


def _line(entry: Mapping[str, Any]) -> str:
    said = f"  {entry['text']}" if entry["text"] else ""
    return f"  {entry['id']} {entry['group']}: expected {entry['expected']}, got {entry['got']}{said}"
