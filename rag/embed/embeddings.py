"""An encoder as LangChain `Embeddings`."""

from langchain_core.embeddings import Embeddings

from rag.types import Encoder


class EncoderEmbeddings(Embeddings):
    """Gives any LangChain part the project's encoder."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one unit vector of d floats for each text."""
        vectors: list[list[float]] = self._encoder.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the unit vector of a text, d floats."""
        return self.embed_documents([text])[0]
