"""Saved reports of `citewell eval all` and its parts, read by their keys; a broken one is refused in a line."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.errors import EvaluationDataError

PASSED_BY = {"answers": ("pass",), "retrieval": ("RR@10",), "safety": ("reached", "quiet")}
"""The per-question measures of each section that are above 0 for a question that passed."""

LISTS = {"answers": ("failures", "passes"), "retrieval": ("failures",), "safety": ("misses", "alarms")}
"""Where each section says more of single questions."""

DIAGNOSES = {
    "failures": "nothing that answers among the first ten passages",
    "misses": "warning sign missed",
    "alarms": "false alarm",
}
"""What a list means for a question that brings no diagnosis of its own."""

MAX_BYTES = 30_000_000
NO_CHANGE = 1e-9
TOO_LARGE = 1e15
"""No measure reaches it; not-a-number is not below it either."""
UNKNOWN_KIND = "other"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a report, with what became of it.

    Attributes:
        query_id: unique in its section.
        kind: its kind or group, `UNKNOWN_KIND` where the report does not say.
        passed: whether it passed.
        values: its measures by name.
        text: the question, or "" for the test half, whose wording is not in reports.
        expected: the right behaviour or level, or "".
        got: what it got, or "".
        diagnosis: why it failed, or "".
        reply: the answer given, or "".
        wanted: where the answer stands.
        found: the passages retrieved, best first.
    """

    query_id: str
    kind: str
    passed: bool
    values: Mapping[str, float]
    text: str
    expected: str
    got: str
    diagnosis: str
    reply: str
    wanted: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report.

    Attributes:
        name: a key of `PASSED_BY`.
        dataset: what was asked.
        measures: values by name.
        questions: by id.
    """

    name: str
    dataset: str
    measures: Mapping[str, float]
    questions: Mapping[str, Asked]


def list_reports(folder: Path) -> list[Path]:
    """Return the reports of a folder, newest first; none when the folder is not there."""
    found: list[tuple[float, Path]] = []
    try:
        for path in folder.glob("*.json"):
            if not path.name.startswith(".") and path.is_file():
                found.append((-path.stat().st_mtime, path))
    except OSError:
        return []
    return [path for _, path in sorted(found)]


def read_sections(path: Path) -> dict[str, Section]:
    """Return the sections of a saved report by name.

    Raises:
        EvaluationDataError: it is not a report.
    """
    expected = "expected a report from citewell eval … --save-report or --json"
    try:
        if path.stat().st_size > MAX_BYTES:
            raise EvaluationDataError(f"{path.name}: more than {MAX_BYTES // 1_000_000} MB; {expected}")
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or getattr(error, "msg", None) or "cannot be read as JSON"
        raise EvaluationDataError(f"{path.name}:{getattr(error, 'lineno', 1)}: {reason}; {expected}") from None
    parts = report if isinstance(report, dict) and report.get("command") == "all" else {}
    if not parts and isinstance(report, dict):
        parts = {str(report.get("command")): report}
    sections = {name: _section(name, parts[name]) for name in PASSED_BY if isinstance(parts.get(name), dict)}
    if not any(section.questions for section in sections.values()):
        raise EvaluationDataError(f"{path.name}:1: no measures; {expected}")
    return _with_kinds(sections)


def changed_questions(first: Section, second: Section) -> dict[str, tuple[Asked, Asked]]:
    """Return the questions of both sections of which a measure differs, by id."""
    both = ((query_id, asked, second.questions.get(query_id)) for query_id, asked in first.questions.items())
    return {
        query_id: (before, after)
        for query_id, before, after in both
        if after is not None
        and any(
            abs(value - after.values[name]) > NO_CHANGE for name, value in before.values.items() if name in after.values
        )
    }


def _section(name: str, fields: Mapping[str, Any]) -> Section:
    details: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for key in LISTS[name]:
        for entry in _objects(fields.get(key)):
            details[_text(entry.get("query_id") or entry.get("id"))] = (key, entry)
    values: dict[str, dict[str, float]] = {}
    for measure, by_question in _object(fields.get("per_question")).items():
        for query_id, value in _numbers(by_question).items():
            values.setdefault(query_id, {})[measure] = value
    questions = {
        query_id: _asked(name, query_id, found, *details.get(query_id, ("", {}))) for query_id, found in values.items()
    }
    return Section(name, _text(fields.get("dataset")), _measures(fields), questions)


def _asked(section: str, query_id: str, values: Mapping[str, float], key: str, entry: Mapping[str, Any]) -> Asked:
    passed = all(values[name] > 0 for name in PASSED_BY[section] if name in values)
    return Asked(
        query_id=query_id,
        kind=_text(entry.get("kind") or entry.get("group")) or UNKNOWN_KIND,
        passed=passed,
        values=values,
        text=_text(entry.get("text")),
        expected=_text(entry.get("expected")),
        got=_text(entry.get("got")),
        diagnosis=_text(entry.get("diagnosis")) or ("" if passed else DIAGNOSES.get(key, "")),
        reply=_text(entry.get("reply")),
        wanted=_texts(entry.get("wanted")),
        found=_texts(entry.get("found") or entry.get("groups")),
    )


def _measures(fields: Mapping[str, Any]) -> dict[str, float]:
    """Our own measures, then those of the systems beside ours."""
    found = _numbers(fields.get("measures"))
    ours = fields.get("ours")
    for system, content in _object(fields.get("systems")).items():
        for measure, value in _numbers(_object(content).get("measures")).items():
            found[measure if system == ours else f"{measure} ({system})"] = value
    return found | _numbers(fields.get("counts"))


def _with_kinds(sections: dict[str, Section]) -> dict[str, Section]:
    """Retrieval lists only what it missed; the replies to the same questions say the other kinds."""
    if not {"answers", "retrieval"} <= sections.keys():
        return sections
    answers, retrieval = sections["answers"].questions, sections["retrieval"]
    told = {query_id: _with_kind(asked, answers.get(query_id)) for query_id, asked in retrieval.questions.items()}
    return sections | {"retrieval": Section(retrieval.name, retrieval.dataset, retrieval.measures, told)}


def _with_kind(asked: Asked, reply: Asked | None) -> Asked:
    if reply is None:
        return asked
    return replace(
        asked,
        kind=reply.kind if asked.kind == UNKNOWN_KIND else asked.kind,
        text=asked.text or reply.text,
        wanted=asked.wanted or reply.wanted,
        found=asked.found or reply.found,
    )


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    yield from (entry for entry in value if isinstance(entry, dict)) if isinstance(value, list) else ()


def _numbers(value: object) -> dict[str, float]:
    return {
        name: number
        for name, number in _object(value).items()
        if isinstance(number, int | float) and not isinstance(number, bool) and abs(number) < TOO_LARGE
    }


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
