"""A new generation on a server, while it is being written."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rag.index.manifest import Manifest, Recipe, content_id
from rag.index.milvus.layout import BATCH, FOR_GOOD, Names, drop, load, seen_by, stamp_of
from rag.index.milvus.rows import article_rows, chunk_rows, each_row, quoted, upsert
from rag.index.milvus.server import LONG_S, MilvusServer
from rag.index.milvus.state import Note, point_alias, write_note
from rag.index.schema import LAYOUT
from rag.types import Article, ArticleId, Chunk, Vectors

logger = logging.getLogger(__name__)

FIELDS = {
    "passages": ("pk", "vector", "article_id", "since", "until", "text", "metadata"),
    "sentences": ("pk", "vector", "article_id", "since", "until", "passage"),
    "articles": ("pk", "vector", "article_id", "since", "until", "origin", "path", "digest", "part", "body"),
}
"""All fields of a row: to change one, the row is written again."""

ARTICLE_BATCH = 100
"""Rows of articles sent at once: 6 MB at most."""


@dataclass(frozen=True, slots=True)
class MilvusSink:
    """Takes what a new generation holds. It may be sent to other processes, which add chunks beside each other.

    Attributes:
        server: where it is written.
        names: its collections.
        number: of the generation.
        old: what the alias points to now, None for nothing.
        anew: whether its collections are new, and hold nothing of the old generation.
    """

    server: MilvusServer
    names: Names
    number: int
    old: Note | None = field(repr=False)
    anew: bool

    def remove(self, article_ids: Sequence[str]) -> None:
        """Remove articles of the old generation: it goes on seeing them."""
        if self.anew:
            return
        for start in range(0, len(article_ids), BATCH // 10):
            some = quoted(article_ids[start : start + BATCH // 10])
            for kind in FIELDS:
                limit(
                    self.server, self.names, kind, f"article_id in {some} and {seen_by(self.number - 1)}", self.number
                )

    def put(self, articles: Sequence[tuple[Article, str]]) -> None:
        """Add articles, each with the folder that it came from."""
        rows = [row for article, origin in articles for row in article_rows(article, origin, self.number)]
        upsert(self.server, self.names.articles, rows, at_once=ARTICLE_BATCH)

    def add(self, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Add chunks.

        Args:
            chunks: n of them.
            vectors: float32, shape (m, d): for each chunk its vector, then those of its sentences and questions.
        """
        passages, sentences = chunk_rows(chunks, vectors, self.number)
        upsert(self.server, self.names.sentences, sentences)
        upsert(self.server, self.names.passages, passages)

    def finish(self, recipe: Recipe, sources: Sequence[str]) -> Manifest:
        """Let the generation answer: its rows are counted first, and the old one is kept to go back to."""
        if self.anew:
            load(self.server, self.names)
        digests = {
            ArticleId(row["article_id"]): str(row["digest"])
            for rows in each_row(
                self.server, self.names.articles, f"part == 0 and {seen_by(self.number)}", ("article_id", "digest")
            )
            for row in rows
        }
        manifest = Manifest(
            index_id=content_id(recipe, digests),
            recipe=recipe,
            layout=LAYOUT,
            articles=len(digests),
            chunks=count(self.server, self.names.passages, self.number),
            sentences=count(self.server, self.names.sentences, self.number),
            files={},
            sources=tuple(sources),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        if self.anew or self.old is None:
            before = self.old.generation if self.old else None
            write_note(self.server, Note(self.names, self.number, before, self.number, {self.number: manifest.text}))
            point_alias(self.server, self.names)
        else:
            write_note(self.server, self.old.followed_by(self.number, manifest))
        return manifest


def new_sink(server: MilvusServer, old: Note | None, *, anew: bool) -> MilvusSink:
    """Return a sink for the generation after the one that answers; its collections are there already.

    Args:
        server: where it is written.
        old: what answers now.
        anew: whether it begins with nothing.
    """
    if old is None or anew:
        names = Names.new(server.alias)
        return MilvusSink(server, names, 1, old, anew=True)
    clean = old.without_future()
    if clean != old:
        write_note(server, clean)
    _undo_unfinished(server, clean)
    return MilvusSink(server, clean.names, clean.last + 1, clean, anew=False)


def drop_unused(server: MilvusServer, note: Note | None) -> None:
    """Remove collections that neither answer nor are gone back to: what stopped runs and old builds left."""
    keep = {note.names.stamp, *([note.before.stamp] if note.before else [])} if note else set()
    stamps = {stamp_of(server.alias, name) for name in server.call("list_collections", timeout_s=LONG_S)}
    for stamp in sorted(found for found in stamps if found is not None and found not in keep):
        drop(server, Names(server.alias, stamp))


def count(server: MilvusServer, collection: str, number: int) -> int:
    """Return how many rows a generation sees, as of now."""
    found = server.call(
        "query",
        collection,
        filter=seen_by(number),
        output_fields=["count(*)"],
        consistency_level="Strong",
        timeout_s=LONG_S,
    )
    return int(found[0]["count(*)"])


def limit(server: MilvusServer, names: Names, kind: str, where: str, until: int) -> None:
    """Write the rows that a filter finds again, with another end."""
    collection = getattr(names, kind)
    for rows in list(each_row(server, collection, where, FIELDS[kind])):
        upsert(server, collection, [{**row, "until": until} for row in rows], at_once=ARTICLE_BATCH)


def _undo_unfinished(server: MilvusServer, note: Note) -> None:
    """Take back what a stopped run wrote after the generation that answers, and what no kept generation sees."""
    for kind in FIELDS:
        collection = getattr(note.names, kind)
        server.call("delete", collection, filter=f"since > {note.current}", timeout_s=LONG_S)
        limit(server, note.names, kind, f"until > {note.current} and until < {FOR_GOOD}", FOR_GOOD)
        server.call("delete", collection, filter=f"until <= {note.oldest}", timeout_s=LONG_S)
