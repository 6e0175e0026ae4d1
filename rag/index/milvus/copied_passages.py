"""The texts of a server's passages on this machine, each with the key that it has there."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rag.index.passage_store import PassageStore
from rag.index.sentence_rows import question_rows, sentence_rows

_TABLE = "CREATE TABLE IF NOT EXISTS server_keys (row INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE)"


class CopiedPassages(PassageStore):
    """A passage store whose rows are known on a server. Safe to share between threads."""

    def __init__(self, path: Path, *, read_only: bool = False, content: bytes | None = None) -> None:
        super().__init__(path, read_only=read_only, content=content)
        if not read_only:
            self._database.execute(_TABLE)

    def add_copied(self, passages: Iterable[tuple[str, str, str, dict[str, Any]]]) -> None:
        """Add passages as (key, id, text, metadata) with keys and ids that are not stored yet."""
        given = list(passages)
        with self._lock:
            rows = self.add((passage_id, text, metadata) for _, passage_id, text, metadata in given)
            self._database.executemany(
                "INSERT INTO server_keys (row, key) VALUES (?, ?)",
                [(row, key) for row, (key, *_) in zip(rows, given, strict=True)],
            )

    def remove_keys(self, keys: Sequence[str]) -> None:
        """Remove the passages with the given keys; unknown ones are passed over."""
        rows = list(self.rows_of_keys(keys).values())
        with self._lock:
            self.remove(rows)
            self._database.executemany("DELETE FROM server_keys WHERE row = ?", [(row,) for row in rows])

    def all_keys(self) -> set[str]:
        """Return every key."""
        return {str(key) for (key,) in self._rows("SELECT key FROM server_keys", ())}

    def keys_of(self, rows: Sequence[int]) -> dict[int, str]:
        """Return the keys of rows; unknown ones are left out."""
        return {int(row): str(key) for row, key in self._looked_up("row", rows)}

    def rows_of_keys(self, keys: Sequence[str]) -> dict[str, int]:
        """Return the rows of keys; unknown ones are left out."""
        return {str(key): int(row) for row, key in self._looked_up("key", list(dict.fromkeys(keys)))}

    def sentence_rows(self) -> list[int]:
        """Return the rows of every sentence and question, in rising order."""
        found: list[int] = []
        for row in self.all_rows():
            metadata = self.by_rows([row])[row].metadata
            found += sentence_rows(row, len(metadata["sentences"]))
            found += question_rows(row, len(metadata["questions"]))
        return found

    def _looked_up(self, column: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(values), 500):
            part = tuple(values[start : start + 500])
            marks = ", ".join("?" * len(part))
            found += self._rows(f"SELECT row, key FROM server_keys WHERE {column} IN ({marks})", part)  # noqa: S608 - our names
        return found
