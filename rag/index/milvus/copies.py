"""The copy of a server's texts on this machine: pulled when a generation is first opened, made from the one before.

INDEX/copies/GENERATION/     manifest.json, passages.sqlite3
INDEX/copies/LOCK            held while a copy is made
"""

import json
import logging
import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from rag.errors import IndexDamagedError, IndexLockedError, IndexMismatchError, IndexStoreError
from rag.index.chunk_rows import article_from
from rag.index.damage import checked_content, well_formed_rows
from rag.index.generations import PASSAGES_FILE, UNFINISHED
from rag.index.manifest import FileSeal, Manifest
from rag.index.milvus.copied_passages import CopiedPassages
from rag.index.milvus.layout import BATCH, Names, seen_by
from rag.index.milvus.rows import Row, each_row, quoted
from rag.index.milvus.server import LONG_S, MilvusServer
from rag.index.milvus.state import Generation, Note
from rag.index.schema import LAYOUT
from rag.index.writing import writing

logger = logging.getLogger(__name__)

COPIES = "copies"
KEPT = 2
"""Copies that stay: of the generation that answers and of the one before."""

TEXTS = ("pk", "text", "metadata")


def open_copy(server: MilvusServer, index: Path, note: Note, *, checked_bytes: int) -> tuple[Path, CopiedPassages]:
    """Return the folder and the texts of the copy of the generation that answers; it is made when it is not there.

    Args:
        server: where the texts are.
        index: the index folder.
        note: what answers.
        checked_bytes: a file up to this size is held against its digest.

    Raises:
        IndexStoreError: the server does not answer, or the folder cannot be written.
    """
    folder = index / COPIES / note.generation.name
    for again in (False, True):
        if not folder.is_dir():
            _make(server, index, note)
        try:
            return folder, _opened(folder, note.manifest, checked_bytes)
        except (IndexDamagedError, IndexMismatchError) as error:
            if again:
                raise
            logger.warning("the copy in %s is made anew (%s)", folder, error)
            shutil.rmtree(folder, ignore_errors=True)
    raise AssertionError("one of the two has returned")  # pragma: no cover


def check_copy(folder: Path) -> CopiedPassages:
    """Return the texts of a copy, every byte of which was checked.

    Raises:
        IndexDamagedError: it was altered or cut short.
    """
    found = Manifest.load(folder)
    checked_content(folder / PASSAGES_FILE, found.files.get(PASSAGES_FILE), None)
    return CopiedPassages(folder / PASSAGES_FILE, read_only=True)


def _opened(folder: Path, manifest: Manifest, checked_bytes: int) -> CopiedPassages:
    path, found = folder / PASSAGES_FILE, Manifest.load(folder)
    if (found.index_id, found.layout) != (manifest.index_id, LAYOUT):
        raise IndexMismatchError(f"{folder} is a copy of something else")
    content = checked_content(path, found.files.get(PASSAGES_FILE), checked_bytes)
    try:
        return CopiedPassages(path, read_only=True, content=content)
    except sqlite3.Error as error:
        raise IndexDamagedError(f"{path} cannot be read ({error})") from error


def _make(server: MilvusServer, index: Path, note: Note) -> None:
    """Make the copy aside and put it in its place, one process at a time; the others wait and find it there."""
    place = index / COPIES
    folder = place / note.generation.name
    with writing(index):
        place.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(place / "LOCK", timeout=LONG_S):
                if folder.is_dir():
                    return
                for left in place.glob(f"{UNFINISHED}*"):
                    shutil.rmtree(left, ignore_errors=True)
                aside = place / f"{UNFINISHED}{uuid.uuid4().hex}"
                aside.mkdir()
                try:
                    _fill(server, aside, note, _nearest(place, note))
                    aside.rename(folder)
                finally:
                    shutil.rmtree(aside, ignore_errors=True)
                _forget(place, note)
        except Timeout:
            raise IndexLockedError(f"{place} is being written by another process; waited {LONG_S:g} s") from None


def _nearest(place: Path, note: Note) -> Path | None:
    """The newest copy of the same collections: what it holds need not be fetched."""
    found = [folder for folder in place.glob(f"{note.names.stamp}-*") if (folder / PASSAGES_FILE).is_file()]
    return max(found, key=lambda folder: folder.stat().st_mtime, default=None)


