"""Messages for the safety check: what was said, and the level that it has to reach."""

from dataclasses import dataclass
from pathlib import Path

from eval.dataset import DATA, Split, history_of, one_of, refuse_tuning_on_test
from eval.json_rows import Row, read_rows, shown
from rag.types import Question, TriageLevel

MESSAGE_KINDS = ("trigger", "near_miss", "conversation", "ordinary")


@dataclass(frozen=True, slots=True)
class SafetyMessage:
    """A message with the level that it has to reach.

    Attributes:
        message_id: unique in the set.
        kind: one of `MESSAGE_KINDS`.
        group: the red-flag group that it is about, or "none".
        level: the level expected.
        person: "first" or "third", or "" where the file says nothing.
        styles: how it is put: typo, negation, hidden …
        question: the message with its conversation.
        half: "train" or "test".
    """

    message_id: str
    kind: str
    group: str
    level: TriageLevel
    person: str
    styles: tuple[str, ...]
    question: Question
    half: str


def load_messages(split: Split, *, for_tuning: bool = False, folder: Path = DATA) -> list[SafetyMessage]:
    """Return the safety messages of a split, those with warning signs first, then ordinary ones.

    Raises:
        EvaluationDataError: a file is malformed, two messages share an id, or tuning asks for the test half.
    """
    refuse_tuning_on_test(split, for_tuning)
    found: dict[str, SafetyMessage] = {}
    for half in split.halves:
        for name in ("red_flags", "ordinary"):
            for row in read_rows(folder / f"{name}.{half}.jsonl"):
                message = message_from(row, half)
                if message.message_id in found:
                    row.fail(f"id {shown(message.message_id)} is used twice", "a new id")
                found[message.message_id] = message
    return list(found.values())


def message_from(row: Row, half: str) -> SafetyMessage:
    """Return the safety message of a row.

    Raises:
        EvaluationDataError: a field is missing or malformed.
    """
    return SafetyMessage(
        message_id=row.text("id"),
        kind=one_of(row, "kind", MESSAGE_KINDS),
        group=row.text("group"),
        level=TriageLevel(one_of(row, "level", tuple(TriageLevel))),
        person=row.text("person") if "person" in row.fields else "",
        styles=row.texts("style"),
        question=Question(row.text("text"), history_of(row)),
        half=half,
    )
