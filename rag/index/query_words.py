"""Words of a query as the keyword index looks them up."""

import regex
import Stemmer

from rag.index.stop_words import STOP_WORDS

MAX_QUERY_WORDS = 64
"""More distinct words than this add time and no meaning."""

WORD = regex.compile(r"[\p{L}\p{N}]+(?:['’][\p{L}]+)?")
"""A word, with an ending after an apostrophe."""

_STEMMER = Stemmer.Stemmer("porter")


def stem_of(word: str) -> str:
    """Return the stem of one lower-case word."""
    return str(_STEMMER.stemWord(word))


def query_words(query: str) -> list[str]:
    """Return the distinct words of a query that carry meaning, lower case, in order.

    When every word is a common one, all of them are kept: they are all there is.
    """
    words = dict.fromkeys(match[0].lower().replace("’", "'") for match in WORD.finditer(query))
    telling = [word for word in words if word not in STOP_WORDS] or list(words)
    return [word.replace("'", " ").strip() for word in telling[:MAX_QUERY_WORDS]]
