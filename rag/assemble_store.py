"""Where the index is read from, as the settings name it: a folder, or a server that many share."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import SettingsError
from rag.index.source import FolderSource, IndexSource
from rag.settings import IndexSettings, Settings

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from langchain_core.vectorstores import VectorStore


def make_source(settings: Settings, *, index: Path | None = None) -> IndexSource:
    """Return where the index that answers comes from: the server that the settings name, else the folder.

    Args:
        settings: name the server and the folder.
        index: an index folder in place of both.

    Raises:
        SettingsError: the client of the server is not installed.
    """
    if not on_server(settings, index):
        return FolderSource(index or settings.index.path, settings.index.checked_bytes)
    return _server_source(settings.index)


def on_server(settings: Settings, index: Path | None) -> bool:
    """Return whether the index is on a server: the settings name one, and no folder is given in its place.

    Raises:
        SettingsError: it is, and the client of the server is not installed.
    """
    if index is not None or settings.index.uri is None:
        return False
    from importlib.util import find_spec  # a folder needs none of this

    if find_spec("pymilvus") is None or find_spec("langchain_milvus") is None:
        raise SettingsError(
            "CITEWELL_INDEX__URI names a Milvus server, but its client is not installed; "
            "run: pip install 'citewell[milvus]', or empty the setting to use the index folder"
        )
    return True


@lru_cache(maxsize=4)
def _server_source(index: IndexSettings) -> IndexSource:
    """The source over a server: one for all who ask, since it remembers what the server said last."""
    from rag.index.milvus.server import MilvusServer  # it brings gRPC, which no folder needs
    from rag.index.milvus.source import MilvusSource

    return MilvusSource(MilvusServer(**index.server), index.path.absolute(), index.checked_bytes)


def make_vector_store(settings: Settings, embedding: "Embeddings", *, index: Path | None = None) -> "VectorStore":
    """Return the passages of the index that answers now as a LangChain vector store.

    Args:
        settings: name the server and the folder.
        embedding: the model that the index was built with.
        index: an index folder in place of both.

    Raises:
        SettingsError: the client of the server is not installed.
        IndexStoreError: the index is missing or damaged, or cannot be reached.
    """
    if not on_server(settings, index):
        from rag.index.store import open_index
        from rag.index.vector_store import FaissVectorStore  # LangChain: answering without it must not pay for it

        folder = index or settings.index.path
        return FaissVectorStore.over(open_index(folder, checked_bytes=settings.index.checked_bytes), embedding)
    from rag.index.milvus.langchain_store import vector_store_on
    from rag.index.milvus.server import MilvusServer

    store: VectorStore = vector_store_on(MilvusServer(**settings.index.server), embedding)
    return store
