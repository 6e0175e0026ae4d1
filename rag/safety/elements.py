"""The elements that concept patterns are written in, and how a pattern's text becomes elements.

A pattern is a row of elements separated by blanks:

    word        this word                       word*       a word that starts so
    a/b/c       one of these                    <name>      another concept
    ..  ..5     up to 3 (or 5) words between    ~  ~5       the same, but no joining word among them
    word?       may be left out                 !a/b        the next word is none of these
    -!a/b       the word before the whole pattern is none of these
    num:3-9     a number from 3 to 9

Neither words nor gaps reach across punctuation.
"""

import re
from dataclasses import dataclass
from functools import cache

from rag.errors import SafetyDataError


@dataclass(frozen=True, slots=True)
class Element:
    """One compiled element of a pattern."""

    kind: str
    words: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    optional: bool = False


_NUMBER = re.compile(r"num:(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_GAP = re.compile(r"(\.\.|~)(\d*)")
_PART = re.compile(r"<[a-z0-9_]+>|[a-z0-9.]+\*?")


def compile_pattern(name: str, pattern: str) -> tuple[Element, ...]:
    """Return the elements of one pattern.

    Args:
        name: of the concept, for messages.
        pattern: its text.

    Raises:
        SafetyDataError: the text is malformed or starts with a gap.
    """
    parts = pattern.split()
    if "-!" in pattern:
        parts.sort(key=lambda part: not part.startswith("-!"))
    try:
        elements = tuple([_element(part) for part in parts])
    except ValueError as error:
        raise SafetyDataError(f"concepts: {name}: {pattern!r}: {error} is not a word or <concept>") from None
    first = next((e for e in elements if e.kind != "behind"), None)
    if first is None or first.kind not in ("any", "number") or first.optional:
        raise SafetyDataError(f"concepts: {name}: {pattern!r} must start with a word, a concept or num:")
    return elements


@cache
def _element(part: str) -> Element:
    """Return one element; thousands of patterns are written in few different ones.

    Raises:
        ValueError: an option is malformed; the error holds it.
    """
    if part.isascii() and part.isalpha() and part.islower():
        return Element("any", frozenset((part,)))
    if gap := _GAP.fullmatch(part):
        return Element("gap" if gap[1] == ".." else "close", high=float(gap[2] or 3))
    if number := _NUMBER.fullmatch(part):
        return Element("number", low=float(number[1]), high=float(number[2]))
    kind, optional = "any", part.endswith("?")
    part = part.removesuffix("?")
    for prefix, other in (("-!", "behind"), ("!", "ahead")):
        if part.startswith(prefix):
            kind, part = other, part.removeprefix(prefix)
            break
    words, prefixes, concepts = set(), [], []
    for option in part.split("/"):
        if not _PART.fullmatch(option):
            raise ValueError(repr(option))
        if option.startswith("<"):
            concepts.append(option[1:-1])
        elif option.endswith("*"):
            prefixes.append(option[:-1])
        else:
            words.add(option)
    return Element(kind, frozenset(words), tuple(prefixes), tuple(concepts), optional=optional)
