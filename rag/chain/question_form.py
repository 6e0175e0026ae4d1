"""Tell the form of a question: what interrogative it opens with, and whether it asks for a quantity."""

import regex

_FLAGS = regex.IGNORECASE

_QUANTITY = regex.compile(
    r"\bhow (?:many|often|long|fast|far|soon|big|wide|deep|high|old|hot|cold|heavy)\b|"
    r"\bhow much\b(?! (?:pressure|force|strength|difference|good|benefit|help|evidence|pain|relief)\b)|"
    r"\bwhat (?:percentage|percent|share|proportion|time|speed|number|size|age|week)\b|\bat what\b|\bwhich week\b",
    _FLAGS,
)
_NUMBER = regex.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|third|quarter|dozen|most|few|many|daily|weekly|"
    r"monthly|once|twice|every|each)\b",
    _FLAGS,
)
_PERSON = regex.compile(
    r"^\W*who(?:se)?\b|\bwho (?:was|is|were|invented|wrote|first|funded|discovered|made|came|named)\b", _FLAGS
)
_YEAR = regex.compile(r"\b(?:what|which) year\b|\bwhen (?:was|were|did)\b", _FLAGS)
_ONE_OF_A_KIND = regex.compile(
    r"^\W*(?:which|what) (?!(?:is|are|was|were|does|do|did|can|should|could|happens|if|about|makes|causes|helps|kinds?|"
    r"types?|sort|sorts)\b)\p{L}+",
    _FLAGS,
)
_HOW_TO = regex.compile(r"\bhow (?:do|can|should|would) (?:i|you|we|one)\b", _FLAGS)
_WHETHER = regex.compile(r"^\W*(?:is|are|can|could|should|do|does|did|will|would|may|must|has|have|am)\b", _FLAGS)
_PROPER_NAME = regex.compile(r"(?<=[\p{Ll}\p{N},;:'’)] )\p{Lu}[\p{L}\p{N}'’-]+")
_NO_NAME = frozenset({"i", "i'm", "i've", "i'd", "i'll", "gp", "nhs", "mri", "ct", "er", "a&e", "uk", "us", "usa"})


def asks_for_quantity(question: str) -> bool:
    """Return whether a number, a share, a time or a size is asked for."""
    return bool(_QUANTITY.search(question))


def holds_quantity(text: str) -> bool:
    """Return whether a text holds a number, in digits or in words."""
    return bool(_NUMBER.search(text))


def asks_for_person(question: str) -> bool:
    """Return whether it is asked who somebody is or who did something."""
    return bool(_PERSON.search(question))


def asks_for_year(question: str) -> bool:
    """Return whether it is asked when something happened."""
    return bool(_YEAR.search(question))


def asks_for_one_of_a_kind(question: str) -> bool:
    """Return whether it is asked which thing of a named kind: "which artery …", "what speed …"."""
    return bool(_ONE_OF_A_KIND.search(question))


def asks_how_to(question: str) -> bool:
    """Return whether it is asked how the reader does something."""
    return bool(_HOW_TO.search(question))


def asks_whether(question: str) -> bool:
    """Return whether it is a yes-or-no question."""
    return bool(_WHETHER.match(question))


def proper_names(question: str) -> tuple[str, ...]:
    """Return capitalised words inside the question's sentences, in order; none of a question in capitals.

    Common short forms (GP, MRI) are no names.
    """
    if question.isupper():
        return ()
    names = dict.fromkeys(match[0].removesuffix("'s").removesuffix("’s") for match in _PROPER_NAME.finditer(question))
    return tuple(name for name in names if name.lower().replace("’", "'") not in _NO_NAME)
