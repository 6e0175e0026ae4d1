"""The plain LangChain quick start as a yardstick: cut at 1000 characters, embed, FAISS, the top four."""

import warnings
from collections.abc import Callable
from importlib.util import find_spec

from eval.collection import Collection
from eval.qrels import Piece
from eval.ranking import System, article_texts
from rag.embed.weights import find_model
from rag.types import Span

PACKAGES = ("langchain_community", "langchain_huggingface", "langchain_text_splitters")
CHUNK_CHARS = 1000
OVERLAP_CHARS = 200
TOP = 4
"""What a LangChain retriever returns unless told otherwise."""

MISSING = "LangChain quick start left out: its packages are not installed; run: .venv/bin/pip install -e '.[bench]'"


def is_installed() -> bool:
    """Return whether the optional packages are there."""
    return all(find_spec(package) is not None for package in PACKAGES)


def quick_start_systems(collection: Collection, model: str, *, k: int) -> list[System]:
    """Return the quick start as it comes, four passages deep, and as deep as the others.

    Args:
        collection: its articles are cut and embedded again, in memory.
        model: the encoder as the settings name it; the same weights are used.
        k: depth of the second one.

    Raises:
        ModelError: the weights are missing or altered.
    """
    with warnings.catch_warnings():
        # The community package says at every import that it is no longer developed.
        warnings.simplefilter("ignore")
        from langchain_community.vectorstores import FAISS  # type: ignore[import-not-found, unused-ignore]
        from langchain_core.documents import Document
        from langchain_huggingface import HuggingFaceEmbeddings  # type: ignore[import-not-found, unused-ignore]
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(
            chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS, add_start_index=True
        )
        documents = splitter.split_documents(
            [
                Document(page_content=text, metadata={"source": article_id})
                for article_id, text in article_texts(collection).items()
            ]
        )
        store = FAISS.from_documents(documents, HuggingFaceEmbeddings(model_name=find_model(model).reference))

    def piece(document: Document) -> Piece:
        start, article_id = int(document.metadata["start_index"]), str(document.metadata["source"])
        return Piece(f"{article_id}@{start}", article_id, Span(start, start + len(document.page_content)))

    def ranker(depth: int) -> Callable[[str], list[str]]:
        return lambda text: [piece(found).piece_id for found in store.similarity_search(text, k=depth)]

    pieces = tuple(piece(document) for document in documents)
    return [
        System("quick_start", f"LangChain quick start, its top {TOP}", pieces, ranker(TOP)),
        System("quick_start_deep", f"LangChain quick start, {k} deep", pieces, ranker(k)),
    ]
