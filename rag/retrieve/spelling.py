"""Mend misspelt words of a question, first with the collection's own words, then with common English ones."""

from dataclasses import dataclass, field

import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA

from rag.index.generations import index_folder
from rag.index.query_words import stem_of
from rag.index.store import IndexReader
from rag.retrieve.english import EnglishWords, load_english

SHORTEST = 4
"""Shorter words have too many neighbours to mend."""

COMMON_SHARE = 0.01
"""A word in more than this share of the passages is the collection's own and needs no translation."""

_LETTERS = regex.compile(r"\p{L}+")


@dataclass
class Speller:
    """Mends words against one index. Safe to share between threads: what it remembers only grows.

    Attributes:
        reader: the index whose words are known.
        mended: words looked up so far.
    """

    reader: IndexReader
    mended: dict[str, str] = field(default_factory=dict)
    _stems: list[str] = field(default_factory=list)
    _english: EnglishWords = field(init=False)

    def __post_init__(self) -> None:
        self._english = load_english(index_folder(self.reader.folder))

    def mend(self, word: str) -> str:
        """Return the word that was probably meant; the word itself when it is known or nothing is near.

        Args:
            word: one word in lower case.
        """
        if len(word) < SHORTEST or not _LETTERS.fullmatch(word):
            return word
        if word not in self.mended:
            self.mended[word] = self._meant(word)
        return self.mended[word]

    def is_common(self, stem: str) -> bool:
        """Return whether the collection itself uses a word, in more than one of a hundred passages."""
        return self.reader.passages.passages_with(stem) > COMMON_SHARE * self.reader.manifest.chunks

    def _meant(self, word: str) -> str:
        if self.reader.passages.passages_with(stem_of(word)) or word in self._english:
            return word
        return self._of_collection(word) or self._english.meant(word) or word

    def _of_collection(self, word: str) -> str | None:
        """The nearest word of the collection: one slip for each three letters, the first letter right.

        Source: optimal string alignment distance (Damerau 1964, doi:10.1145/363958.363994).
        """
        if not self._stems:
            self._stems = [term for term in self.reader.passages.word_stems() if len(term) >= SHORTEST - 1]
        stem = stem_of(word)
        slips = max(1, len(stem) // 3)
        found = process.extract(stem, self._stems, scorer=OSA.distance, score_cutoff=slips, limit=8)
        near = [
            (distance, -self.reader.passages.passages_with(term), term)
            for term, distance, _ in found
            if term[0] == stem[0] and distance <= max(1, len(term) // 3)
        ]
        return self.reader.passages.word_with_stem(min(near)[2], stem_of) if near else None
