"""Texts of chunks and articles in one SQLite file, with keyword search (FTS5, BM25)."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import IndexDamagedError
from rag.index.chunk_rows import article_from, article_json
from rag.index.damage import well_formed_rows
from rag.index.schema import SCHEMA
from rag.index.word_search import WordIndex
from rag.types import Article, ArticleId


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A row of the store: a text with an id and metadata of JSON values."""

    row: int
    passage_id: str
    text: str
    metadata: dict[str, Any]


class PassageStore:
    """Passages and articles in one SQLite database, in memory or in a file. Safe to share between threads."""

    def __init__(self, path: Path | None = None, *, read_only: bool = False, content: bytes | None = None) -> None:
        """Open a store.

        Args:
            path: its file; None keeps it in memory.
            read_only: whether nothing will be added.
            content: what the file holds, where that was read and checked already; it is served from memory then.

        Raises:
            IndexDamagedError: the content or file, opened for reading only, is no database.
        """
        self._lock = threading.RLock()
        self._words = WordIndex(self._rows, self._lock)
        if path is None or content is not None:
            self._database = sqlite3.connect(":memory:", check_same_thread=False)
            if content is not None:
                self._database.deserialize(content)
                self._database.execute("PRAGMA query_only = ON")
        else:
            mode = "?mode=ro&immutable=1" if read_only else ""
            self._database = sqlite3.connect(path.absolute().as_uri() + mode, uri=True, check_same_thread=False)
        if not read_only and not self._rows("SELECT 1 FROM sqlite_master LIMIT 1", ()):
            self._database.executescript(SCHEMA)

    def close(self) -> None:
        """Write what is pending and close the database."""
        with self._lock:
            self._database.commit()
            self._database.close()

    def save_copy(self, path: Path) -> None:
        """Write the whole database to a new file."""
        with self._lock, sqlite3.connect(path) as target:
            self._database.commit()  # a copy of a database in the middle of a transaction would wait for ever
            self._database.backup(target)
        target.close()

    def add(self, passages: Iterable[tuple[str, str, dict[str, Any]]]) -> list[int]:
        """Add passages as (id, text, metadata) with ids that are not stored yet; return their new rows."""
        rows = []
        with self._lock:
            self._words.forget_counts()
            for passage_id, text, metadata in passages:
                title, headings = str(metadata.get("title", "")), " ".join(metadata.get("headings", ()))
                cursor = self._database.execute(
                    "INSERT INTO passages (id, article_id, title, headings, text, metadata) VALUES (?, ?, ?, ?, ?, ?)",
                    (passage_id, metadata.get("article_id"), title, headings, text, json.dumps(metadata)),
                )
                row = int(cursor.lastrowid or 0)
                self._database.execute(
                    "INSERT INTO words (rowid, title, headings, text) VALUES (?, ?, ?, ?)", (row, title, headings, text)
                )
                rows.append(row)
        return rows

    def remove(self, rows: Sequence[int]) -> None:
        """Remove passages by row; unknown rows are passed over."""
        with self._lock:
            self._words.forget_counts()
            for row in rows:
                self._database.execute(
                    "INSERT INTO words (words, rowid, title, headings, text) "
                    "SELECT 'delete', row, title, headings, text FROM passages WHERE row = ?",
                    (row,),
                )
                self._database.execute("DELETE FROM passages WHERE row = ?", (row,))

    def by_rows(self, rows: Sequence[int]) -> dict[int, StoredPassage]:
        """Return the passages of the given rows; unknown rows are left out."""
        return {passage.row: passage for passage in self._select("row", rows)}

    def by_ids(self, ids: Sequence[str]) -> dict[str, StoredPassage]:
        """Return the passages with the given ids; unknown ids are left out."""
        return {passage.passage_id: passage for passage in self._select("id", ids)}

    def rows_by_ids(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the rows of the passages with the given ids; unknown ids are left out."""
        found: dict[str, int] = {}
        for start in range(0, len(ids), 500):
            part = tuple(ids[start : start + 500])
            marks = ", ".join("?" * len(part))
            found |= dict(self._rows(f"SELECT id, row FROM passages WHERE id IN ({marks})", part))  # noqa: S608 - no input
        return found

    def rows_of(self, article_id: str) -> list[int]:
        """Return the rows of an article's passages in reading order."""
        return self._column("SELECT row FROM passages WHERE article_id = ? ORDER BY row", (article_id,))

    def all_rows(self) -> list[int]:
        """Return every row."""
        return self._column("SELECT row FROM passages ORDER BY row", ())

    def search_words(self, query: str, *, k: int, article_id: str | None = None) -> list[tuple[int, float]]:
        """Return the k rows that match the query's words best, by BM25, see `WordIndex.search`."""
        return self._words.search(query, k=k, article_id=article_id)

    def holds_any(self, phrases: Iterable[str]) -> bool:
        """Return whether any passage holds one of the phrases, word for word as stemmed."""
        return self._words.holds_any(phrases)

    def word_stems(self) -> list[str]:
        """Return every stem in the index."""
        return self._words.stems()

    def word_with_stem(self, stem: str, stem_of: Callable[[str], str]) -> str | None:
        """Return a word of the texts that has a stem of the index, as `stem_of` stems; None when there is none."""
        return self._words.word_with_stem(stem, stem_of)

    def passages_with(self, stem: str) -> int:
        """Return how many passages hold a stem (as the index stems words)."""
        return self._words.passages_with(stem)

    def count_words(self) -> None:
        """Store how many passages hold each stem, when all passages are in."""
        self._words.keep_counts()

    def put_article(self, article: Article, *, origin: str) -> None:
        """Store an article, or put it in the place of the one with its id; `origin` is its folder."""
        with self._lock:
            self._database.execute(
                "INSERT OR REPLACE INTO articles (article_id, origin, path, digest, body) VALUES (?, ?, ?, ?, ?)",
                (article.article_id, origin, article.path, article.digest, article_json(article)),
            )

    def remove_article(self, article_id: str) -> None:
        """Remove an article; its passages are the caller's to remove."""
        with self._lock:
            self._database.execute("DELETE FROM articles WHERE article_id = ?", (article_id,))

    def article(self, article_id: str) -> Article | None:
        """Return an article, or None when it is not stored."""
        found = self._rows("SELECT body FROM articles WHERE article_id = ?", (article_id,))
        with well_formed_rows():
            return article_from(found[0][0]) if found else None

    def articles(self) -> list[Article]:
        """Return every article, by id."""
        found = self._rows("SELECT body FROM articles ORDER BY article_id", ())
        with well_formed_rows():
            return [article_from(body) for (body,) in found]

    def article_places(self) -> dict[ArticleId, tuple[str, str, str]]:
        """Return origin, path and digest of every article, by id."""
        found = self._rows("SELECT article_id, origin, path, digest FROM articles ORDER BY article_id", ())
        return {ArticleId(article_id): (origin, path, digest) for article_id, origin, path, digest in found}

    def _select(self, column: str, values: Sequence[Any]) -> list[StoredPassage]:
        found: list[StoredPassage] = []
        for start in range(0, len(values), 500):
            part = list(values[start : start + 500])
            marks = ", ".join("?" * len(part))
            rows = self._rows(
                f"SELECT row, id, text, metadata FROM passages WHERE {column} IN ({marks})",  # noqa: S608 - no input
                tuple(part),
            )
            with well_formed_rows():
                found += [
                    StoredPassage(row, passage_id, text, json.loads(data)) for row, passage_id, text, data in rows
                ]
        return found

    def _column(self, statement: str, values: tuple[Any, ...]) -> list[int]:
        return [int(row) for (row,) in self._rows(statement, values)]

    def _rows(self, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._database.execute(statement, values).fetchall()
            except (sqlite3.DatabaseError, ValueError) as error:  # text that is no UTF-8 is a ValueError
                raise IndexDamagedError(
                    f"the passage database fails ({error}); run: citewell index --rebuild"
                ) from error
