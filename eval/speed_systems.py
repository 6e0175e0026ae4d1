"""The systems whose speed is measured: ours, plain sentence-transformers, and the LangChain quick start."""

import json
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from eval import speed_first_query
from eval.quick_start import TOP
from eval.speed_first_query import PASSAGES_FILE, VECTORS_FILE
from eval.speed_values import CONTROL, OURS
from rag.chunk.windows import ChunkSettings
from rag.index.build import build_index
from rag.index.store import open_index
from rag.index.vector_cache import VectorCache
from rag.retrieve.hybrid import HybridRetriever
from rag.types import Encoder, Vectors


class System(Protocol):
    """Something that indexes passages and finds them."""

    name: str
    title: str

    def embed(self, passages: Sequence[str], folder: Path) -> None:
        """Embed passages; the folder is empty and may be written to."""

    def build(self, passages: Sequence[str], articles: Path, folder: Path) -> None:
        """Make a saved index of the passages, or of the articles that they come from."""

    def open(self, folder: Path) -> None:
        """Get ready to search a saved index."""

    def search(self, text: str) -> list[str]:
        """Return the top passages."""

    def command(self, folder: Path, question: str) -> list[str]:
        """Return the command that puts a first question to a saved index."""


class Citewell:
    """Ours: the vector cache, the index and the hybrid search, put together as the product does."""

    def __init__(
        self,
        encoder: Encoder,
        chunking: ChunkSettings,
        *,
        answering: Callable[[Path], Encoder] | None = None,
        control: bool = False,
    ) -> None:
        """Take the parts.

        Args:
            encoder: embeds passages.
            chunking: how articles are cut.
            answering: gives what embeds questions to a saved index; None for the same encoder.
            control: for a second one, which should measure as the first.
        """
        self.name = CONTROL if control else OURS
        self.title = "Citewell again (control)" if control else "Citewell"
        self._encoder = encoder
        self._chunking = chunking
        self._answering = answering or (lambda index: encoder)
        self._retriever: HybridRetriever | None = None

    def embed(self, passages: Sequence[str], folder: Path) -> None:
        """Embed passages through a vector cache that holds nothing yet."""
        cache = VectorCache(folder / "vectors.sqlite")
        try:
            cache.encode(passages, self._encoder)
        finally:
            cache.close()

    def build(self, passages: Sequence[str], articles: Path, folder: Path) -> None:
        """Bring the index of the articles up to date."""
        build_index([articles], folder, encoder=self._encoder, chunking=self._chunking)

    def open(self, folder: Path) -> None:
        """Open the index."""
        encoder = self._answering(folder)
        self._retriever = HybridRetriever(open_index(folder, model=encoder.name), encoder)

    def search(self, text: str) -> list[str]:
        """Return the top passages by meaning and words."""
        if self._retriever is None:
            raise RuntimeError("open an index first")
        return [hit.chunk.text for hit in self._retriever.retrieve(text, k=TOP)]

    def command(self, folder: Path, question: str) -> list[str]:
        """Return the command that answers one question."""
        return [sys.executable, "-m", "rag", "ask", "--index", str(folder), "--", question]


class Plain:
    """A model and a matrix: what a dozen lines with sentence-transformers do."""

    name = "plain"
    title = "plain sentence-transformers"

    def __init__(self, encode: Callable[[list[str]], Vectors], model: str) -> None:
        self._encode = encode
        self._model = model
        self._vectors = np.zeros((0, 0), dtype=np.float32)
        self._passages: list[str] = []

    @classmethod
    def load(cls, model: str) -> "Plain":
        """Return it with a model's folder or name."""
        from sentence_transformers import SentenceTransformer

        encoder = SentenceTransformer(model, device="cpu")

        def encode(texts: list[str]) -> Vectors:
            vectors = encoder.encode(texts, normalize_embeddings=True, show_progress_bar=False)
            return np.asarray(vectors, dtype=np.float32)

        return cls(encode, model)

    def embed(self, passages: Sequence[str], folder: Path) -> None:
        """Embed passages."""
        self._encode(list(passages))

    def build(self, passages: Sequence[str], articles: Path, folder: Path) -> None:
        """Save vectors and texts."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / VECTORS_FILE, self._encode(list(passages)))
        (folder / PASSAGES_FILE).write_text(json.dumps(list(passages)), encoding="utf-8")

    def open(self, folder: Path) -> None:
        """Load vectors and texts."""
        self._vectors = np.load(folder / VECTORS_FILE)
        self._passages = json.loads((folder / PASSAGES_FILE).read_text(encoding="utf-8"))

    def search(self, text: str) -> list[str]:
        """Return the top passages by a product with every vector."""
        scores = self._vectors @ self._encode([text])[0]
        return [self._passages[row] for row in np.argsort(-scores)[:TOP]]

    def command(self, folder: Path, question: str) -> list[str]:
        """Return the command of the script."""
        return first_query_command(self.name, folder, self._model, question)


class QuickStart:
    """LangChain's quick start: Hugging Face embeddings and the community FAISS store."""

    name = "quick_start"
    title = "LangChain quick start"

    def __init__(self, model: str) -> None:
        with warnings.catch_warnings():
            # The community package says at every import that it is no longer developed.
            warnings.simplefilter("ignore")
            from langchain_community.vectorstores import FAISS  # type: ignore[import-not-found, unused-ignore]
            from langchain_huggingface import HuggingFaceEmbeddings  # type: ignore[import-not-found, unused-ignore]

        self._model = model
        self._faiss: Any = FAISS
        self._embeddings: Any = HuggingFaceEmbeddings(model_name=model, model_kwargs={"device": "cpu"})
        self._store: Any = None

    def embed(self, passages: Sequence[str], folder: Path) -> None:
        """Embed passages."""
        self._embeddings.embed_documents(list(passages))

    def build(self, passages: Sequence[str], articles: Path, folder: Path) -> None:
        """Make and save the store."""
        self._faiss.from_texts(list(passages), self._embeddings).save_local(str(folder))

    def open(self, folder: Path) -> None:
        """Load the store."""
        # This process wrote the folder itself, a moment ago.
        self._store = self._faiss.load_local(str(folder), self._embeddings, allow_dangerous_deserialization=True)

    def search(self, text: str) -> list[str]:
        """Return the top passages."""
        return [str(found.page_content) for found in self._store.similarity_search(text, k=TOP)]

    def command(self, folder: Path, question: str) -> list[str]:
        """Return the command of the script."""
        return first_query_command(self.name, folder, self._model, question)


def first_query_command(system: str, folder: Path, model: str, question: str) -> list[str]:
    """Return the command that puts a first question to a baseline's saved index."""
    # -P: the script's own folder must not hide modules of the same name from the libraries.
    return [sys.executable, "-P", speed_first_query.__file__, system, str(folder), model, question]
