"""Put a reader's words into the words that articles use: text speak, misspellings, lay words."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import regex

from rag.errors import SettingsError
from rag.index.query_words import stem_of
from rag.index.stop_words import STOP_WORDS
from rag.retrieve.spelling import Speller

LAY_WORDS_FILE = "lay_words.csv"
TEXT_SPEAK_FILE = "text_speak.csv"
COLUMNS = 2

MAX_PHRASE_WORDS = 4
"""Longest lay phrase that is looked for."""

_TOKEN = regex.compile(r"w/o?(?!\p{L})|[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*|[^\p{L}\p{N}]+")


@dataclass(frozen=True, slots=True)
class LayWords:
    """Which words articles use for readers' words.

    Attributes:
        phrases: article words by lay word or phrase: lower case, no apostrophes, spaces for hyphens.
        stems: article words by the stem of a single lay word, for its other forms.
        text_speak: the full word by its short form.
    """

    phrases: Mapping[str, tuple[str, ...]]
    stems: Mapping[str, tuple[str, ...]]
    text_speak: Mapping[str, str]

    @classmethod
    def of(cls, phrases: Mapping[str, tuple[str, ...]], text_speak: Mapping[str, str]) -> "LayWords":
        """Return the lay words with their stems."""
        stems = {stem_of(lay): article for lay, article in phrases.items() if " " not in lay}
        return cls(phrases, stems, text_speak)


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in several wordings.

    Attributes:
        mended: with text speak written out and misspellings mended.
        translated: mended, with lay words replaced by article words, or followed by them where the collection uses
            both; equal to `mended` when it has none.
        added: the article words that came in.
        lay: stems of the lay words that were replaced.
    """

    mended: str
    translated: str
    added: tuple[str, ...] = ()
    lay: frozenset[str] = frozenset()

    @property
    def forms(self) -> tuple[str, str]:
        """What is embedded of it."""
        return self.mended, self.translated


@cache
def load_lay_words() -> LayWords:
    """Return the lay words that ship with the package.

    Raises:
        SettingsError: a file is malformed.
    """
    lay = {one: tuple(part.strip() for part in other.split(";")) for one, other in _rows(LAY_WORDS_FILE)}
    return LayWords.of(lay, dict(_rows(TEXT_SPEAK_FILE)))


def _rows(name: str) -> list[tuple[str, str]]:
    """The rows of a file of two columns, without its header."""
    text = resources.files("rag.retrieve").joinpath("data", name).read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))
    for number, row in enumerate(rows, start=1):
        if len(row) != COLUMNS or not all(cell.strip() for cell in row):
            raise SettingsError(f"{name}:{number}: expected two columns, the reader's word and the articles' word")
    return [(row[0], row[1]) for row in rows[1:]]


def reword(question: str, speller: Speller, lay: LayWords | None = None) -> Wording:
    """Return a question as articles would word it.

    Args:
        question: what a reader wrote.
        speller: mends misspelt words.
        lay: lay words; None takes those that ship with the package.
    """
    lay = lay or load_lay_words()
    tokens = _TOKEN.findall(question)
    mended = [_mended(token, speller, lay) for token in tokens]
    words = _Words.of(tokens, mended)
    translated: list[str] = []
    added: list[str] = []
    replaced: set[str] = set()
    place = 0
    while place < len(tokens):
        end, article = _longest(words, place, lay, speller)
        if article:
            own = _known(mended[place:end], speller)
            translated.append(" ".join((own, *article)) if own else " ".join(article))
            added.extend(article)
            if not own:
                replaced |= {stem_of(_plain(word)) for word in mended[place:end]}
        else:
            translated.append(mended[place])
        place = end
    return Wording("".join(mended), "".join(translated), tuple(dict.fromkeys(added)), frozenset(replaced))


def _plain(word: str) -> str:
    """A word as the keys are written: lower case, no apostrophe."""
    return word.lower().replace("’", "").replace("'", "")


def _mended(token: str, speller: Speller, lay: LayWords) -> str:
    """A word in full and well spelt; anything else as it is."""
    if not token[0].isalnum():
        return token
    word = _plain(token)
    short = lay.text_speak.get(token.lower()) or lay.text_speak.get(word)
    if short is not None:
        return short
    if word in lay.phrases or stem_of(word) in lay.stems:
        return token
    meant = speller.mend(word)
    return token if meant == word else meant


def _known(mended: list[str], speller: Speller) -> str:
    """A lay phrase whose telling words the collection uses too, however rarely; else nothing.

    Such a phrase is kept beside its translation: "swim" finds the one passage on swimming, "water exercise" others.
    """
    words = [word for token in mended for word in _plain(token).split() if word[:1].isalnum()]
    telling = [word for word in words if word not in STOP_WORDS]
    known = bool(telling) and all(speller.reader.passages.passages_with(stem_of(word)) for word in telling)
    return "".join(mended) if known else ""


@dataclass(frozen=True, slots=True)
class _Words:
    """The words among the tokens of a question.

    Attributes:
        places: the token that each is.
        order: which of them a token is.
        written: each as keys are written.
        spelt: the same of the mended words.
    """

    places: list[int]
    order: dict[int, int]
    written: list[str]
    spelt: list[str]

    @classmethod
    def of(cls, tokens: list[str], mended: list[str]) -> "_Words":
        places = [place for place, token in enumerate(tokens) if token[0].isalnum()]
        return cls(
            places,
            {place: order for order, place in enumerate(places)},
            [_plain(tokens[place]) for place in places],
            [_plain(mended[place]) for place in places],
        )


def _longest(words: _Words, place: int, lay: LayWords, speller: Speller) -> tuple[int, tuple[str, ...]]:
    """The longest lay phrase that starts at a token: where it ends, and the article words for it."""
    start = words.order.get(place)
    if start is None:
        return place + 1, ()
    for end in range(min(start + MAX_PHRASE_WORDS, len(words.places)), start, -1):
        spelt = " ".join(words.spelt[start:end])
        if end == start + 1 and speller.is_common(stem_of(spelt)):
            break
        article = lay.phrases.get(" ".join(words.written[start:end])) or lay.phrases.get(spelt)
        if end == start + 1:
            article = article or lay.stems.get(stem_of(spelt))
        if article:
            return words.places[end - 1] + 1, article
    return place + 1, ()