def _fill(server: MilvusServer, folder: Path, note: Note, like: Path | None) -> None:
    path = folder / PASSAGES_FILE
    if like is not None:
        try:
            with closing(check_copy(like)) as known:
                known.save_copy(path)
        except IndexStoreError:
            path.unlink(missing_ok=True)
    copy = CopiedPassages(path)
    seen = seen_by(note.current)
    _pull_articles(server, note.names, seen, copy)
    _pull_passages(server, note.names, seen, copy, folder)
    copy.count_words()
    copy.close()
    sealed = replace(note.manifest, files={PASSAGES_FILE: FileSeal.of(path)}, layout=LAYOUT)
    sealed.save(folder)


def _pull_articles(server: MilvusServer, names: Names, seen: str, copy: CopiedPassages) -> None:
    fields = ("article_id", "origin", "path", "digest")
    there = {
        row["article_id"]: (row["origin"], row["path"], row["digest"])
        for rows in each_row(server, names.articles, f"part == 0 and {seen}", fields)
        for row in rows
    }
    here = copy.article_places()
    for article_id in set(here) - set(there):
        copy.remove_article(article_id)
    wanted = [article_id for article_id, place in there.items() if here.get(article_id) != place]
    for start in range(0, len(wanted), BATCH):
        where = f"article_id in {quoted(wanted[start : start + BATCH])} and {seen}"
        parts: dict[str, list[Row]] = {}
        for rows in each_row(server, names.articles, where, ("article_id", "origin", "part", "body")):
            for row in rows:
                parts.setdefault(row["article_id"], []).append(row)
        for found in parts.values():
            body = "".join(row["body"] for row in sorted(found, key=lambda row: int(row["part"])))
            with well_formed_rows():
                copy.put_article(article_from(body), origin=found[0]["origin"])


def _pull_passages(server: MilvusServer, names: Names, seen: str, copy: CopiedPassages, folder: Path) -> None:
    here = copy.all_keys()
    there = {row["pk"] for rows in each_row(server, names.passages, seen, ("pk",)) for row in rows}
    copy.remove_keys(sorted(here - there))
    new = there - here
    if not new:
        return
    # In reading order, whatever order they come in: rows of the same articles stand together, also on disk.
    aside = folder / "staged.sqlite3"
    with closing(sqlite3.connect(aside)) as staged:
        staged.execute("CREATE TABLE staged (key TEXT, text TEXT, metadata TEXT, article_id TEXT, start INTEGER)")
        for rows in _texts(server, names, seen, new, whole=len(new) > len(there) // 4):
            staged.executemany(
                "INSERT INTO staged VALUES (?, ?, ?, ?, ?)",
                [
                    (row["pk"], row["text"], json.dumps(row["metadata"]), *_place(row["metadata"]))
                    for row in rows
                    if row["pk"] in new
                ],
            )
        found = staged.execute("SELECT key, text, metadata FROM staged ORDER BY article_id, start, key")
        while some := found.fetchmany(BATCH):
            copy.add_copied((key, key.rpartition("-")[0], text, json.loads(data)) for key, text, data in some)
    aside.unlink()


def _texts(server: MilvusServer, names: Names, seen: str, wanted: set[str], *, whole: bool) -> Iterator[Sequence[Row]]:
    if whole:
        yield from each_row(server, names.passages, seen, TEXTS)
        return
    keys = sorted(wanted)
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        yield server.call("get", names.passages, ids=some, output_fields=list(TEXTS), timeout_s=LONG_S)


def _place(metadata: dict[str, Any]) -> tuple[str, int]:
    return str(metadata["article_id"]), int(metadata["start"])


def _forget(place: Path, note: Note) -> None:
    """Remove copies that neither answer nor are gone back to; who has one open goes on reading it."""
    keep = {note.generation.name, *([note.before.name] if isinstance(note.before, Generation) else [])}
    others = [one for one in place.iterdir() if one.is_dir() and one.name not in keep]
    for folder in sorted(others, key=lambda one: one.stat().st_mtime)[: -KEPT + len(keep) or None]:
        shutil.rmtree(folder, ignore_errors=True)
