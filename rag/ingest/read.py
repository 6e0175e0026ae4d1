"""Read one file of any supported format: small and tame text here, everything else in a separate process."""

import stat
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.errors import UnreadableFileError
from rag.ingest.files import read_bytes
from rag.ingest.isolated import ReadingProcess
from rag.ingest.limits import ReadingLimits
from rag.ingest.parse import PLAIN, FileContent, known_suffixes, parse_content, unknown_format
from rag.types import Article

TAME_BYTES = 64 * 1024
"""Text up to this size is parsed in this process: an article of 1,000 words has 6 KiB."""

TAME_SIGNS = 2_000
"""Brackets, bars, fences … up to this many keep the Markdown parser fast: its time grows with their square, and
60,000 brackets took 5 s (2026-11-22)."""

_COSTLY = b"[]()<>`*_|!&~#:-"


class FileReader:
    """Reads files one after the other; holds the reading process, which starts with the first risky file."""

    def __init__(self, limits: ReadingLimits | None = None) -> None:
        self.limits = limits or ReadingLimits()
        self._process = ReadingProcess(self.limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the reading process."""
        self._process.close()

    def read(self, path: Path, *, root: Path | None = None) -> FileContent:
        """Return what a file holds.

        Args:
            path: a file of a known format.
            root: the collection's folder; `Article.path` is relative to it.

        Raises:
            UnreadableFileError: not a regular file, a link, too large, empty, binary, damaged, or beyond a limit.
            FrontMatterError: the header is malformed.
        """
        suffix = path.suffix.lower()
        if suffix not in known_suffixes():
            self._refuse_special(path)
            raise unknown_format(path)
        content = read_bytes(path, self.limits)
        if suffix in PLAIN and is_tame(content):
            return parse_content(content, path, root, self.limits)
        del content  # the process reads the file itself: only its name crosses over
        return self._process.read(path.absolute(), None if root is None else root.absolute())

    def _refuse_special(self, path: Path) -> None:
        try:
            mode = path.lstat().st_mode
        except (OSError, ValueError) as error:
            raise UnreadableFileError("cannot be opened") from error
        if stat.S_ISLNK(mode):
            raise UnreadableFileError("a link is not followed; copy the file to its place")
        if not stat.S_ISREG(mode):
            raise UnreadableFileError("not a regular file; expected a file with text")


def is_tame(content: bytes) -> bool:
    """Return whether a text is small and plain enough that no parser takes long over it."""
    return len(content) <= TAME_BYTES and all(content.count(bytes((sign,))) <= TAME_SIGNS for sign in _COSTLY)


def read_article(path: Path, *, root: Path | None = None, limits: ReadingLimits | None = None) -> Article:
    """Return the article in a file, the first one of a file of several.

    Args:
        path: a file of a known format.
        root: the collection's folder; `Article.path` is relative to it.
        limits: how large it may be and how long it may take.

    Raises:
        UnreadableFileError: not a regular file, too large, empty, binary, damaged, or of no known format.
        FrontMatterError: the header is malformed.
    """
    with FileReader(limits) as reader:
        articles = reader.read(path, root=root).articles
    if not articles:
        raise UnreadableFileError("it is a site's map and holds no article")
    return articles[0]
