"""Questions that ask for two things: their parts, each a question of its own."""

import regex

from rag.chain.named_things import NamedThings

MAX_PARTS = 3

MIN_PART_WORDS = 3
"""A shorter part says too little to be searched alone."""

_BETWEEN_QUESTIONS = regex.compile(
    r"[,;:.?]?\s+(?:and|or|but|while)\s+(?=(?:also\s+)?(?:what|which|how|when|where|who|why|do|does|did|is|are|can|could|"
    r"should|may|must|will|would)\b)",
    regex.IGNORECASE,
)


def parts_of(question: str, things: NamedThings) -> tuple[str, ...]:
    """Return the parts of a question that asks for several things; nothing when it asks for one.

    "What should I wear, and what may I eat?" has two questions. "Swedish or deep tissue massage: which is safer?" names
    two things of a kind: each part is the question with the other things of that kind left out.

    Args:
        question: self-contained and mended.
        things: what questions can name.
    """
    clauses = [part.strip() for part in _BETWEEN_QUESTIONS.split(question) if part and part.strip()]
    if 2 <= len(clauses) <= MAX_PARTS and all(len(part.split()) >= MIN_PART_WORDS for part in clauses):
        return tuple(clauses)
    places = things.places(question)
    rivals = [
        place
        for place in places
        if any(other[0] != place[0] and things.groups[other[0]] == things.groups[place[0]] for other in places)
    ]
    named = list(dict.fromkeys(thing for thing, _, _ in rivals))
    if not 2 <= len(named) <= MAX_PARTS:
        return ()
    return tuple(_without(question, [place for place in rivals if place[0] != thing]) for thing in named)


def _without(question: str, places: list[tuple[str, int, int]]) -> str:
    for _, start, end in reversed(places):
        question = question[:start] + question[end:]
    return " ".join(question.split())
