"""Numbers with their units, and whether a passage holds those of a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from rag.chain.writing.words import tokens
from rag.retrieve.terms import stems

_NUMBER_WORDS = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0, "ninety": 90.0}
_NUMBER_WORDS |= {"hundred": 100.0, "thousand": 1000.0, "million": 1e6, "dozen": 12.0}
_NUMBER_WORDS |= {"once": 1.0, "twice": 2.0, "double": 2.0, "half": 0.5, "quarter": 0.25}
_ORDINALS = {
    word: float(value)
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}
ORDINAL = "ordinal"
"""The unit of a place in an order: the third month is not three months."""

UNIT_WITHIN = 4
"""A unit stands at most this many words after its number: "15 to 20 minutes", "two back pain trials"."""

COUNTED_WORDS = 2
"""Words after a number that say what is counted."""

YEARS = range(1900, 2100)
"""Whole numbers that are mostly years, which count nothing."""

_JOINS = frozenset({"to", "or", "and", "of", "-"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text.

    Attributes:
        value: the number.
        unit: name of its unit, None when there is none near.
        counted: stems of the next words, which say what is counted; empty for a year.
    """

    value: float
    unit: str | None
    counted: frozenset[str] = frozenset()


def quantities(text: str, units: Mapping[str, str]) -> list[Quantity]:
    """Return the numbers of a text with their units, in order.

    Args:
        text: a sentence or a passage.
        units: for each written unit its name.
    """
    words = tokens(text.replace("%", " % "))
    found = []
    for place, word in enumerate(words):
        if word in _ORDINALS:
            found.append(Quantity(_ORDINALS[word], ORDINAL))
        value = _value(word)
        if value is None:
            continue
        unit = None
        for near in words[place + 1 : place + 1 + UNIT_WITHIN]:
            if near in units:
                unit = units[near]
                break
            if _value(near) is not None and words[place + 1] not in _JOINS:
                break
        if word != "one" or unit is not None:  # "one of them" is no number
            found.append(Quantity(value, unit, _counted(words[place + 1 :], value, units)))
    return found


def holds(passage: list[Quantity], wanted: Quantity) -> bool:
    """Return whether a passage holds a quantity: the same number of the same unit and the same things.

    Where the passage counts what the sentence counts, it must be with this number: of two shares, each stays with its
    own group.
    """
    named = wanted.counted & frozenset().union(*(one.counted for one in passage))
    return any(
        one.value == wanted.value
        and (not named or bool(named & one.counted))
        and (one.unit == wanted.unit or (ORDINAL not in (one.unit, wanted.unit) and None in (one.unit, wanted.unit)))
        for one in passage
    )


def _counted(after: Sequence[str], value: float, units: Mapping[str, str]) -> frozenset[str]:
    if value in YEARS:
        return frozenset()
    following = list(takewhile(lambda word: _value(word) is None, after))
    return frozenset(stems(" ".join(word for word in following if word not in units))[:COUNTED_WORDS])


def _value(word: str) -> float | None:
    if word in _NUMBER_WORDS:
        return _NUMBER_WORDS[word]
    try:
        return float(word.replace(",", "")) if word[0].isdigit() else None
    except ValueError:
        return None
