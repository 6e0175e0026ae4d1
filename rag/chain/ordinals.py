"""Tell which item of the last reply a reader means by "the third one"."""

import regex

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")

_MEANT = regex.compile(rf"\bthe (?:({'|'.join(_ORDINALS)})|(last))(?: (?:one|item|point|of (?:them|these|those)))?\b")

_ITEM = regex.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(.+)$", regex.MULTILINE)
_MARKS = regex.compile(r"(?:\s*\[\d+\])+")
_SEPARATOR = regex.compile(r",\s*(?:and|or)\s+|[,;]\s*|\s+(?:and|or)\s+(?=[^,;]*$)")
_COMMAS = regex.compile(r",\s*(?:and|or)\s+|[,;]\s*")
_BEFORE_ITEMS = regex.compile(r"^.*?(?::|\b(?:are|includes?|like|such as)\b)\s*(?=[^,;]*[,;])")

MAX_ITEM_WORDS = 12
"""What is longer is no item of a list."""


def resolved(text: str, reply: str) -> str:
    """Return a question with "the third one" replaced by the third item of the reply before it.

    The items are the reply's list where it has one, else the parts of its sentence with the most commas. Without such
    an item the question stays as it is, and so does a question that says what is third ("the third session").

    Args:
        text: what the reader asks.
        reply: what was said to the reader before.
    """
    meant = _MEANT.search(text.lower())
    if meant is None or _names_what(text[meant.end() :]):
        return text
    items = _items(reply)
    place = len(items) - 1 if meant[2] else _ORDINALS.index(meant[1])
    if not 0 <= place < len(items) or len(items) < 2:
        return text
    return text[: meant.start()] + items[place] + text[meant.end() :]


def _names_what(rest: str) -> bool:
    """Whether a noun follows, as far as one can tell without grammar: a word that is no verb and no preposition."""
    word = regex.match(r"\s+(\p{L}+)", rest)
    return word is not None and word[1].lower() not in _AFTER_A_PRONOUN


_AFTER_A_PRONOUN = frozenset(
    "is are was were do does did can could should would will may might must has have had treated done called used made "
    "for to in on at with by and or but mean means work works help helps feel feels look looks sound sounds again then "
    "like safe good bad better worse best about exactly please too also instead".split()
)


def _items(reply: str) -> list[str]:
    plain = _MARKS.sub("", reply)
    listed = [item.strip(" .;") for item in _ITEM.findall(plain)]
    if len(listed) >= 2:
        return listed
    sentences = [sentence.strip(" .!?") for sentence in regex.split(r"(?<=[.!?])\s+|\n+", plain)]
    richest = max(sentences, key=lambda sentence: sentence.count(",") + sentence.count(";"), default="")
    commas = _COMMAS if regex.search(r",\s*(?:and|or)\s", richest) else _SEPARATOR
    items = [item.strip() for item in commas.split(_BEFORE_ITEMS.sub("", richest)) if item.strip()]
    return items if all(len(item.split()) <= MAX_ITEM_WORDS for item in items) else []
