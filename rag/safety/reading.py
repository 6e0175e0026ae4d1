"""Turn what a person typed into words, sentences and breaks that rules can work on.

Apostrophes, accents, emoji and stretched letters go; numbers are split from letters; short forms of
text speak are spelled out. Punctuation survives as the strength of the break before each word.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

MAX_CHARACTERS = 2_500
"""Characters read from each end of a long message: the sign is at the start or the end of a story."""

HUGE = 20_000
"""Longer than this is no story but something pasted."""

HUGE_END = 600
"""Characters read from each end of such a message, to answer it as fast as any other."""

LONG = 400
"""Characters from which a text is looked through for repetition."""

REPEATED = 6
"""Words in a row that, once read, are not read again: a text pasted many times over tells no more than once."""

_PIECE = re.compile(r"\S+\s*")
_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|[.!?…\n]+|[,;:()\[\]–—\"]|\s-+\s|[/+&]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_BODY_IS = re.compile(
    r"\b(leg|foot|calf|arm|face|back|hand|knee|ankle|thigh|shin|toe|tongue|throat|chest|belly|tummy|stomach|head|"
    r"bladder|bum|bottom|groin|skin|spine|neck|lip|heart|breathing|speech|smile|mouth|eye)'s\b"
)
"""Body parts whose "'s" means "is": "leg's swollen" must not read as two legs."""
_SYMBOL_WORDS = {"+": "and", "&": "and"}
_NUMBER_WORDS = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0}


class Break(IntEnum):
    """How strongly a word is set apart from the one before it."""

    NONE = 0
    COMMA = 1
    CLAUSE = 2
    SENTENCE = 3


@dataclass(frozen=True, slots=True)
class Message:
    """One message as words.

    Attributes:
        words: lower case, without apostrophes or accents.
        breaks: for each word, the break before it; the first word has `Break.SENTENCE`.
        sentence_of: for each word, the number of its sentence, from 0.
        numbers: for each word, its value when it is a number, else None.
        asks: for each sentence, whether it ends in a question mark.
        source: for each word, the position in `text` where it starts.
        text: the part of the message that was read, normalised.
    """

    words: tuple[str, ...]
    breaks: tuple[Break, ...]
    sentence_of: tuple[int, ...]
    numbers: tuple[float | None, ...]
    asks: tuple[bool, ...]
    source: tuple[int, ...]
    text: str

    @property
    def sentence_count(self) -> int:
        """Number of sentences with at least one word."""
        return len(self.asks)


def trim(text: str) -> str:
    """Return the part of a text that is read.

    That is all of it, or its first and last characters when it is longer than twice `MAX_CHARACTERS`; in any case
    without what repeats itself word for word.
    """
    if len(text) > 2 * MAX_CHARACTERS:
        end = HUGE_END if len(text) > HUGE else MAX_CHARACTERS
        text = text[:end] + "\n" + text[-end:]
    return _once(text)


def _once(text: str) -> str:
    """Return a text without the rows of `REPEATED` words that it has held before."""
    if len(text) < LONG:
        return text
    pieces = _PIECE.findall(text)
    words = [piece.rstrip() for piece in pieces]
    seen: set[tuple[str, ...]] = set()
    again = 0  # the word before which everything has been read already
    kept = []
    for at, piece in enumerate(pieces):
        row = tuple(words[at : at + REPEATED])
        if len(row) == REPEATED:
            again = at + REPEATED if row in seen else again
            seen.add(row)
        if at >= again:
            kept.append(piece)
    return "".join(kept) if len(kept) < len(pieces) else text


def plain(text: str) -> str:
    """Return the trimmed text in lower case, with plain quotes, no accents and no invisible characters."""
    lowered = unicodedata.normalize("NFKC", trim(text)).lower()
    lowered = lowered.replace("’", "'").replace("‘", "'").replace("´", "'").replace("`", "'")
    if not lowered.isascii():
        decomposed = unicodedata.normalize("NFD", lowered)
        lowered = "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf"))
    lowered = _BODY_IS.sub(r"\1 is", lowered)
    return _STRETCHED.sub(r"\1\1", lowered.replace("'", ""))


def read_message(text: str, short_forms: Mapping[str, str] | None = None) -> Message:
    """Return a message as words with breaks.

    Args:
        text: what the person typed, of any length and in any script.
        short_forms: spellings to replace, each by one or more words ("dnt" by "dont").
    """
    forms = short_forms or {}
    clean = plain(text)
    words: list[str] = []
    breaks: list[Break] = []
    sentence_of: list[int] = []
    source: list[int] = []
    asks: list[bool] = []
    pending = Break.SENTENCE
    for match in _WORD.finditer(clean):
        token = match.group()
        if not token[0].isalnum() and token not in _SYMBOL_WORDS:
            pending = max(pending, _break_of(token))
            if "?" in token and asks:
                asks[-1] = True
            continue
        if pending is Break.SENTENCE:
            asks.append(False)
        for word in forms.get(token, _SYMBOL_WORDS.get(token, token)).split():
            words.append(word)
            breaks.append(pending)
            sentence_of.append(len(asks) - 1)
            source.append(match.start())
            pending = Break.NONE
    numbers = tuple(_value(word) for word in words)
    return Message(tuple(words), tuple(breaks), tuple(sentence_of), numbers, tuple(asks), tuple(source), clean)


def _break_of(mark: str) -> Break:
    """Return how strongly a punctuation mark sets words apart."""
    if mark == "/":
        return Break.NONE
    if mark in (",", '"', "(", ")", "[", "]"):
        return Break.COMMA
    if mark.strip() in (";", ":", "–", "—", "-") or mark.strip().startswith("-"):
        return Break.CLAUSE
    if mark == "…" or (mark.startswith("..") and "\n" not in mark):
        return Break.CLAUSE
    return Break.SENTENCE


def _value(word: str) -> float | None:
    """Return the value of a number word or of digits, else None."""
    if word[0].isdigit():
        try:
            return float(word)
        except ValueError:
            return None
    return _NUMBER_WORDS.get(word)
