"""LangChain's own tests of an `Embeddings`, run on the encoder's."""

import pytest
from langchain_core.embeddings import Embeddings
from langchain_tests.integration_tests import EmbeddingsIntegrationTests

from rag.embed.embeddings import EncoderEmbeddings
from rag.types import Encoder
from tests.fakes import HashedEncoder


class HashedEmbeddings(EncoderEmbeddings):
    """The adapter over words counted, made without arguments as the standard tests do."""

    def __init__(self) -> None:
        super().__init__(HashedEncoder())


class TestEncoderEmbeddings(EmbeddingsIntegrationTests):
    """The standard tests."""

    @property
    def embeddings_class(self) -> type[Embeddings]:
        return HashedEmbeddings


def test_query_and_document_of_one_text_are_one_vector(encoder: Encoder) -> None:
    embeddings = EncoderEmbeddings(encoder)
    query = embeddings.embed_query("Heat eases a sore back.")

    assert len(query) == 384
    assert all(isinstance(value, float) for value in query)
    assert embeddings.embed_documents(["Heat eases a sore back."])[0] == pytest.approx(query)


def test_no_documents_give_no_vectors(hashed_encoder: HashedEncoder) -> None:
    assert EncoderEmbeddings(hashed_encoder).embed_documents([]) == []
