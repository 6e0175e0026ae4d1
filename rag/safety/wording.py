"""Fill in numbers for the reader's region and put the action together, ready to show."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rag.errors import SafetyDataError
from rag.safety.data_files import Fields, fields_of
from rag.types import TriageLevel

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_SLOT = re.compile(r"\{([A-Z_]+)\}")
_SLOTS = frozenset({"EMERGENCY", "ADVICE_LINE", "CRISIS"})


@dataclass(frozen=True, slots=True)
class Numbers:
    """What to call in one region."""

    emergency: str
    advice_line: str
    crisis: str


@dataclass(frozen=True, slots=True)
class FixedTexts:
    """The fixed lines of the layer.

    Attributes:
        disclaimer: shown with every answer; at most two sentences.
        number_table: emergency numbers of several places, for an unknown region.
        call_handler: what to tell whoever picks up.
        still_first: begins the action when it is repeated later in the conversation.
        english_only: for a message that is not in English.
        safety_net: by level, line for an ordinary answer that touches a red flag.
    """

    disclaimer: str
    number_table: str
    call_handler: str
    still_first: str
    english_only: str
    safety_net: str


class Wording:
    """All texts, with the numbers of one region filled in."""

    def __init__(self, data_dir: Path, region: str | None) -> None:
        """Read the number table and the fixed texts.

        Args:
            data_dir: holds `regions.yaml` and `wording.yaml`.
            region: a code of the number table, or None for wording that fits everywhere.

        Raises:
            SafetyDataError: a file is malformed or the region is not in the table.
        """
        table = fields_of(data_dir / "regions.yaml")
        table.only("checked_on", "checked_against", "anywhere", "regions", "sources")
        rows = table.mapping("regions")
        self.regions = rows.keys()
        self.checked_on = _date(table)
        self.checked_against = table.text("checked_against")
        numbers = {code: _numbers(rows.mapping(code)) for code in self.regions}
        anywhere = _numbers(table.mapping("anywhere"))
        if region is not None and region.upper() not in numbers:
            known = ", ".join(self.regions)
            raise SafetyDataError(f"regions.yaml: no region {region!r}; expected one of {known} or none")
        self.numbers = anywhere if region is None else numbers[region.upper()]
        self._region_known = region is not None
        self.texts = _fixed_texts(fields_of(data_dir / "wording.yaml"))

    def fill(self, text: str) -> str:
        """Return a text with its slots filled.

        Raises:
            SafetyDataError: it has an unknown slot.
        """
        values = {
            "EMERGENCY": self.numbers.emergency,
            "ADVICE_LINE": self.numbers.advice_line,
            "CRISIS": self.numbers.crisis,
        }
        for slot in _SLOT.findall(text):
            if slot not in _SLOTS:
                raise SafetyDataError(f"wording: slot {{{slot}}}; expected one of {', '.join(sorted(_SLOTS))}")
        return _SLOT.sub(lambda match: values[match[1]], text)

    def action(self, texts: Sequence[str], level: TriageLevel) -> tuple[str, ...]:
        """Return the sentences of an action.

        Args:
            texts: action texts of the groups that apply, most urgent first; the first is given in
                full, of the others the opening sentence.
            level: of the whole triage.
        """
        sentences: list[str] = []
        for index, text in enumerate(texts):
            parts = _SENTENCE_END.split(self.fill(text))
            sentences.extend(parts if index == 0 else parts[:1])
        if level is TriageLevel.EMERGENCY:
            sentences.append(self.texts.call_handler)
        if not self._region_known:
            sentences.append(self.texts.number_table)
        return tuple(dict.fromkeys(sentences))


def _date(fields: Fields) -> date:
    """Return the day on which the numbers were last checked."""
    text = fields.text("checked_on")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SafetyDataError(f"{fields.where}: checked_on: {text!r}; expected a day such as 2026-11-22") from error


def _numbers(fields: Fields) -> Numbers:
    """Return one row of the number table."""
    fields.only("name", "emergency", "advice_line", "crisis")
    return Numbers(fields.text("emergency"), fields.text("advice_line"), fields.text("crisis"))


def _fixed_texts(fields: Fields) -> FixedTexts:
    """Return the fixed texts."""
    names = FixedTexts.__dataclass_fields__
    fields.only(*names)
    texts = FixedTexts(**{name: fields.text(name) for name in names})
    if len(_SENTENCE_END.split(texts.disclaimer)) > 2:
        raise SafetyDataError(f"{fields.where}: disclaimer: more than two sentences; expected at most two")
    return texts
