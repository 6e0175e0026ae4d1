"""Where the index is read from, as the settings name it."""

from pathlib import Path

from rag.index.source import FolderSource, IndexSource
from rag.settings import Settings


def make_source(settings: Settings, *, index: Path | None = None) -> IndexSource:
    """Return where the index that answers comes from.

    Args:
        settings: name the folder.
        index: an index folder in place of the one in the settings.
    """
    return FolderSource(index or settings.index.path, settings.index.checked_bytes)
