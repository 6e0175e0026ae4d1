"""The example messages that the classifier is trained on: one file for each group, one message a line."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import SafetyDataError
from rag.types import TriageLevel

ORDINARY = "ORDINARY"
"""Name of the file with messages that belong to no group."""


@dataclass(frozen=True, slots=True)
class Example:
    """An example message.

    Attributes:
        text: the message.
        group: id of the group that it is about, or `ORDINARY`.
        level: the level that it has to reach; none for a near miss.
    """

    text: str
    group: str
    level: TriageLevel


def load_examples(folder: Path, group_ids: Sequence[str]) -> list[Example]:
    """Return the examples of a folder.

    Args:
        folder: holds `RF1.jsonl` and so on, lines like `{"level": "none", "text": "…"}`.
        group_ids: known groups.

    Raises:
        SafetyDataError: a file cannot be read, names no group, or a line is malformed.
    """
    found: list[Example] = []
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem not in (*group_ids, ORDINARY):
            raise SafetyDataError(f"{path.name}: no group of that name; expected a group id or {ORDINARY}")
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SafetyDataError(
                f"{path.name}: cannot be read ({type(error).__name__}); expected UTF-8 text"
            ) from error
        found += [_example(f"{path.name}:{n}", path.stem, line) for n, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise SafetyDataError(f"{folder}: no examples; expected one *.jsonl for each group")
    return found


def _example(where: str, group: str, line: str) -> Example:
    """Return the example of one line."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SafetyDataError(f"{where}: not JSON; expected one object a line") from error
    if not isinstance(fields, dict) or set(fields) != {"text", "level"}:
        raise SafetyDataError(f"{where}: {str(fields)[:60]}; expected an object with text and level")
    text, level = fields["text"], fields["level"]
    if not isinstance(text, str) or not text.strip():
        raise SafetyDataError(f"{where}: text: {str(text)[:60]!r}; expected some text")
    if level not in tuple(TriageLevel):
        raise SafetyDataError(f"{where}: level: {level!r}; expected emergency, same_day, soon or none")
    if group == ORDINARY and level != TriageLevel.NONE:
        raise SafetyDataError(f"{where}: level: {level!r}; expected none for an ordinary message")
    return Example(text, group, TriageLevel(level))
