"""LangChain's own tests of a `VectorStore`, and what this one adds."""

from collections.abc import Generator
from pathlib import Path

import pytest
from langchain_core.vectorstores import VectorStore
from langchain_tests.integration_tests import VectorStoreIntegrationTests

from rag.embed.embeddings import EncoderEmbeddings
from rag.index.store import FolderReader, open_index
from rag.index.vector_store import FaissVectorStore
from rag.types import Encoder
from tests.fakes import HashedEncoder


class TestFaissVectorStore(VectorStoreIntegrationTests):
    """The standard tests."""

    @pytest.fixture
    def vectorstore(self) -> Generator[VectorStore, None, None]:
        yield FaissVectorStore(self.get_embeddings())  # noqa: PT022 - the standard tests' signature


@pytest.fixture
def store(hashed_encoder: HashedEncoder) -> FaissVectorStore:
    """Three documents."""
    texts = ["heat eases backs", "ice numbs skin", "walking is free"]
    return FaissVectorStore.from_texts(
        texts, EncoderEmbeddings(hashed_encoder), [{"n": 0}, {"n": 1}, {"n": 2}], ids=["a", "b", "c"]
    )


def test_nearest_document_comes_first_with_its_cosine(store: FaissVectorStore) -> None:
    (first, score), *others = store.similarity_search_with_score("ice numbs skin", k=3)

    assert (first.id, first.metadata) == ("b", {"n": 1})
    assert score == pytest.approx(1.0, abs=1e-3)
    assert all(score > other for _, other in others)


def test_relevance_lies_between_nought_and_one(store: FaissVectorStore) -> None:
    scores = [score for _, score in store.similarity_search_with_relevance_scores("heat", k=3)]

    assert len(scores) == 3
    assert all(0 <= score <= 1 for score in scores)


def test_last_of_equal_ids_wins(store: FaissVectorStore) -> None:
    store.add_texts(["first words", "last words"], ids=["d", "d"])

    assert [document.page_content for document in store.get_by_ids(["d"])] == ["last words"]


def test_lists_of_different_lengths_are_refused(store: FaissVectorStore) -> None:
    with pytest.raises(ValueError, match="expected equal numbers"):
        store.add_texts(["one", "two"], ids=["a"])


def test_deleting_without_ids_empties_the_store(store: FaissVectorStore) -> None:
    store.delete()

    assert store.similarity_search("heat", k=3) == []


def test_diverse_search_avoids_repeating_itself(hashed_encoder: HashedEncoder) -> None:
    texts = ["heat eases backs", "heat eases backs today", "heat numbs skin"]
    store = FaissVectorStore.from_texts(texts, EncoderEmbeddings(hashed_encoder), ids=["a", "b", "c"])

    found = store.max_marginal_relevance_search("heat eases backs", k=2, fetch_k=3, lambda_mult=0.2)
    assert [document.id for document in found] == ["a", "c"]


def test_empty_store_finds_nothing(hashed_encoder: HashedEncoder) -> None:
    empty = FaissVectorStore(EncoderEmbeddings(hashed_encoder))

    assert empty.similarity_search("heat") == []
    assert empty.max_marginal_relevance_search("heat") == []


def test_saved_index_is_searched_through_langchain(tiny_reader: FolderReader, encoder: Encoder) -> None:
    store = FaissVectorStore.over(tiny_reader, EncoderEmbeddings(encoder))

    (document,) = store.similarity_search("What is kneading in a massage called?", k=1)
    assert document.metadata["article_id"] == "gliding-strokes"
    assert "petrissage" in document.page_content.lower()


def test_saved_index_cannot_be_added_to(tiny_index: Path, encoder: Encoder) -> None:
    reader = open_index(tiny_index)
    store = FaissVectorStore.over(reader, EncoderEmbeddings(encoder))

    with pytest.raises(Exception, match="readonly"):
        store.add_texts(["new words"])
