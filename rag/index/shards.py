"""Divide files into shards: what one worker reads, cuts and embeds at a time, and what is recorded as done."""

import hashlib
import json
import os
import stat
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from rag.index.manifest import Recipe
from rag.ingest.articles import Found
from rag.ingest.limits import ReadingLimits

MAX_FILES = 32
MAX_BYTES = 128 * 1024
"""A shard is closed before it holds more, so that a lost one costs seconds; a larger file is a shard of its own."""

RECORD_VERSION = 1


@dataclass(frozen=True, slots=True)
class ShardFile:
    """A file as it was when the shards were made.

    Attributes:
        path: absolute.
        root: the collection folder that it stands in, absolute.
        size: bytes.
        changed_ns: time of its last change.
    """

    path: str
    root: str
    size: int
    changed_ns: int

    @classmethod
    def of(cls, found: Found) -> Self | None:
        """Return a file as it is now, None for what is no regular file or is gone."""
        path, root = str(found.path.absolute()), str(found.root.absolute())
        try:
            status = os.lstat(path)
        except (OSError, ValueError):
            return None
        return cls(path, root, status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None

    def is_here(self) -> bool:
        """Return whether this machine sees the same file."""
        return ShardFile.of(Found(Path(self.path), Path(self.root))) == self


@dataclass(frozen=True, slots=True)
class Shard:
    """Files that are done together.

    Attributes:
        key: identity of the files as they are, and of everything that decides what becomes of them.
        files: in the order in which they were found.
    """

    key: str
    files: tuple[ShardFile, ...]

    @property
    def line(self) -> bytes:
        """The shard as ASCII, for another machine; names that are no Unicode pass as they are (PEP 383)."""
        return json.dumps([self.key, [asdict(file) for file in self.files]]).encode("ascii")

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """Return the shard of a line."""
        key, files = json.loads(line)
        return cls(key, tuple(ShardFile(**file) for file in files))


def shards_of(files: Sequence[Found], recipe: Recipe, limits: ReadingLimits) -> list[Shard]:
    """Return the files in shards; the same files in the same state give the same shards.

    Args:
        files: as they were found; what is no regular file is left out.
        recipe: what decides how they are cut and embedded.
        limits: what decides which are refused.
    """
    given = json.dumps([RECORD_VERSION, asdict(recipe), asdict(limits)], sort_keys=True)
    groups: list[list[ShardFile]] = []
    size = 0
    for file in filter(None, map(ShardFile.of, files)):
        if not groups or len(groups[-1]) == MAX_FILES or size + file.size > MAX_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(file)
        size += file.size
    return [Shard(_key(given, group), tuple(group)) for group in groups]


def _key(given: str, group: Sequence[ShardFile]) -> str:
    text = json.dumps([given, [asdict(file) for file in group]])
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]
