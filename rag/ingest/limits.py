"""How large a file may be and how long reading it may take."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Bounds for one file; what passes one is refused with a line that names the setting.

    Attributes:
        max_file_mb: size of a file in MiB.
        max_unpacked_mb: what the parts of a packed document (Word, EPUB) may hold together, in MiB.
        max_characters: length of an article's text.
        max_blocks: paragraphs, list items and table rows of an article.
        max_headings: headings of an article.
        max_pages: pages of a PDF.
        max_entries: articles in a feed or export file.
        timeout_s: seconds for reading one file in the separate process.
        memory_mb: memory of that process in MiB.
    """

    max_file_mb: int = 20
    max_unpacked_mb: int = 100
    max_characters: int = 1_000_000
    max_blocks: int = 20_000
    max_headings: int = 2_000
    max_pages: int = 1_000
    max_entries: int = 5_000
    timeout_s: float = 30.0
    memory_mb: int = 512

    @property
    def max_file_bytes(self) -> int:
        """Size of a file in bytes."""
        return self.max_file_mb * MEBIBYTE

    @property
    def max_unpacked_bytes(self) -> int:
        """Size of all parts of a packed document in bytes."""
        return self.max_unpacked_mb * MEBIBYTE


def setting(name: str) -> str:
    """Return the environment name of a limit, for messages that say what to change."""
    return f"CITEWELL_CORPUS__{name.upper()}"
