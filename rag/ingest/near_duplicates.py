"""Notice articles with nearly the same text: one text under two names, a page posted again with small changes.

Two articles are compared by the word 5-grams that they share (Jaccard). Each keeps the smallest hashes of its 5-grams,
of which the share in common estimates the share of all.

Source: Broder 1997, On the resemblance and containment of documents, doi:10.1109/SEQUEN.1997.666900.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import regex
from numpy.typing import NDArray

from rag.types import ArticleId

WORDS = 5
SKETCH = 256
"""Hashes kept of an article: the estimate was off by at most 0.06 in 41 pairs (2026-11-22)."""

NEAR = 0.4
"""Share from which two articles are reported. Of this project's 42 articles, all on two subjects, no two share
more than 0.03; copies of them with one word in twenty changed share 0.55 at least, with one in fifteen 0.41
(2026-11-22)."""

MIN_SHINGLES = 20
"""A shorter text is compared as a whole: its few 5-grams may all be a stock phrase."""

MAX_CARRIERS = 50
"""A 5-gram in more articles than this is boilerplate, and looking at all its pairs would take quadratic time."""

_WORD = regex.compile(r"[\p{L}\p{N}]+")

Sketch = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two articles with nearly the same text.

    Attributes:
        first: the one that was read first.
        second: the other.
        share: of their word 5-grams, the share that both have, 0 to 1.
    """

    first: ArticleId
    second: ArticleId
    share: float


def sketch(text: str) -> Sketch:
    """Return the smallest hashes of a text's word 5-grams, sorted, at most `SKETCH` of them."""
    words = _WORD.findall(text.casefold())
    codes = np.fromiter(
        (zlib.crc32(word.encode("utf-8", "replace")) for word in words), dtype=np.uint64, count=len(words)
    )
    if len(codes) < MIN_SHINGLES + WORDS:
        whole = zlib.crc32(" ".join(words).encode("utf-8", "replace"))
        return np.array([whole], dtype=np.uint64) if words else np.empty(0, dtype=np.uint64)
    mixed = np.zeros(len(codes) - WORDS + 1, dtype=np.uint64)
    for place in range(WORDS):  # wraps at 64 bits, as a hash may
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + codes[place : len(codes) - WORDS + 1 + place]
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    return np.unique(mixed)[:SKETCH]


def resemblance(one: Sketch, other: Sketch) -> float:
    """Return the estimated share of 5-grams that two texts have in common, 0 to 1."""
    if not len(one) or not len(other):
        return 0.0
    smallest = np.union1d(one, other)[:SKETCH]
    return float(np.isin(smallest, np.intersect1d(one, other)).mean())


def near_duplicates(sketches: Iterable[tuple[ArticleId, Sketch]], *, share: float = NEAR) -> list[NearDuplicate]:
    """Return the pairs of articles with nearly the same text, those most alike first.

    Args:
        sketches: of all articles to compare, each id once.
        share: from which resemblance on a pair is reported.
    """
    articles = list(sketches)
    carriers: defaultdict[int, list[int]] = defaultdict(list)
    found: list[NearDuplicate] = []
    for place, (article_id, hashes) in enumerate(articles):
        common: defaultdict[int, int] = defaultdict(int)
        for code in hashes.tolist():
            earlier = carriers[code]
            for other in earlier:
                common[other] += 1
            if len(earlier) < MAX_CARRIERS:
                earlier.append(place)
        for other, count in common.items():
            if 4 * count < share * len(hashes):
                continue
            alike = resemblance(articles[other][1], hashes)
            if alike >= share:
                found.append(NearDuplicate(articles[other][0], article_id, alike))
    return sorted(found, key=lambda pair: (-pair.share, pair.first, pair.second))
