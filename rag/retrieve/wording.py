"""Put a reader's words into the words that articles use: text speak, misspellings, lay words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import regex
import yaml

from rag.errors import SettingsError
from rag.retrieve.spelling import Speller
from rag.retrieve.terms import stem_of

LAY_WORDS_FILE = "lay_words.yaml"

MAX_PHRASE_WORDS = 4
"""Longest lay phrase that is looked for."""

_TOKEN = regex.compile(r"w/o?(?!\p{L})|[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*|[^\p{L}\p{N}]+")


@dataclass(frozen=True, slots=True)
class LayWords:
    """Which words articles use for readers' words.

    Attributes:
        phrases: article words by lay word or phrase: lower case, no apostrophes, spaces for hyphens.
        stems: article words by the stem of a single lay word.
        text_speak: the full word by its short form.
    """

    phrases: Mapping[str, tuple[str, ...]]
    stems: Mapping[str, tuple[str, ...]]
    text_speak: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in several wordings.

    Attributes:
        mended: with text speak written out and misspellings mended.
        translated: mended, with lay words replaced by article words; equal to `mended` when it has none.
        added: the article words that came in.
        lay: stems of the lay words that were replaced.
    """

    mended: str
    translated: str
    added: tuple[str, ...] = ()
    lay: frozenset[str] = frozenset()


@cache
def load_lay_words() -> LayWords:
    """Return the lay words that ship with the package.

    Raises:
        SettingsError: the file is malformed.
    """
    try:
        text = resources.files("rag.retrieve").joinpath("data", LAY_WORDS_FILE).read_text(encoding="utf-8")
        data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
        phrases = {str(lay): tuple(str(word) for word in article) for lay, article in data["words"].items()}
        text_speak = {str(short): str(full) for short, full in data["text_speak"].items()}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"{LAY_WORDS_FILE} is malformed; expected 'words' and 'text_speak' mappings") from error
    stems = {stem_of(lay): article for lay, article in phrases.items() if " " not in lay}
    return LayWords(phrases, stems, text_speak)


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
    words = [place for place, token in enumerate(tokens) if token[0].isalnum()]
    translated: list[str] = []
    added: list[str] = []
    replaced: set[str] = set()
    place = 0
    while place < len(tokens):
        end, article = _longest(tokens, mended, words, place, lay, speller)
        if article:
            translated.append(" ".join(article))
            added.extend(article)
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


def _longest(
    tokens: list[str], mended: list[str], words: list[int], place: int, lay: LayWords, speller: Speller
) -> tuple[int, tuple[str, ...]]:
    """The longest lay phrase that starts at a token: where it ends, and the article words for it."""
    if place not in words:
        return place + 1, ()
    start = words.index(place)
    for count in range(min(MAX_PHRASE_WORDS, len(words) - start), 0, -1):
        places = words[start : start + count]
        for form in (tokens, mended):
            article = lay.phrases.get(" ".join(_plain(form[at]) for at in places))
            if article and not (count == 1 and speller.is_common(stem_of(_plain(form[place])))):
                return places[-1] + 1, article
    stem = stem_of(_plain(mended[place]))
    return place + 1, () if speller.is_common(stem) else lay.stems.get(stem, ())
