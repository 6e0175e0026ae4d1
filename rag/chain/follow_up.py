"""Make a follow-up question self-contained, so that it can be searched without the conversation."""

from dataclasses import dataclass

import regex

from rag.chain.named_things import load_named_things
from rag.chain.ordinals import resolved
from rag.retrieve.terms import stems
from rag.types import Question, Role

FEW_TELLING_WORDS = 4
"""A question with no more telling words, and none that names a thing, usually continues the one before it. Chosen on
the training half, 2026-11-22: with the two meanings added up (`HybridRetriever.prepare`) 0.89 of its follow-ups get
every fact, 0.76 before; of 250 questions put after one on another subject 0.70 do, 0.72 when all are searched alone."""

SOME_TELLING_WORDS = 6
"""With more than these, "it" stands for something in the question itself."""

_CONTINUES = regex.compile(
    r"^\W*(?:and|but|or|so|also|what about|how about|what if|why(?: not)?\s*\??$|which one|the (?:first|second|third|"
    r"last|other)|same (?:for|with)|is (?:it|that|this|she|he)|does (?:it|that|this)|can (?:it|that|they))\b",
    regex.IGNORECASE,
)
_PUTS_IN_PLACE = regex.compile(r"^\W*(?:and|or|but|what about|how about|same (?:for|with))\b", regex.IGNORECASE)
_POINTS_BACK = regex.compile(
    r"\b(?:it|its|they|them|those|that one|this one|these|the (?:first|second|third|fourth|last|other|same)(?: one)?|"
    r"instead|as well|too|either)\b",
    regex.IGNORECASE,
)
_WHAT_IS = regex.compile(
    r"^\W*what(?:['’]s| is| are) (?:an? )?(?!(?:the|its?|that|this|they|these|those)\b)[\p{L}-]+\W*$", regex.IGNORECASE
)
_THANKS = regex.compile(r"^\W*(?:thanks?|thank you|ok(?:ay)?|hi|hello|hey|cheers)\W*$", regex.IGNORECASE)
_MARKS = regex.compile(r"\s*\[\d+\]")
_BETWEEN_SENTENCES = regex.compile(r"\s*\n+(?:- )?|(?<=[.!?])\s+")

MAX_SAID = 8
"""Sentences of the last reply that are looked at."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that continues the one before it.

    Attributes:
        text: self-contained: the earlier question, then this one.
        latest: this one alone.
        said: the sentences of the reply in between, which the reader need not get again.
    """

    text: str
    latest: str
    said: tuple[str, ...] = ()


def search_text(question: Question) -> str:
    """Return what to search for: the question, preceded by the reader's last one when it continues that."""
    found = follow_up(question)
    return found.text if found else question.text


def follow_up(question: Question) -> FollowUp | None:
    """Return a question with the one that it continues, or None when it stands alone.

    Answers given before are left out of the text: what was said to the reader must not feed the next answer, except
    that "the third one" stands for the third thing that was named there. "And massage?" after a question on acupuncture
    asks about massage, so a thing that is put in the place of another drops that one.
    """
    before = [turn.content for turn in question.history if turn.role is Role.USER and not _THANKS.match(turn.content)]
    if not before or not continues(question.text):
        return None
    reply = next((turn.content for turn in reversed(question.history) if turn.role is Role.ASSISTANT), "")
    earlier, latest = before[-1].strip(), resolved(question.text.strip(), reply)
    if _PUTS_IN_PLACE.match(latest):
        earlier = load_named_things().replaced(earlier, latest)
    said = tuple(part for part in _BETWEEN_SENTENCES.split(_MARKS.sub("", reply)) if part.strip())
    return FollowUp(f"{earlier} {latest}", latest, said[:MAX_SAID])


def continues(text: str) -> bool:
    """Return whether a question leans on the one before it."""
    if _THANKS.match(text) or _WHAT_IS.match(text):
        return False
    if _CONTINUES.match(text):
        return True
    telling = len(set(stems(text)))
    if telling <= SOME_TELLING_WORDS and _POINTS_BACK.search(text):
        return True
    return telling <= FEW_TELLING_WORDS and not load_named_things().in_text(text)
