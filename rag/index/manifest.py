"""What built an index generation and what it holds, as a small JSON file beside it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.errors import IndexDamagedError, IndexMismatchError
from rag.types import ArticleId

FORMAT = 1
"""Raised when the files of a generation change their meaning."""

MANIFEST_FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything besides the articles that decides what a generation holds.

    Attributes:
        model: the encoder's name, with its digest.
        dimension: width of the vectors.
        max_tokens: window of a chunk in word pieces.
        target_tokens: where chunks are closed.
        reader: version of the readers.
        chunker: version of the chunker.
    """

    model: str
    dimension: int
    max_tokens: int
    target_tokens: int
    reader: str
    chunker: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A generation's description.

    Attributes:
        index_id: identity of the content: equal articles and recipe give equal ids.
        recipe: what built it.
        articles: number of articles.
        chunks: number of chunks.
        files: SHA-256 (hex) by file name.
        created: ISO time in UTC.
    """

    index_id: str
    recipe: Recipe
    articles: int
    chunks: int
    files: dict[str, str]
    created: str

    def save(self, folder: Path) -> None:
        """Write the manifest into a generation's folder."""
        fields = {"format": FORMAT, **asdict(self)}
        fields["check"] = _check_of(fields)
        (folder / MANIFEST_FILE).write_text(json.dumps(fields, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Manifest":
        """Read a generation's manifest.

        Raises:
            IndexDamagedError: it is missing, is not JSON, or was altered.
            IndexMismatchError: it was written by another format.
        """
        path = folder / MANIFEST_FILE
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            if fields["format"] != FORMAT:
                raise IndexMismatchError(
                    f"{path} has format {fields['format']}, expected {FORMAT}; run: citewell index --rebuild"
                )
            if fields.pop("check") != _check_of(fields):
                raise ValueError("its own digest does not match")
            fields.pop("format")
            return cls(**{**fields, "recipe": Recipe(**fields["recipe"])})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexDamagedError(f"{path} is missing or damaged; run: citewell index --rebuild") from error


def content_id(recipe: Recipe, digests: Mapping[ArticleId, str]) -> str:
    """Return the identity of articles (digest by id) under a recipe: 16 hex digits."""
    text = json.dumps([asdict(recipe), sorted(digests.items())], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def file_digest(path: Path) -> str:
    """Return a file's SHA-256 in hex.

    Raises:
        IndexDamagedError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise IndexDamagedError(f"{path} cannot be read ({error.strerror}); run: citewell index --rebuild") from error


def _check_of(fields: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
