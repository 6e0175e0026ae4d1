"""Read the safety layer's data files and say exactly what is wrong when one is malformed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from rag.errors import SafetyDataError

DATA_DIR = Path(__file__).parent / "data"
"""The files that ship with Citewell."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_mapping(path: Path) -> dict[str, Any]:
    """Return a YAML file that holds a mapping with text keys.

    Raises:
        SafetyDataError: the file is missing, is not YAML, or does not hold a mapping.
    """
    try:
        value = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - both are safe loaders
    except OSError as error:
        raise SafetyDataError(f"{path.name}: cannot be read ({error.strerror}); expected a file") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = getattr(error, "problem_mark", None)
        line = f" at line {place.line + 1}" if place else ""
        raise SafetyDataError(f"{path.name}: not valid YAML{line}; expected a mapping") from error
    if not isinstance(value, dict):
        raise SafetyDataError(f"{path.name}: holds {type(value).__name__}; expected a mapping")
    for key in value:
        if not isinstance(key, str):
            raise SafetyDataError(f"{path.name}: key {key!r}; expected text (put it in quotes)")
    return value


class Fields:
    """Typed access to the fields of one mapping, with the file and key in every complaint."""

    def __init__(self, where: str, values: Mapping[str, Any]) -> None:
        """Take a mapping.

        Args:
            where: file and key path, for messages.
            values: the mapping.
        """
        self.where = where
        self._values = values

    def only(self, *names: str) -> None:
        """Refuse keys other than these.

        Raises:
            SafetyDataError: there is another key.
        """
        for key in self._values:
            if key not in names:
                raise SafetyDataError(f"{self.where}: unknown key {key!r}; expected one of {', '.join(names)}")

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text field, its line breaks folded into blanks.

        Raises:
            SafetyDataError: it is missing without default, empty, or not text.
        """
        value = self._values.get(name, default)
        if not isinstance(value, str) or (not value.strip() and value != default):
            raise self._wrong(name, value, "text")
        return " ".join(value.split())

    def block(self, name: str) -> str:
        """Return a text field with its line breaks.

        Raises:
            SafetyDataError: it is missing or not text.
        """
        self.text(name)
        return str(self._values[name])

    def number(self, name: str, default: float | None = None) -> float:
        """Return a number field.

        Raises:
            SafetyDataError: it is missing without default or not a number.
        """
        value = self._values.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(name, value, "a number")
        return float(value)

    def texts(self, name: str, *, needed: bool = False) -> tuple[str, ...]:
        """Return a list of texts; empty when it may be missing and is.

        Raises:
            SafetyDataError: it is needed and missing or empty, or an entry is not text.
        """
        value = self._values.get(name, [])
        if not isinstance(value, list) or (needed and not value):
            raise self._wrong(name, value, "a list of texts")
        for entry in value:
            if not isinstance(entry, str):
                raise self._wrong(name, entry, "text (put it in quotes)")
        return tuple(" ".join(entry.split()) for entry in value)

    def mappings(self, name: str) -> list["Fields"]:
        """Return a list of mappings; empty when missing.

        Raises:
            SafetyDataError: it is no list or an entry is no mapping.
        """
        value = self._values.get(name, [])
        if not isinstance(value, list):
            raise self._wrong(name, value, "a list")
        for entry in value:
            if not isinstance(entry, dict):
                raise self._wrong(name, entry, "a mapping")
        return [Fields(f"{self.where}: {name}[{i}]", entry) for i, entry in enumerate(value)]

    def mapping(self, name: str) -> "Fields":
        """Return a nested mapping; empty when missing.

        Raises:
            SafetyDataError: it is no mapping.
        """
        value = self._values.get(name, {})
        if not isinstance(value, dict):
            raise self._wrong(name, value, "a mapping")
        return Fields(f"{self.where}: {name}", value)

    def keys(self) -> tuple[str, ...]:
        """Return the field names in file order."""
        return tuple(self._values)

    def has(self, name: str) -> bool:
        """Return whether a field is there."""
        return name in self._values

    def _wrong(self, name: str, value: object, expected: str) -> SafetyDataError:
        shown = "missing" if name not in self._values else repr(value)[:60]
        return SafetyDataError(f"{self.where}: {name}: {shown}; expected {expected}")


def fields_of(path: Path) -> Fields:
    """Return the fields of a YAML file.

    Raises:
        SafetyDataError: the file cannot be read or holds no mapping.
    """
    return Fields(path.name, load_mapping(path))
