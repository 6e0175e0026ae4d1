"""A list of words beside an index, one a line, under a line that says what it is and has a digest of all of it."""

import hashlib


def listing(title: str, words: list[str]) -> bytes:
    """Return the content of a list: every word stands between line ends."""
    return _content(title.encode(), "\n".join([*words, ""]).encode())


def is_whole(content: bytes, title: str | None = None) -> bool:
    """Return whether no byte of a list was altered and, where a title is given, it is the list of that title."""
    first, _, rest = content.partition(b"\n")
    found = first.removeprefix(b"# ").rpartition(b" ")[0]
    return content == _content(found, rest) and (title is None or found == title.encode())


def _content(title: bytes, rest: bytes) -> bytes:
    digest = hashlib.sha256(title + b"\n" + rest).hexdigest().encode()
    return b"# " + title + b" " + digest + b"\n" + rest
