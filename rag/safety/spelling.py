"""Mend misspelled concept words, and leave every ordinary English word as it is."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rag.errors import SafetyDataError

SHORTEST = 4
"""Words of fewer letters are never repaired: too many are one letter apart."""

MAX_REPAIRS = 40
"""Unknown words looked up in one message; more than that is not a misspelled message."""


class Speller:
    """Replaces an unknown word by the concept word that it most resembles."""

    def __init__(self, vocabulary: Iterable[str], known_words: Iterable[str]) -> None:
        """Take the words of all concepts and a list of ordinary English words."""
        self._targets = sorted(w for w in set(vocabulary) if len(w) >= SHORTEST and w.isalpha())
        self._known = frozenset(known_words) | frozenset(vocabulary)
        self._nearest = lru_cache(maxsize=4096)(self._find)

    def repair(self, words: Sequence[str]) -> tuple[str, ...]:
        """Return the words with misspelled concept words mended; same length."""
        repaired = list(words)
        unknown = [
            index
            for index, word in enumerate(words)
            if len(word) >= SHORTEST and word.isalpha() and word.isascii() and not self._is_known(word)
        ]
        if len(unknown) > MAX_REPAIRS and 2 * len(unknown) > len(words):
            return tuple(repaired)  # no misspelled message but another thing
        for index in unknown[:MAX_REPAIRS]:
            repaired[index] = self._nearest(words[index])
        return tuple(repaired)

    def _is_known(self, word: str) -> bool:
        if word in self._known:
            return True
        for ending in ("s", "es", "ed", "ing", "ly", "d", "er"):
            if word.endswith(ending) and (
                word.removesuffix(ending) in self._known or word.removesuffix(ending) + "e" in self._known
            ):
                return True
        return False

    def _find(self, word: str) -> str:
        """Return the nearest concept word, or the word itself when none is near."""
        limit = 1 if len(word) <= 5 else 2
        found = process.extract(word, self._targets, scorer=OSA.distance, score_cutoff=limit, limit=12)
        near = [
            (distance, -len(target), -len(_shared_start(target, word)), target)
            for target, distance, _ in found
            if _same_start(target, word, distance)
        ]
        return min(near)[3] if near else word


def _same_start(target: str, word: str, distance: float) -> bool:
    """Return whether two spellings start alike: people rarely get the beginning of a word wrong."""
    if distance >= 2 and len(word) <= 6:
        return target[:3] == word[:3]
    return target[0] == word[0] or target[:2] == word[1::-1]


def _shared_start(one: str, other: str) -> str:
    """Return the letters that both words start with."""
    length = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]


def load_known_words(path: Path) -> frozenset[str]:
    """Return the ordinary words of a file, one a line; `#` lines are notes.

    Raises:
        SafetyDataError: the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SafetyDataError(f"{path.name}: cannot be read; expected a list of words") from error
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
