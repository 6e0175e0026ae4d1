"""Common English words: which there are, from a plain list, and which one a misspelt word was probably meant to be.

The dictionary with its frequencies takes an eighth of a second and 25 MB to load. A question whose words are all well
spelt only asks which words there are, so those are kept in a list beside the index.
"""

import contextlib
import uuid
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rag.index.generations import ENGLISH_FILE
from rag.index.word_list import is_listed, is_whole, listing


class EnglishWords:
    """Knows and mends common English words. Safe to share between threads."""

    def __init__(self, listed: bytes = b"") -> None:
        """Take the list of words; without it the dictionary is asked."""
        self._listed = listed

    def __contains__(self, word: str) -> bool:
        if self._listed:
            return is_listed(self._listed, word)
        return word in _dictionary()

    def meant(self, word: str) -> str | None:
        """Return the commonest word one slip away from an unknown one, None when there is none."""
        found: str | None = _dictionary().correction(word)
        return found


def load_english(index: Path) -> EnglishWords:
    """Return the words as an index folder keeps them; without such a file, or with that of another version, slower."""
    try:
        listed = (index / ENGLISH_FILE).read_bytes()
    except OSError:
        return EnglishWords()
    return EnglishWords(listed) if is_whole(listed, _title()) else EnglishWords()


def keep_english(index: Path) -> None:
    """Write the list of words into an index folder, unless it is there already or the folder cannot be written."""
    if load_english(index)._listed:
        return
    words = [word for word in _dictionary().word_frequency.words() if "\n" not in word]
    aside = index / f"{ENGLISH_FILE}.{uuid.uuid4().hex}"
    with contextlib.suppress(OSError):
        aside.write_bytes(listing(_title(), words))
        aside.replace(index / ENGLISH_FILE)


def _title() -> str:
    return f"pyspellchecker {version('pyspellchecker')}"


@cache
def _dictionary() -> Any:  # noqa: ANN401 - the package has no types
    from spellchecker import SpellChecker  # with its dictionary it is most of a start, and rarely needed

    return SpellChecker(distance=1)
