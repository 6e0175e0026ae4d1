"""Words as keyword search sees them: stems, and how telling each is in this collection."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import regex
import Stemmer

from rag.index.stop_words import STOP_WORDS
from rag.index.store import IndexReader

_WORD = regex.compile(r"[\p{L}\p{N}]+")
_STEMMER = Stemmer.Stemmer("porter")


def stems(text: str) -> list[str]:
    """Return the stems of a text's words in order, common words left out.

    Source: Porter 1980, doi:10.1108/eb046814, the algorithm that the keyword index uses.
    """
    plain = text.lower().replace("’", "'").replace("'", "")
    words = [word for word in _WORD.findall(plain) if word not in STOP_WORDS]
    return [str(stem) for stem in _STEMMER.stemWords(words)]


@lru_cache(maxsize=16384)
def passage_stems(text: str) -> frozenset[str]:
    """Return the different stems of a passage or sentence of the collection; the same ones come up again and again.

    Not for what readers write, which is not kept.
    """
    return frozenset(stems(text))


@dataclass(frozen=True, slots=True)
class TermWeights:
    """How telling stems are in an index: rare ones weigh more.

    Attributes:
        reader: the index whose passages are counted.
        known: weights looked up so far.
    """

    reader: IndexReader
    known: dict[str, float] = field(default_factory=dict)

    def weight(self, stem: str) -> float:
        """Return ln(1 + N / (1 + n)) for a stem in n of N passages; one that occurs nowhere weighs most."""
        if stem not in self.known:
            count = self.reader.passages.passages_with(stem)
            self.known[stem] = math.log(1 + self.reader.manifest.chunks / (1 + count))
        return self.known[stem]

    def weights(self, text: str) -> dict[str, float]:
        """Return the weight of each distinct stem of a text."""
        return {stem: self.weight(stem) for stem in dict.fromkeys(stems(text))}


def coverage(wanted: Mapping[str, float], found: Iterable[str]) -> float:
    """Return the share, by weight, of the wanted stems that are among the found ones; 0 when none are wanted."""
    total = sum(wanted.values())
    if total <= 0:
        return 0.0
    present = set(found)
    return sum(weight for stem, weight in wanted.items() if stem in present) / total
