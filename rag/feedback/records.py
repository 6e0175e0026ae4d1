"""A reader's word about a reply, as it is handed to the store and as it comes back."""

from dataclasses import dataclass
from enum import StrEnum

import regex

from rag.types import Answer, Behavior, Turn

MAX_NOTE_CHARS = 1000
MAX_QUESTION_CHARS = 4000
MAX_TURNS = 40

_NOT_STORABLE = regex.compile(r"[\p{Cc}\p{Cs}--[\n\t]]", regex.VERSION1)
"""PostgreSQL refuses NUL and half surrogates; the other control characters would steer a terminal."""


class Verdict(StrEnum):
    """Thumb up or down."""

    UP = "up"
    DOWN = "down"


class Reason(StrEnum):
    """Why a reply was found wanting."""

    NOT_ASKED = "not_asked"
    WRONG_PASSAGE = "wrong_passage"
    UNCLEAR = "unclear"
    UNSAFE = "unsafe"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage that stood under the reply.

    Attributes:
        source: the article's id.
        start: first character in the article's text.
        end: one past the last character.
    """

    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader sends.

    Attributes:
        verdict: thumb up or down.
        behavior: the kind of reply that was judged.
        index_id: which index generation gave it.
        passages: those that it quoted.
        reason: why it was found wanting, or None.
        note: the reader's own words, or "".
        question: what was asked, only where the reader agreed to send it.
        history: the conversation before it, only where the reader agreed to send it.
    """

    verdict: Verdict
    behavior: Behavior
    index_id: str
    passages: tuple[ShownPassage, ...] = ()
    reason: Reason | None = None
    note: str = ""
    question: str | None = None
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptFeedback:
    """Feedback as the store gives it back.

    Attributes:
        number: its number in the store.
        created: ISO time in UTC.
        candidate: whether it was made an evaluation candidate.
        feedback: what was sent.
    """

    number: int
    created: str
    candidate: bool
    feedback: Feedback


@dataclass(frozen=True, slots=True)
class Choice:
    """Which feedback is wanted; what is left open takes all.

    Attributes:
        verdict: only this thumb.
        reason: only with this reason.
        with_question: only where the question was sent.
        candidate: only what was, or was not, made an evaluation candidate.
        numbers: only these.
    """

    verdict: Verdict | None = None
    reason: Reason | None = None
    with_question: bool = False
    candidate: bool | None = None
    numbers: tuple[int, ...] | None = None


EVERYTHING = Choice()


def feedback_on(
    answer: Answer,
    verdict: Verdict,
    *,
    reason: Reason | None = None,
    note: str = "",
    question: str | None = None,
    history: tuple[Turn, ...] = (),
) -> Feedback:
    """Return feedback on a reply; texts are cut to what the store takes and freed of control characters.

    Args:
        answer: the reply.
        verdict: thumb up or down.
        reason: why it was found wanting, or None.
        note: the reader's own words.
        question: what was asked, None unless the reader agreed to send it.
        history: the conversation before it, empty unless the reader agreed to send it.
    """
    passages = tuple(
        ShownPassage(passage.chunk.article_id, passage.chunk.span.start, passage.chunk.span.end)
        for passage in answer.passages
        if passage.quotes
    )
    return Feedback(
        verdict=verdict,
        behavior=answer.behavior,
        index_id=answer.index_id,
        passages=passages,
        reason=reason,
        note=_storable(note, MAX_NOTE_CHARS),
        question=None if question is None else _storable(question, MAX_QUESTION_CHARS),
        history=tuple(Turn(turn.role, _storable(turn.content, MAX_QUESTION_CHARS)) for turn in history[-MAX_TURNS:]),
    )


def _storable(text: str, limit: int) -> str:
    return _NOT_STORABLE.sub("", text.strip())[:limit]
