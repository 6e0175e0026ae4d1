"""What is done with one shard, on whichever machine: read its files, cut their articles, embed what has no vector."""

import hashlib
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.chunk.windows import ChunkSettings
from rag.errors import CorpusError, IndexMismatchError
from rag.index.cutting import chunks_of, recipe_for, texts_to_embed
from rag.index.manifest import Recipe
from rag.index.shard_record import Prefixes, ReadFile, ShardRecord, are_among, prefixes
from rag.index.shards import Shard, ShardFile
from rag.index.vector_cache import content_key
from rag.ingest.limits import ReadingLimits
from rag.ingest.read import FileReader
from rag.ingest.text_builder import printable
from rag.types import Article, Chunk, Encoder, Vectors


@dataclass(frozen=True, slots=True)
class Known:
    """What need not be done again.

    Attributes:
        texts: prefixes of the keys of texts that have vectors.
        articles: prefixes of `place_key` of the articles that the index holds.
    """

    texts: Prefixes
    articles: Prefixes


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What came of a shard.

    Attributes:
        record: to be kept once the vectors are.
        keys: of the texts that were embedded.
        vectors: theirs, float32, shape (n, d).
    """

    record: bytes
    keys: list[bytes]
    vectors: Vectors


class ShardWorker:
    """Does shards one after the other; keeps the encoder and the reading process between them."""

    def __init__(self, encoder: Encoder, recipe: Recipe, limits: ReadingLimits, known: Known) -> None:
        """Take what all shards of a run have in common.

        Args:
            encoder: counts word pieces and makes the vectors.
            recipe: how the run cuts and embeds.
            limits: how large a file may be and how long reading it may take.
            known: what need not be done again.

        Raises:
            IndexMismatchError: this machine would cut or embed otherwise than the recipe says.
        """
        chunking = ChunkSettings(max_tokens=recipe.max_tokens, target_tokens=recipe.target_tokens)
        if recipe_for(encoder, chunking) != recipe:
            raise IndexMismatchError(
                f"{socket.gethostname()} has another version of Citewell or other weights of the encoder than the "
                "machine that asks; install the same on both, then run the command again"
            )
        self._encoder = encoder
        self._recipe = recipe
        self._known = known
        self._reader = FileReader(limits)

    def close(self) -> None:
        """End the reading process."""
        self._reader.close()

    def work(self, shard: Shard) -> ShardResult:
        """Return the record of a shard, and the vectors that were missing.

        Raises:
            CorpusError: this machine does not see the folder of the articles at all.
        """
        files = {file.path: self._read(file) for file in shard.files if _is_here(file)}
        texts = {
            content_key(self._recipe.model, text): text
            for file in files.values()
            for chunks in file.chunks
            for chunk in chunks or ()
            for text in texts_to_embed(chunk)
        }
        keys = prefixes(list(texts))
        known = set(keys[are_among(keys, self._known.texts)].tolist())
        missing = {key: text for key, text in texts.items() if int.from_bytes(key[:8]) not in known}
        # Longest first: batches of equal length waste no padding.
        todo = sorted(missing, key=lambda key: -len(missing[key]))
        vectors = self._encoder.encode([missing[key] for key in todo]) if todo else _no_vectors(self._recipe)
        return ShardResult(ShardRecord(files, keys).content, todo, vectors)

    def _read(self, file: ShardFile) -> ReadFile:
        root = Path(file.root)
        try:
            content = self._reader.read(Path(file.path), root=root)
        except CorpusError as error:
            return ReadFile(error)
        return ReadFile(content, tuple(self._cut(article, file) for article in content.articles))

    def _cut(self, article: Article, file: ShardFile) -> tuple[Chunk, ...] | None:
        """Cut an article unless the index holds it as it is; one that cannot be cut is left to who builds."""
        place = prefixes([place_key(printable(file.root), article.path, article.digest)])
        if are_among(place, self._known.articles).all():
            return None
        try:
            return tuple(chunks_of([article], self._encoder, self._recipe))
        except CorpusError:
            return None


def place_key(origin: str, path: str, digest: str) -> bytes:
    """Return the identity of an article at its place and in its state."""
    return hashlib.sha256("\x00".join((origin, path, digest)).encode("utf-8", "surrogatepass")).digest()


def known_articles(places: Iterable[tuple[str, str, str]]) -> Prefixes:
    """Return which articles an index holds.

    Args:
        places: origin, path and digest of each.
    """
    return prefixes([place_key(*place) for place in places])


def _is_here(file: ShardFile) -> bool:
    """Whether this machine sees the file as the asking one did; a file that changed since is left to that one."""
    if not Path(file.root).is_dir():
        raise CorpusError(
            f"{socket.gethostname()} does not see {file.root}; make the articles reachable at the same path on every "
            "machine of the cluster, then run the command again"
        )
    return file.is_here()


def _no_vectors(recipe: Recipe) -> Vectors:
    return np.zeros((0, recipe.dimension), dtype=np.float32)
