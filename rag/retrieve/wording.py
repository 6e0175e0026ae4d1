"""Put a reader's words into the words that articles use: text speak, misspellings, lay words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import regex
import yaml

from rag.errors import SettingsError
from rag.retrieve.spelling import Speller

LAY_WORDS_FILE = "lay_words.yaml"

MAX_PHRASE_WORDS = 4
"""Longest lay phrase that is looked for."""

_TOKEN = regex.compile(r"[\p{L}\p{N}]+(?:['’/][\p{L}\p{N}]*)*|[^\p{L}\p{N}]+")


@dataclass(frozen=True, slots=True)
class LayWords:
    """Which words articles use for readers' words.

    Attributes:
        words: article words by lay word or phrase, lower case.
        text_speak: the full word by its short form, lower case.
    """

    words: Mapping[str, tuple[str, ...]]
    text_speak: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in several wordings.

    Attributes:
        mended: with text speak written out and misspellings mended.
        translated: mended, with lay words replaced by article words; equal to `mended` when it has none.
        added: the article words that came in.
    """

    mended: str
    translated: str
    added: tuple[str, ...]


@cache
def load_lay_words() -> LayWords:
    """Return the lay words that ship with the package.

    Raises:
        SettingsError: the file is malformed.
    """
    try:
        text = resources.files("rag.retrieve").joinpath("data", LAY_WORDS_FILE).read_text(encoding="utf-8")
        data = yaml.safe_load(text)
        words = {str(lay): tuple(str(word) for word in article) for lay, article in data["words"].items()}
        text_speak = {str(short): str(full) for short, full in data["text_speak"].items()}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"{LAY_WORDS_FILE} is malformed; expected 'words' and 'text_speak' mappings") from error
    return LayWords(words, text_speak)


def reword(question: str, speller: Speller, lay: LayWords | None = None) -> Wording:
    """Return a question as articles would word it.

    Args:
        question: what a reader wrote.
        speller: mends misspelt words.
        lay: lay words; None takes those that ship with the package.
    """
    lay = lay or load_lay_words()
    tokens = _TOKEN.findall(question)
    mended = [_mended(token, speller, lay) if token[0].isalnum() else token for token in tokens]
    translated: list[str] = []
    added: list[str] = []
    words = [place for place, token in enumerate(mended) if token[0].isalnum()]
    place = 0
    while place < len(mended):
        size, article = _longest(mended, words, place, lay)
        if size:
            translated.append(" ".join(article))
            added.extend(article)
            place += size
        else:
            translated.append(mended[place])
            place += 1
    return Wording("".join(mended), "".join(translated), tuple(dict.fromkeys(added)))


def _mended(token: str, speller: Speller, lay: LayWords) -> str:
    """A word in full and well spelt, in lower case when it was changed."""
    word = token.lower().replace("’", "'")
    short = lay.text_speak.get(word)
    if short is not None:
        return short
    if word in lay.words:
        return token
    meant = speller.mend(word)
    return token if meant == word else meant


def _longest(tokens: list[str], words: list[int], place: int, lay: LayWords) -> tuple[int, tuple[str, ...]]:
    """The longest lay phrase that starts at a token: how many tokens it takes, and the article words for it."""
    if not tokens[place][0].isalnum():
        return 0, ()
    start = words.index(place)
    for count in range(min(MAX_PHRASE_WORDS, len(words) - start), 0, -1):
        end = words[start + count - 1] + 1
        phrase = " ".join(tokens[at].lower().replace("’", "'") for at in words[start : start + count])
        if phrase in lay.words:
            return end - place, lay.words[phrase]
    return 0, ()
