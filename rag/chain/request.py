"""Take a question in any of the forms that callers give it."""

from collections.abc import Mapping
from typing import Any

from rag.types import Question, Role, Turn

QuestionInput = Question | str | Mapping[str, Any]


def as_question(given: QuestionInput) -> Question:
    """Return the question in any accepted input.

    Raises:
        TypeError: the input is not a text, a `Question`, or a mapping with a text under `question` and, where there
            is a `history`, turns with `role` (user or assistant) and `content`.
    """
    if isinstance(given, Question):
        return given
    if isinstance(given, str):
        return Question(given)
    if isinstance(given, Mapping) and isinstance(given.get("question"), str):
        history = given.get("history") or []
        if isinstance(history, list | tuple):
            return Question(given["question"], tuple(_turn(turn) for turn in history))
    raise TypeError("expected a text, a Question, or a mapping with 'question' and optionally a list 'history'")


def _turn(value: object) -> Turn:
    if isinstance(value, Turn):
        return value
    if isinstance(value, Mapping) and value.get("role") in set(Role) and isinstance(value.get("content"), str):
        return Turn(Role(value["role"]), value["content"])
    raise TypeError("a turn of 'history' needs 'role' (user or assistant) and 'content' (text)")
