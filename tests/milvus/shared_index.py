"""An index of a few made articles on a server, and what several machines see of it."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from rag.index.build import build_index
from rag.index.milvus.server import MilvusServer
from rag.index.milvus.source import MilvusSource
from rag.index.milvus.target import MilvusTarget
from rag.index.report import BuildReport
from rag.index.store import IndexReader
from tests.fakes import HashedEncoder
from tests.rag.index.states import write_collection


@dataclass(frozen=True, slots=True)
class SharedIndex:
    """An index on a server under a name of its own.

    Attributes:
        server: where it is.
        place: folder of the test.
    """

    server: MilvusServer
    place: Path

    def target(self, machine: str = "writer") -> MilvusTarget:
        """What a machine writes to."""
        return MilvusTarget(self.server, self.place / machine)

    def source(self, machine: str) -> MilvusSource:
        """What a machine reads from."""
        return MilvusSource(self.server, self.place / machine)

    def open(self, machine: str = "reader") -> IndexReader:
        """The generation that answers, as a machine opens it."""
        return self.source(machine).open()

    def opened_afresh(self) -> IndexReader:
        """The generation that answers, as a machine opens it that has no copy of anything."""
        shutil.rmtree(self.place / "fresh", ignore_errors=True)
        return self.open("fresh")

    def build(self, articles: Mapping[str, str], *, rebuild: bool = False) -> BuildReport:
        """Bring the index up to date with exactly these articles."""
        corpus = write_collection(self.place / "texts", dict(articles))
        return build_index([corpus], self.target(), encoder=HashedEncoder(), rebuild=rebuild)

    def collections(self) -> set[str]:
        """Names of the collections that hold rows."""
        found = self.server.call("list_collections")
        return {name for name in found if name.startswith(f"{self.server.alias}_") and not name.endswith("_lock")}


@contextmanager
def shared_index(uri: str, place: Path) -> Iterator[SharedIndex]:
    """Yield an index that nobody else has, and remove its collections afterwards."""
    index = SharedIndex(MilvusServer(uri, f"t{uuid4().hex[:10]}"), place)
    try:
        yield index
    finally:
        if index.server.call("has_collection", index.server.alias):
            index.server.call("drop_alias", index.server.alias)
        for name in [*index.collections(), f"{index.server.alias}_lock"]:
            index.server.call("drop_collection", name)
