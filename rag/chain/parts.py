"""Questions that ask for two things: their parts, each a question of its own."""

import regex

from rag.chain.named_things import NamedThings

MAX_PARTS = 3

MIN_PART_WORDS = 3
"""A shorter part says too little to be searched alone."""

_FLAGS = regex.IGNORECASE

_BETWEEN_QUESTIONS = regex.compile(
    r"[,;:.?]?\s+(?:and|or|but|while)\s+(?=(?:also\s+)?(?:(?:on|in|at|for|to|from|with|by|about|until|since|of|under)\s+)?"
    r"(?:what|which|how|when|where|who|whom|why|do|does|did|is|are|can|could|should|may|must|will|would)\b)",
    _FLAGS,
)
_SETTING = regex.compile(
    r"^([^:?]{3,60}):\s+(?=.*\b(?:what|which|how|when|where|who|why|may|can|should|is|are|do)\b)", _FLAGS
)
"""What stands before a colon holds for both questions after it: "Pregnant with back pain: how …, and may I …?"."""

_DIFFERENCE = regex.compile(
    r"\b(?:differences?|compare[ds]?|comparison)\b(?:\s+(?:is|are|there))?(?:\s+between)?\s+(?P<one>[^?,;]+?)\s+"
    r"(?:and|with|to|versus|vs\.?)\s+(?P<other>[^?,;:]+)|"
    r"^\W*(?:how (?:does|do|is|are) )?(?P<one>[^?,;:]+?)\s+(?:versus|vs\.?|differ(?:ent)? from)\s+(?P<other>[^?,;:]+)",
    _FLAGS,
)
MAX_THING_WORDS = 6
"""What is longer is no name of a thing to compare."""

_EACH_OF = regex.compile(
    r"^\W*(?P<things>[^:?]+?)\s*:\s*(?P<asked>[^?]*\b(?:each|both|either|them|these|one)\b[^?]*\??)", _FLAGS
)
_BETWEEN_THINGS = regex.compile(r",\s*(?:and|or)\s+|,\s*|\s+(?:and|or)\s+", _FLAGS)


def parts_of(question: str, things: NamedThings) -> tuple[str, ...]:
    """Return the parts of a question that asks for several things; nothing when it asks for one.

    "What should I wear, and what may I eat?" has two questions. "What is the difference between A and B?" asks what
    each is. "Cotton and wool: what is said of each?" asks the same of each. "Swedish or deep tissue massage: which is
    safer?" names two things of a kind: each part is the question with the other things of that kind left out.

    Args:
        question: self-contained and mended.
        things: what questions can name.
    """
    for split in (_clauses, _differing, _each):
        parts = split(question)
        if 2 <= len(parts) <= MAX_PARTS:
            return parts
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


def _clauses(question: str) -> tuple[str, ...]:
    """Questions that "and", "or" or "but" joins, each with what the question opens with for both."""
    setting = _SETTING.match(question)
    rest = question[setting.end() :] if setting else question
    clauses = [part.strip() for part in _BETWEEN_QUESTIONS.split(rest) if part and part.strip()]
    if any(len(part.split()) < MIN_PART_WORDS for part in clauses):
        return ()
    return tuple(f"{setting[1]}: {part}" if setting else part for part in clauses)


def _differing(question: str) -> tuple[str, ...]:
    """What each of two things is, for a question that compares them."""
    found = _DIFFERENCE.search(question)
    named = (found["one"].strip(), found["other"].strip()) if found else ()
    if any(not name or len(name.split()) > MAX_THING_WORDS for name in named):
        return ()
    return tuple(f"What is {name}?" for name in named)


def _each(question: str) -> tuple[str, ...]:
    """The same question about each of the things named before a colon."""
    found = _EACH_OF.match(question)
    if found is None:
        return ()
    named = [name for name in _BETWEEN_THINGS.split(found["things"]) if name.strip()]
    if any(len(name.split()) > MAX_THING_WORDS for name in named):
        return ()
    return tuple(f"{name.strip()}: {found['asked']}" for name in named)


def _without(question: str, places: list[tuple[str, int, int]]) -> str:
    for _, start, end in reversed(places):
        question = question[:start] + question[end:]
    return " ".join(question.split())
