"""What built an index generation and what it holds, as a small JSON file beside it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.errors import IndexDamagedError, IndexMismatchError
from rag.index.mending import mend
from rag.types import ArticleId

FORMAT = 2
"""Raised when the files of a generation change their meaning; a changed layout of rows is noticed by itself."""

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
class FileSeal:
    """What a file of a generation must be.

    Attributes:
        size: its length in bytes.
        sha256: its digest in hex.
    """

    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> "FileSeal":
        """Return the seal of a file as it is now.

        Raises:
            IndexDamagedError: the file cannot be read.
        """
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                return cls(file.tell(), digest)
        except OSError as error:
            raise IndexDamagedError(f"{path} is missing or cannot be read ({error.strerror}); {mend(path)}") from error


@dataclass(frozen=True, slots=True)
class Manifest:
    """A generation's description.

    Attributes:
        index_id: identity of the content: equal articles and recipe give equal ids.
        recipe: what built it.
        layout: identity of the fields that rows of the database hold.
        articles: number of articles.
        chunks: number of chunks.
        sentences: number of vectors of sentences and questions.
        files: the seal of each file by its name.
        sources: files and folders that the articles came from, absolute.
        created: ISO time in UTC.
    """

    index_id: str
    recipe: Recipe
    layout: str
    articles: int
    chunks: int
    sentences: int
    files: dict[str, FileSeal]
    sources: tuple[str, ...]
    created: str

    @property
    def text(self) -> str:
        """The content of the file: it has one form only, so that every byte of it counts."""
        fields = {"format": FORMAT, **asdict(self)}
        fields["check"] = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
        return json.dumps(fields, indent=1, sort_keys=True) + "\n"

    def save(self, folder: Path) -> None:
        """Write the manifest into a generation's folder."""
        (folder / MANIFEST_FILE).write_bytes(self.text.encode())

    @classmethod
    def load(cls, folder: Path) -> "Manifest":
        """Read a generation's manifest.

        Raises:
            IndexDamagedError: it is missing, is not JSON, or was altered.
            IndexMismatchError: another version of Citewell wrote it.
        """
        path = folder / MANIFEST_FILE
        try:
            text = path.read_bytes().decode()
        except (OSError, ValueError) as error:
            raise IndexDamagedError(f"{path} is missing or damaged; {mend(path)}") from error
        return cls.parsed(text, str(path), mend(path))

    @classmethod
    def parsed(cls, text: str, place: str, advice: str) -> "Manifest":
        """Return the manifest that a text is.

        Args:
            text: what `text` gave.
            place: where it stands, for people.
            advice: what to run when it cannot be used.

        Raises:
            IndexDamagedError: it is not JSON, or was altered.
            IndexMismatchError: another version of Citewell wrote it.
        """
        try:
            fields = json.loads(text)
            if fields["format"] != FORMAT:
                raise IndexMismatchError(
                    f"{place} has format {fields['format']!r:.20}, expected {FORMAT}: "
                    f"another version of Citewell wrote it; {advice}"
                )
            manifest = cls._of(fields)
            if manifest.text != text:
                raise ValueError("its own digest does not match")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise IndexDamagedError(f"{place} is missing or damaged; {advice}") from error
        return manifest

    @classmethod
    def _of(cls, fields: dict[str, object]) -> "Manifest":
        given = {name: value for name, value in fields.items() if name not in ("format", "check")}
        recipe, files, sources = given["recipe"], given["files"], given["sources"]
        if not (isinstance(recipe, dict) and isinstance(files, dict) and isinstance(sources, list)):
            raise TypeError("a field has the wrong type")
        return cls(
            **{  # type: ignore[arg-type]  # by name; the digest tells whether they are right
                **given,
                "recipe": Recipe(**recipe),
                "files": {name: FileSeal(**seal) for name, seal in files.items()},
                "sources": tuple(sources),
            }
        )


def content_id(recipe: Recipe, digests: Mapping[ArticleId, str]) -> str:
    """Return the identity of articles (digest by id) under a recipe: 16 hex digits."""
    text = json.dumps([asdict(recipe), sorted(digests.items())], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
