"""How an index lies on a server: its collections, their fields, and which rows a generation sees.

    ALIAS                    points to the passages of the generation that answers
    ALIAS_passages_STAMP     a row for each passage: vector, text, metadata
    ALIAS_sentences_STAMP    a row for each sentence and known question of a passage: vector
    ALIAS_articles_STAMP     the articles, cut into parts that fit a row
    ALIAS_lock               holds nothing; its properties say who writes

A row is seen by the generations from `since` up to, and without, `until`. So a run that brings the index up to date
only adds rows and limits others, what the old generation sees stays as it was, and going back is a change of number.
"""

import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from rag.index.milvus.server import LONG_S, MilvusServer
from rag.index.size_rule import SIZE_RULE, are_searched

FOR_GOOD = 2**62
"""`until` of a row that no run has removed."""

BYTES_OF_PART = 60_000
"""Of an article's text in one row; a text field holds 65,535."""

MOST_TEXT = 65_535
MOST_ID = 1_024
KEY = 64
BATCH = 500
"""Rows sent or fetched at once: under a megabyte of vectors."""

HNSW = {"M": 16, "efConstruction": 200}
EF = 512
"""Candidates that HNSW looks at; more where more are wanted."""

ALL = ("passages", "sentences", "articles")


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the collections of one build.

    Attributes:
        alias: how they begin.
        stamp: what tells one build from another.
    """

    alias: str
    stamp: str

    @classmethod
    def new(cls, alias: str) -> "Names":
        """Return names that nobody has."""
        return cls(alias, uuid.uuid4().hex[:12])

    @property
    def passages(self) -> str:
        """Collection of the passages."""
        return f"{self.alias}_passages_{self.stamp}"

    @property
    def sentences(self) -> str:
        """Collection of the sentences and questions."""
        return f"{self.alias}_sentences_{self.stamp}"

    @property
    def articles(self) -> str:
        """Collection of the articles."""
        return f"{self.alias}_articles_{self.stamp}"

    @property
    def all(self) -> tuple[str, str, str]:
        """All three."""
        return self.passages, self.sentences, self.articles


def stamp_of(alias: str, collection: str) -> str | None:
    """Return the stamp in a collection's name, None when it is none of this index."""
    found = re.fullmatch(rf"{re.escape(alias)}_(?:{'|'.join(ALL)})_([0-9a-f]{{12}})", collection)
    return found[1] if found else None


def seen_by(number: int) -> str:
    """Return the filter for the rows that a generation sees."""
    return f"since <= {number} and until > {number}"


def passage_key(chunk_id: str, number: int) -> str:
    """Return the key of a passage that generation `number` adds: equal passages of one run are one row."""
    return f"{chunk_id}-{number:x}"


def sentence_key(passage: str, place: int) -> str:
    """Return the key of what stands at a place of a passage."""
    return f"{passage}-{place}"


def create(server: MilvusServer, names: Names, dimension: int) -> None:
    """Make the collections of a new build, empty and without an index."""
    from pymilvus import DataType

    def new(name: str, width: int, fields: dict[str, tuple[DataType, dict[str, int]]]) -> None:
        schema = server.client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("pk", DataType.VARCHAR, is_primary=True, max_length=KEY if width > 2 else MOST_ID + KEY)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=width)
        schema.add_field("article_id", DataType.VARCHAR, max_length=MOST_ID)
        schema.add_field("since", DataType.INT64)
        schema.add_field("until", DataType.INT64)
        for field, (kind, details) in fields.items():
            schema.add_field(field, kind, **details)
        server.call(
            "create_collection",
            name,
            schema=schema,
            num_shards=server.shards,
            consistency_level="Bounded",
            timeout_s=LONG_S,
        )

    text = (DataType.VARCHAR, {"max_length": MOST_TEXT})
    name = (DataType.VARCHAR, {"max_length": MOST_ID})
    parts = {"origin": text, "path": text, "digest": name, "part": (DataType.INT64, {}), "body": text}
    _beside_each_other(
        lambda: new(names.passages, dimension, {"text": text, "metadata": (DataType.JSON, {})}),
        lambda: new(names.sentences, dimension, {"passage": (DataType.VARCHAR, {"max_length": KEY})}),
        lambda: new(names.articles, 2, parts),  # every collection has a vector; that of an article means nothing
    )


def load(server: MilvusServer, names: Names) -> None:
    """Index and load the collections of a build when their rows are in: the kind of index follows their number."""

    def load_one(name: str) -> None:
        server.call("flush", name, timeout_s=LONG_S)
        rows = int(server.call("get_collection_stats", name, timeout_s=LONG_S)["row_count"])
        looked_up = name == names.articles or (name == names.sentences and not are_searched(rows))
        params = server.client.prepare_index_params()
        if rows <= SIZE_RULE.exact or looked_up:
            params.add_index("vector", index_type="FLAT", metric_type="IP")
        else:
            params.add_index("vector", index_type="HNSW", metric_type="IP", params=HNSW)
        server.call("create_index", name, params, timeout_s=LONG_S)
        server.call("load_collection", name, replica_number=server.replicas, timeout_s=LONG_S)

    _beside_each_other(*(partial(load_one, name) for name in names.all))


def drop(server: MilvusServer, names: Names) -> None:
    """Remove the collections of a build; those that are gone are passed over."""
    _beside_each_other(*(partial(server.call, "drop_collection", name, timeout_s=LONG_S) for name in names.all))


def _beside_each_other(*steps: Callable[[], object]) -> None:
    """Do what takes the server seconds at the same time; the first failure is raised when all have ended."""
    with ThreadPoolExecutor(len(steps)) as pool:
        for done in [pool.submit(step) for step in steps]:
            done.result()
