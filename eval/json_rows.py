"""Read JSON lines so that every complaint names file and line."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from rag.errors import EvaluationDataError


@dataclass(frozen=True, slots=True)
class Row:
    """One JSON object with the place it was read from.

    Attributes:
        place: `file:line`, for messages.
        fields: its content.
    """

    place: str
    fields: dict[str, Any]

    def fail(self, what: str, expected: str) -> NoReturn:
        """Refuse this row.

        Raises:
            EvaluationDataError: always.
        """
        raise EvaluationDataError(f"{self.place}: {what}; expected {expected}")

    def text(self, name: str, *, empty: bool = False) -> str:
        """Return a field that holds text.

        Raises:
            EvaluationDataError: it is missing, no text, or empty where it may not be.
        """
        value = self.fields.get(name)
        if not isinstance(value, str) or not (empty or value.strip()):
            self.fail(f"'{name}' is {shown(value)}", "some text")
        return value

    def number(self, name: str, *, low: int, high: int | None = None) -> int:
        """Return a field that holds a whole number from `low` to `high`.

        Raises:
            EvaluationDataError: it is missing, no whole number, or out of range.
        """
        value = self.fields.get(name)
        if (
            not isinstance(value, int)
            or isinstance(value, bool)
            or not low <= value <= (value if high is None else high)
        ):
            self.fail(f"'{name}' is {shown(value)}", f"a whole number from {low}" + (f" to {high}" if high else " up"))
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a field that holds a list of texts; a missing one is empty.

        Raises:
            EvaluationDataError: it is something else.
        """
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            self.fail(f"'{name}' is {shown(value)}", "a list of texts")
        return tuple(value)

    def parts(self, name: str) -> list["Row"]:
        """Return a field that holds a list of objects; a missing one is empty.

        Raises:
            EvaluationDataError: it is something else.
        """
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fail(f"'{name}' is {shown(value)}", "a list of objects")
        return [Row(self.place, item) for item in value]


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the objects of a JSON lines file, compressed when it ends in `.gz`; blank lines are passed over.

    Raises:
        EvaluationDataError: the file cannot be read, or a line is not a JSON object.
    """
    for place, line in read_lines(path):
        yield parse_row(place, line)


def parse_row(place: str, line: str) -> Row:
    """Return one line as a row.

    Raises:
        EvaluationDataError: it is not a JSON object.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", type(error).__name__)
        raise EvaluationDataError(f"{place}: not JSON ({reason}); expected one object a line") from None
    if not isinstance(fields, dict):
        raise EvaluationDataError(f"{place}: {shown(fields)}; expected a JSON object")
    return Row(place, fields)


def read_lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the non-blank lines of a text file, compressed when it ends in `.gz`, each with its `file:line`.

    Raises:
        EvaluationDataError: the file cannot be read as UTF-8 text.
    """
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield f"{path}:{number}", line.rstrip("\n")
    except UnicodeDecodeError:
        raise EvaluationDataError(f"{path}:{number + 1}: not UTF-8 text; expected JSON lines") from None
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EvaluationDataError(f"{path}:{number + 1}: cannot be read ({reason}); expected a readable file") from None


def shown(value: object) -> str:
    """Return a value as a short piece of a message."""
    if value is None:
        return "missing"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "…"
