"""What the classifier looks at: words, pieces of words, and what the rules made of a message.

The terms are those of scikit-learn's `TfidfVectorizer` with `analyzer="word"`, `ngram_range=(1, 3)` and with
`analyzer="char_wb"`, `ngram_range=(2, 5)`, so that weights trained there hold here without it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.safety.rules import Finding
from rag.safety.scope import Reading

WORD_PATTERN = r"[a-z0-9]+|\?"
"""What counts as a word; a question mark does, because asking is not reporting."""

WORD_ROW = (1, 3)
"""Fewest and most words of a term."""

PIECE_ROW = (2, 5)
"""Fewest and most characters of a piece."""

FEW_WORDS = 5
MANY_WORDS = 15
"""Where a message stops being short, and starts being long."""

_WORD = re.compile(WORD_PATTERN)
_PERSONS = frozenset(
    "i im ive id my me mine he shes she hes his her hers him they their we our us mum mom dad wife husband hubby son "
    "daughter gran nan client partner boyfriend girlfriend mother father".split()
)
_OPENINGS = frozenset(
    "what why how when which who where can could does do is are should will would did has have my i im ive he she the "
    "a no not had took after since and".split()
)


def word_terms(text: str) -> list[str]:
    """Return the words of a plain text and its rows of two and three words."""
    words = _WORD.findall(text)
    terms = list(words)
    for size in range(WORD_ROW[0] + 1, WORD_ROW[1] + 1):
        terms.extend(" ".join(words[at : at + size]) for at in range(len(words) - size + 1))
    return terms


def piece_terms(text: str) -> list[str]:
    """Return the pieces of every word of a plain text, a blank standing for the word's edge."""
    terms: list[str] = []
    for word in text.split():
        edged = f" {word} "
        for size in range(PIECE_ROW[0], PIECE_ROW[1] + 1):
            if len(edged) <= size:
                terms.append(edged)  # a short word counts once, not once for each size
                break
            terms.extend(edged[at : at + size] for at in range(len(edged) - size + 1))
    return terms


def sign_terms(reading: Reading, findings: Iterable[Finding]) -> list[str]:
    """Return what the rules made of a message: concepts stated or doubted, signs found and their levels, its form."""
    terms: set[str] = set()
    for concept, mentions in reading.mentions.items():
        for mention in mentions:
            terms.add(f"doubted {concept}" if reading.doubts[mention] else f"stated {concept}")
    for finding in findings:
        terms.add(f"found {finding.group} {finding.level}")
        terms.add(f"level {finding.level}")
        terms.add(finding.reason)
    return sorted(terms | _form(reading.message.text))


def _form(text: str) -> set[str]:
    """Return how a plain text is put: whether it asks, how it opens, whether it speaks of somebody, how long it is."""
    words = [word for word in _WORD.findall(text) if word != "?"]
    opening = words[0] if words and words[0] in _OPENINGS else "other"
    length = "few" if len(words) < FEW_WORDS else "some" if len(words) < MANY_WORDS else "many"
    return {
        f"opens {opening}",
        "speaks of somebody" if _PERSONS.intersection(words) else "speaks of nobody",
        "asks" if "?" in text else "tells",
        f"words {length}",
    }


def weigh_terms(
    terms: Sequence[str], places: Mapping[str, int], rarity: NDArray[np.float32]
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return the places and weights of the known terms: (1 + ln count) times rarity, of length 1 together.

    Args:
        terms: all terms of a text, repeated as often as they occur.
        places: column of each known term.
        rarity: inverse document frequency by column.
    """
    counts = Counter(places[term] for term in terms if term in places)
    columns = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
    weights = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
    weights = ((1 + np.log(weights)) * rarity[columns]).astype(np.float32) if len(counts) else weights
    length = float(np.linalg.norm(weights))
    return columns, weights / length if length else weights
