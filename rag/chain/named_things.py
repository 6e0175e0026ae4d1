"""Tell which specific things a question names, and whether a text names them too, under any of their names."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import regex
import yaml

from rag.errors import SettingsError
from rag.index.passage_store import PassageStore
from rag.index.stop_words import STOP_WORDS

NAMED_THINGS_FILE = "named_things.yaml"

MAX_NAME_WORDS = 5
"""Longest name that is looked for."""

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’][\p{L}]+)?")


@dataclass(frozen=True, slots=True)
class NamedThings:
    """Things that a question can be about: diseases, body parts, animals, remedies, places.

    Attributes:
        things: the thing that a name stands for, by name in lower case with spaces for hyphens.
        groups: the group of each thing, such as "animals".
        names: every name of each thing.
        longest: words of the longest name, by the first word of a name: most words of a text begin none.
    """

    things: Mapping[str, str]
    groups: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    longest: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        longest: dict[str, int] = {}
        for name in self.things:
            first, *rest = name.split(" ")
            longest[first] = max(longest.get(first, 0), min(1 + len(rest), MAX_NAME_WORDS))
        object.__setattr__(self, "longest", longest)

    def in_text(self, text: str) -> frozenset[str]:
        """Return the things that a text names; of names that overlap, the longest counts."""
        return frozenset(thing for thing, _, _ in self.places(text))

    def places(self, text: str) -> list[tuple[str, int, int]]:
        """Return the things that a text names with where they stand: characters from start to end."""
        words = [(_name_form(match[0]), match.start(), match.end()) for match in _WORD.finditer(text)]
        found: list[tuple[str, int, int]] = []
        place = 0
        while place < len(words):
            for size in range(min(self.longest.get(words[place][0], 0), len(words) - place), 0, -1):
                part = words[place : place + size]
                thing = self.things.get(" ".join(word for word, _, _ in part))
                if thing is not None:
                    found.append((thing, part[0][1], part[-1][2]))
                    place += size
                    break
            else:
                place += 1
        return found

    def replaced(self, earlier: str, later: str) -> str:
        """Return an earlier question without the things that a later one puts others of their group in the place of.

        After "does acupuncture help?", "and massage?" asks about massage alone.
        """
        groups = {self.groups[thing] for thing in self.in_text(later)}
        for thing, start, end in reversed(self.places(earlier)):
            if self.groups[thing] in groups:
                earlier = earlier[:start] + earlier[end:]
        return " ".join(earlier.split())

    def missing(self, question: str, texts: Iterable[str]) -> frozenset[str]:
        """Return the things that a question names and that none of the texts names."""
        asked = self.in_text(question)
        if not asked:
            return asked
        return asked - frozenset().union(*(self.in_text(text) for text in texts))

    def absent(self, things: Iterable[str], passages: PassageStore) -> frozenset[str]:
        """Return those of the things that no passage of a collection names under any of their names."""
        return frozenset(thing for thing in things if not passages.holds_any(self.names[thing]))


def _name_form(word: str) -> str:
    """A word as names are written: lower case, no accents, no apostrophe, no possessive s."""
    letters = word.lower().replace("’", "'")
    if not letters.isascii():
        letters = "".join(c for c in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(c))
    return letters.removesuffix("'s").replace("'", "")


@cache
def load_named_things() -> NamedThings:
    """Return the named things that ship with the package.

    Raises:
        SettingsError: the file is malformed.
    """
    try:
        text = resources.files("rag.chain").joinpath("data", NAMED_THINGS_FILE).read_text(encoding="utf-8")
        data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
        things: dict[str, str] = {}
        groups: dict[str, str] = {}
        all_names: dict[str, tuple[str, ...]] = {}
        for group, entries in data.items():
            for thing, names in entries.items():
                groups[str(thing)] = str(group)
                plain = [" ".join(str(name).lower().replace("-", " ").split()) for name in (thing, *(names or ()))]
                all_names[str(thing)] = tuple(name for name in plain if name not in STOP_WORDS)
                things |= dict.fromkeys(all_names[str(thing)], str(thing))
        return NamedThings(things, groups, all_names)
    except (OSError, yaml.YAMLError, TypeError, AttributeError) as error:
        raise SettingsError(f"{NAMED_THINGS_FILE} is malformed; expected groups of names") from error
