"""Where the articles of an index came from, so that a rebuild needs no arguments, even after damage."""

import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from rag.errors import IndexStoreError
from rag.index.generations import PASSAGES_FILE, UNFINISHED
from rag.index.manifest import Manifest
from rag.index.mending import GENERATIONS
from rag.index.pointer import read_pointer


def known_sources(index: Path) -> list[Path]:
    """Return the files and folders that still exist of those which the index was built from.

    They stand in the manifest of each generation; where that is damaged, the folders of the articles do.
    """
    for folder in _generations(index):
        try:
            found = Manifest.load(folder).sources
        except IndexStoreError:
            found = tuple(_origins(folder / PASSAGES_FILE))
        existing = [Path(source) for source in found if Path(source).exists()]
        if existing:
            return existing
    return []


def joined(old: Iterable[str], given: Sequence[Path]) -> tuple[str, ...]:
    """Return the sources of an index that is brought up to date with the given paths; those that are gone leave."""
    absolute = [os.path.abspath(path) for path in given]
    return tuple(source for source in dict.fromkeys([*old, *absolute]) if os.path.exists(source))


def _generations(index: Path) -> list[Path]:
    """Every finished generation: the one that answers first, then the newest."""
    try:
        current = read_pointer(index).name
    except IndexStoreError:
        current = ""
    found = [folder for folder in (index / GENERATIONS).glob("*") if not folder.name.startswith(UNFINISHED)]
    return sorted(found, key=lambda folder: (folder.name == current, folder.stat().st_mtime), reverse=True)


def _origins(database: Path) -> list[str]:
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as opened:
            return [str(origin) for (origin,) in opened.execute("SELECT DISTINCT origin FROM articles") if origin]
    except sqlite3.Error:
        return []
