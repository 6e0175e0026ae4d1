"""Make a follow-up question self-contained, so that it can be searched without the conversation."""

import regex

from rag.chain.named_things import load_named_things
from rag.types import Question, Role

SHORT_QUESTION_WORDS = 5
"""A question this short after another one usually continues it."""

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
_THANKS = regex.compile(r"^\W*(?:thanks?|thank you|ok(?:ay)?|hi|hello|hey|cheers)\W*$", regex.IGNORECASE)


def search_text(question: Question) -> str:
    """Return what to search for: the question, preceded by the reader's last one when it continues that.

    Answers given before are left out: what was said to the reader must not feed the next answer. "And massage?" after a
    question on acupuncture asks about massage, so a thing that is put in the place of another drops that one.
    """
    before = [turn.content for turn in question.history if turn.role is Role.USER]
    if not before or not continues(question.text):
        return question.text
    for earlier in reversed(before):
        if not _THANKS.match(earlier):
            if _PUTS_IN_PLACE.match(question.text):
                earlier = load_named_things().replaced(earlier, question.text)
            return f"{earlier.strip()} {question.text.strip()}"
    return question.text


def continues(text: str) -> bool:
    """Return whether a question leans on the one before it."""
    if _THANKS.match(text):
        return False
    return bool(_CONTINUES.match(text) or _POINTS_BACK.search(text)) or len(text.split()) <= SHORT_QUESTION_WORDS
