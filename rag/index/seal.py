"""A seal beside a file that is written in place: the digest of what it holds while nobody writes it.

A writer breaks the seal before its first byte and sets it again when it is done. So a sealed file that differs from its
seal was damaged, and an unsealed one was left by a run that was stopped.
"""

import os
import uuid
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from rag.errors import IndexDamagedError
from rag.index.manifest import FileSeal


class SealState(StrEnum):
    """What a seal says about its file."""

    SOUND = "sound"
    UNSEALED = "unsealed"
    BROKEN = "broken"


def seal_state(path: Path) -> SealState:
    """Return what the seal of a file says; nobody may write the file meanwhile."""
    try:
        said = _seal_path(path).read_bytes()
    except FileNotFoundError:
        return SealState.UNSEALED
    except OSError:
        return SealState.BROKEN
    try:
        return SealState.SOUND if said == _text(FileSeal.of(path)) else SealState.BROKEN
    except IndexDamagedError:
        return SealState.BROKEN


def break_seal(path: Path) -> None:
    """Say that a file is being written."""
    _seal_path(path).unlink(missing_ok=True)


def set_seal(path: Path) -> None:
    """Say that a file is as it shall be, in one atomic step; nobody may write it meanwhile."""
    aside = _seal_path(path).with_name(f"{_seal_path(path).name}.{uuid.uuid4().hex}")
    try:
        aside.write_bytes(_text(FileSeal.of(path)))
        os.replace(aside, _seal_path(path))
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def remove_sealed(path: Path) -> None:
    """Remove a file with its seal and what stopped runs left of either."""
    break_seal(path)
    for left in (path, *path.parent.glob(f"{path.name}-journal"), *path.parent.glob(f"{path.name}.seal.*")):
        with suppress(FileNotFoundError):
            left.unlink()


def _seal_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.seal")


def _text(seal: FileSeal) -> bytes:
    return f"{seal.size} {seal.sha256}\n".encode("ascii")
