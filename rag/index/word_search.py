"""The keyword index of a passage database (SQLite FTS5): what holds a word, and how well."""

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rag.index.query_words import WORD, query_words, stem_of

COLUMN_WEIGHTS = (1.0, 1.0, 1.0)
"""BM25 weights of title, headings and text."""

MOST_MATCHES = 20_000
"""Passages whose score is worked out for one query, twice at most; a score takes 0.7 µs. A collection that has no
more is always searched whole."""

MOST_COUNTS = 32_768
"""Stems of the collection whose count of passages is kept in memory. Words that it does not hold are not kept."""

Rows = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]
"""Runs a statement with values and returns its rows."""


class WordIndex:
    """Searches and counts words. Safe to share between threads.

    Beyond `MOST_MATCHES` passages a query is answered from those that hold its rarest words; its other words add to
    the score of these and find none by themselves. Where no word is rare enough, passages must hold the two rarest.
    A word in more than half of all passages adds nothing to BM25 and is left out.
    """

    def __init__(self, rows: Rows, lock: threading.RLock, *, most_matches: int = MOST_MATCHES) -> None:
        self._rows = rows
        self._lock = lock
        self._most = most_matches
        self._counted: str | None = None
        self._known: dict[str, int] = {}
        self._known_highest: int | None = None

    def search(self, query: str, *, k: int, article_id: str | None = None) -> list[tuple[int, float]]:
        """Return the k rows that match the query's words best, with a score where higher is better.

        Args:
            query: words.
            k: how many rows at most.
            article_id: the only article whose rows are looked at; None looks at all.

        Source: BM25 as in SQLite FTS5 (k1 1.2, b 0.75), words stemmed by Porter 1980; common words are left out.
        """
        words = query_words(query)
        if not words or k < 1:
            return []
        highest = self._highest()
        if article_id is not None or highest <= self._most:
            return self._scored(_any(words), k, article_id, limit=-1)
        required, further = self._by_rarity(words, highest)
        found = dict(self._scored(required, k, None, limit=self._most))
        if further:
            found.update(self._scored(f"({required}) AND ({_any(further)})", k, None, limit=self._most))
        return sorted(found.items(), key=lambda one: (-one[1], one[0]))[:k]

    def _highest(self) -> int:
        """The highest row: about as many passages as there are."""
        with self._lock:
            if self._known_highest is None:
                self._known_highest = int(self._rows("SELECT ifnull(max(row), 0) FROM passages", ())[0][0])
            return self._known_highest

    def _by_rarity(self, words: Sequence[str], highest: int) -> tuple[str, list[str]]:
        """What passages must match, and the words that then add to their score."""
        counts = {word: min(map(self.passages_with, map(stem_of, word.split()))) for word in words}
        present = sorted((word for word in words if counts[word]), key=lambda word: counts[word])
        telling = [word for word in present if counts[word] <= highest / 2] or present[:1]
        rare: list[str] = []
        for word in telling:
            if sum(counts[one] for one in [*rare, word]) > self._most:
                break
            rare.append(word)
        if rare or not telling:
            # A word that was counted nowhere may still be there under another spelling of its letters.
            return _any([*rare, *(word for word in words if not counts[word])]), telling[len(rare) :]
        return " AND ".join(f'"{word}"' for word in telling[:2]), telling[2:]

    def _scored(self, match: str, k: int, article_id: str | None, *, limit: int) -> list[tuple[int, float]]:
        weights = ", ".join(str(weight) for weight in COLUMN_WEIGHTS)
        found = self._rows(
            f"SELECT rowid, score FROM (SELECT rowid, -bm25(words, {weights}) AS score FROM words "  # noqa: S608 - numbers only
            "WHERE words MATCH ? AND (? IS NULL OR rowid IN (SELECT row FROM passages WHERE article_id = ?)) LIMIT ?) "
            "ORDER BY score DESC, rowid LIMIT ?",
            (match, article_id, article_id, limit, k),
        )
        return [(int(row), float(score)) for row, score in found]

    def holds_any(self, phrases: Iterable[str]) -> bool:
        """Return whether any passage holds one of the phrases, word for word as stemmed."""
        match = _any([phrase for phrase in phrases if '"' not in phrase])
        return bool(match) and bool(self._rows("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (match,)))

    def stems(self) -> list[str]:
        """Return every stem in the index."""
        return [str(term) for (term,) in self._rows(f"SELECT term FROM {self._counts()}", ())]  # noqa: S608 - our names

    def word_with_stem(self, stem: str, stem_of: Callable[[str], str]) -> str | None:
        """Return a word of the texts that has a stem, None when there is none.

        Args:
            stem: a stem in the index.
            stem_of: how words are stemmed.
        """
        found = self._rows("SELECT title, headings, text FROM words WHERE words MATCH ? LIMIT 1", (f'"{stem}"',))
        words = (match[0].lower() for row in found for text in row for match in WORD.finditer(text))
        return next((word for word in words if stem_of(word) == stem), None)

    def passages_with(self, stem: str) -> int:
        """Return how many passages hold a stem (as the index stems words)."""
        known = self._known.get(stem)
        if known is not None:
            return known
        with self._lock:
            found = self._rows(f"SELECT doc FROM {self._counts()} WHERE term = ?", (stem,))  # noqa: S608 - our names
            if found and len(self._known) < MOST_COUNTS:
                self._known[stem] = int(found[0][0])
        return int(found[0][0]) if found else 0

    def keep_counts(self) -> None:
        """Store how many passages hold each stem, so that nobody has to count who reads the finished database."""
        with self._lock:
            self.forget_counts()
            self._rows(f"INSERT INTO stems SELECT term, doc FROM {self._counts()}", ())  # noqa: S608 - our names
            self._counted = None

    def forget_counts(self) -> None:
        """Drop the stored numbers, which a change of the passages makes wrong."""
        with self._lock:
            self._rows("DELETE FROM main.stems", ())
            self._counted = None
            self._known_highest = None
            self._known.clear()

    def _counts(self) -> str:
        """The table that counts stems: the stored one, or a view of the index that counts anew each time."""
        with self._lock:
            if self._counted is None and self._rows("SELECT 1 FROM main.stems LIMIT 1", ()):
                self._counted = "main.stems"
            elif self._counted is None:
                (read_only,) = self._rows("PRAGMA query_only", ())[0]
                self._rows("PRAGMA query_only = OFF", ())  # the view is no part of the store
                self._rows(
                    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.counted USING fts5vocab('main', 'words', 'row')", ()
                )
                self._rows(f"PRAGMA query_only = {int(read_only)}", ())
                self._counted = "temp.counted"
            return self._counted


def _any(words: Sequence[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)
