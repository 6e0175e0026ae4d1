"""What to say when the articles do not cover a question."""

from collections.abc import Sequence

import regex

from rag.types import Hit

NEAR_COSINE = 0.32
"""A passage below this is not near enough to be offered as a topic."""

MAX_TOPICS = 3

_ASKS = {
    "A pharmacist or the prescriber can answer questions about medicines, amounts and side effects.": regex.compile(
        r"\b(?:dos(?:e|es|age)|mg|milligrams?|tablets?|pills?|medicines?|medications?|drugs?|ibuprofen|naproxen|"
        r"paracetamol|acetaminophen|tylenol|gabapentin|pregabalin|codeine|opioids?|prescri\w+|cream|gel|supplements?|"
        r"vitamins?)\b",
        regex.IGNORECASE,
    ),
    "The clinic, the therapist or your insurer can tell you about prices, cover and bookings.": regex.compile(
        r"\b(?:cost|costs|price|prices|pricey|expensive|cheap|fee|fees|pay|charge|insur\w+|cover(?:ed)? by|medicare|"
        r"medicaid|book|booking|near me|opening hours|how much (?:is|does|do|for))\b",
        regex.IGNORECASE,
    ),
    "A doctor or physiotherapist who can examine you is the one to ask what you have.": regex.compile(
        r"\b(?:do i have|have i got|diagnos\w+|my (?:scan|mri|x-?ray|results?|blood test)|what(?:'s| is) wrong with)\b",
        regex.IGNORECASE,
    ),
}
_ANYONE = "A pharmacist, doctor or physiotherapist can help with questions about your health."


def nearest_topics(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return titles of the articles that are really near the question, nearest first; perhaps none."""
    near = [hit for hit in hits if hit.cosine is not None and hit.cosine >= NEAR_COSINE]
    near.sort(key=lambda hit: -(hit.cosine or 0.0))
    return tuple(dict.fromkeys(hit.chunk.title for hit in near))[:MAX_TOPICS]


def abstention_sentences(
    question: str, topics: Sequence[str], *, ask: str | None = None, says: str | None = None
) -> tuple[str, ...]:
    """Return the sentences of an abstention: not covered here, the nearest topics, who could answer.

    Args:
        question: what was asked.
        topics: titles of the nearest articles, perhaps none.
        ask: who can answer, where that is known already.
        says: what to open with in place of "not covered".
    """
    sentences = [says or "These articles do not cover that question."]
    if topics:
        names = "; ".join(f"“{topic}”" for topic in topics)
        sentences.append(f"The nearest topics that they do cover are: {names}.")
    sentences.append(ask or next((who for who, asks in _ASKS.items() if asks.search(question)), _ANYONE))
    return tuple(sentences)
