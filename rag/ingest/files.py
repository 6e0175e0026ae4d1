"""Open files of a collection: regular files only, no links, no waiting for pipes, bounded in size."""

import errno
import os
import stat
from pathlib import Path

from rag.errors import UnreadableFileError
from rag.ingest.limits import ReadingLimits, setting

# Names the kind before anything is parsed: some of these formats decode as text in one encoding or other.
_SIGNATURES = (
    (b"%PDF-", "a PDF document", ".pdf"),
    (b"PK\x03\x04", "a packed document or archive", ".docx, .epub"),
    (b"PK\x05\x06", "an empty archive", ""),
    (b"\xd0\xcf\x11\xe0", "an old Word or Office document", ""),
    (b"{\\rtf", "a rich text document", ""),
    (b"\x89PNG", "a picture", ""),
    (b"GIF8", "a picture", ""),
    (b"\xff\xd8\xff", "a picture", ""),
    (b"RIFF", "a sound, film or picture", ""),
    (b"\x1f\x8b", "an archive", ""),
    (b"BZh", "an archive", ""),
    (b"\xfd7zXZ", "an archive", ""),
    (b"7z\xbc\xaf", "an archive", ""),
    (b"Rar!", "an archive", ""),
    (b"\x28\xb5\x2f\xfd", "an archive", ""),
    (b"\x7fELF", "a program", ""),
    (b"\xca\xfe\xba\xbe", "a program", ""),
    (b"MZ\x90", "a program", ""),
    (b"SQLite format 3", "a database", ""),
    (b"%!PS", "a PostScript document", ""),
)


def read_bytes(path: Path, limits: ReadingLimits) -> bytes:
    """Return the content of a regular file.

    Args:
        path: a file; a link is refused even when it appeared after the folder was listed.
        limits: bounds the size.

    Raises:
        UnreadableFileError: it is a link, no regular file, too large, empty, or cannot be opened.
    """
    try:
        # Not to block is what keeps a pipe from waiting for its writer until its kind is known.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise UnreadableFileError("a link is not followed; copy the file to its place") from error
        if error.errno == errno.ENXIO:  # a socket
            raise UnreadableFileError("not a regular file; expected a file with text") from error
        raise UnreadableFileError(f"cannot be opened ({error.strerror})") from error
    except ValueError as error:  # a NUL byte in the name
        raise UnreadableFileError("its name cannot be used by this system") from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise UnreadableFileError("not a regular file; expected a file with text")
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > limits.max_file_bytes:
            raise _too_large(status.st_size, limits)
        try:
            content = file.read(limits.max_file_bytes + 1)
        except OSError as error:
            raise UnreadableFileError(f"cannot be read ({error.strerror})") from error
    if len(content) > limits.max_file_bytes:
        raise _too_large(len(content), limits)
    if not content.strip():
        raise UnreadableFileError("the file is empty; expected text")
    return content


def signature(content: bytes) -> tuple[str, str] | None:
    """Return what a file is by its first bytes, and the suffixes that fit it; None for what may be text."""
    head = content[:64].lstrip()
    return next(((kind, suffixes) for mark, kind, suffixes in _SIGNATURES if head.startswith(mark)), None)


def _too_large(size: int, limits: ReadingLimits) -> UnreadableFileError:
    return UnreadableFileError(
        f"holds {size} bytes; expected at most {limits.max_file_bytes}; cut it into parts or raise "
        f"{setting('max_file_mb')}"
    )
