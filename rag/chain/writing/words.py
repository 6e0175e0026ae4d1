"""The words that decide what a sentence claims, as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import regex
import yaml

from rag.errors import SettingsError
from rag.index.query_words import stem_of
from rag.retrieve.terms import stems

WORDS_FILE = "words.yaml"

_TOKEN = regex.compile(r"[\p{L}]+(?:-[\p{L}]+)*|\d+(?:[.,]\d+)*|%")
_APOSTROPHES = regex.compile(r"['’]")


def plain(text: str) -> str:
    """Return a text in lower case and without apostrophes, as the lists are written."""
    return _APOSTROPHES.sub("", text.lower())


def _word_pattern(word: str) -> str:
    return regex.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "")


@dataclass(frozen=True, slots=True)
class WordList:
    """A list of words and phrases.

    Attributes:
        pattern: matches any of them as whole words.
    """

    pattern: regex.Pattern[str]

    @classmethod
    def of(cls, entries: Iterable[object]) -> "WordList":
        """Return the list of some entries; a star at an entry's end stands for any ending."""
        phrases = sorted((plain(str(entry)) for entry in entries), key=len, reverse=True)
        parts = (r"\s+".join(_word_pattern(word) for word in phrase.split()) for phrase in phrases)
        return cls(regex.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?!\w)"))

    def found(self, text: str) -> frozenset[str]:
        """Return the words of a text that are on the list, in lower case."""
        return frozenset(self.pattern.findall(plain(text)))


@dataclass(frozen=True, slots=True)
class Words:
    """All lists of the data file.

    Attributes:
        negations: words that turn a meaning round.
        hedges: words that weaken a claim.
        softeners: further words that keep a weakened claim weak.
        conditions: words that open a condition.
        exacting: words that must stand in the passage when a sentence has them.
        body: everyday names of body parts.
        opposites: pairs of lists of which one never stands for the other.
        synonyms: for each stem the numbers of the groups of words that say the same.
        neutral: stems that add no claim of their own.
        units: for each written unit its name.
    """

    negations: WordList
    hedges: WordList
    softeners: WordList
    conditions: WordList
    exacting: WordList
    body: WordList
    opposites: tuple[tuple[WordList, WordList], ...]
    synonyms: Mapping[str, frozenset[int]]
    neutral: frozenset[str]
    units: Mapping[str, str]

    def content(self, text: str) -> list[str]:
        """Return the stems that make up what a text claims, in order."""
        parts = text.replace("-", " ").replace("–", " ")
        return [stem for stem in stems(parts) if stem not in self.neutral]

    def held(self, stem: str, among: frozenset[str]) -> bool:
        """Return whether a stem, or one that says the same, is among others."""
        if stem in among:
            return True
        groups = self.synonyms.get(stem, frozenset())
        return any(groups & self.synonyms.get(other, frozenset()) for other in among)

    def same(self, word: str, among: Iterable[str]) -> bool:
        """Return whether a word, in any of its forms or in another that says the same, is among others."""
        return self.held(stem_of(word), frozenset(stem_of(other) for other in among))

    def held_word(self, word: str, support: str, around: str) -> bool:
        """Return whether a body part is named by a text, or by what stands around it when the text names none."""
        named = self.body.found(support) or self.body.found(around)
        return self.same(word, named)


def tokens(text: str) -> list[str]:
    """Return the words and numbers of a text in lower case, in order."""
    return [match[0] for match in _TOKEN.finditer(plain(text))]


@cache
def load_words() -> Words:
    """Return the lists that ship with the package.

    Raises:
        SettingsError: the file is malformed.
    """
    try:
        text = resources.files("rag.chain.writing").joinpath("data", WORDS_FILE).read_text(encoding="utf-8")
        data = yaml.safe_load(text)
        synonyms: dict[str, set[int]] = {}
        for number, group in enumerate(data["synonyms"]):
            for entry in group:
                for part in plain(str(entry)).replace("-", " ").split():
                    synonyms.setdefault(stem_of(part), set()).add(number)
        return Words(
            negations=WordList.of(data["negations"]),
            hedges=WordList.of(data["hedges"]),
            softeners=WordList.of([*data["hedges"], *data["softeners"]]),
            conditions=WordList.of(data["conditions"]),
            exacting=WordList.of(data["exacting"]),
            body=WordList.of(data["body"]),
            opposites=tuple((WordList.of([one]), WordList.of([other])) for one, other in data["opposites"]),
            synonyms={stem: frozenset(groups) for stem, groups in synonyms.items()},
            neutral=frozenset(stem_of(plain(str(word))) for word in data["neutral"]),
            units={plain(str(form)): str(name) for name, forms in data["units"].items() for form in forms},
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise SettingsError(f"{WORDS_FILE} is malformed ({type(error).__name__}); expected lists of words") from error
