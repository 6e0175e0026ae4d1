"""Read reports that `--json` printed; keep them where the maintainers' page looks."""

import json
from pathlib import Path
from typing import Any

from eval.whole_files import write_whole
from rag.errors import EvaluationDataError
from rag.settings import get_settings

SECTIONS = ("retrieval", "answers", "safety")


def save_report(report: dict[str, Any], name: str) -> Path:
    """Keep a report under a name in the folder of the settings, in one step, and return its file.

    Raises:
        EvaluationDataError: it cannot be written.
    """
    path = get_settings().page.reports / f"{name}.json"
    write_whole(path, json.dumps(report, ensure_ascii=False, indent=1).encode() + b"\n")
    return path


def read_report(path: Path) -> dict[str, dict[str, Any]]:
    """Return the sections of a saved report by name.

    Raises:
        EvaluationDataError: it is not a report.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or getattr(error, "msg", None) or "not text"
        line = getattr(error, "lineno", 1)
        raise EvaluationDataError(f"{path}:{line}: {reason}; expected a report from citewell eval … --json") from None
    sections = _sections(report)
    if not sections:
        raise EvaluationDataError(f"{path}:1: no measures; expected a report from citewell eval … --json")
    return sections


def _sections(report: object) -> dict[str, dict[str, Any]]:
    if not isinstance(report, dict):
        return {}
    if report.get("command") == "all":
        return {
            name: section for name in SECTIONS if isinstance(section := report.get(name), dict) and _is_section(section)
        }
    return {str(report["command"]): report} if _is_section(report) else {}


def _is_section(section: dict[str, Any]) -> bool:
    values = section.get("per_question")
    return (
        section.get("command") in SECTIONS
        and isinstance(values, dict)
        and all(
            isinstance(by_question, dict) and all(isinstance(value, int | float) for value in by_question.values())
            for by_question in values.values()
        )
    )
