"""LangChain's own tests of a `BaseRetriever`, and what its documents carry."""

from pathlib import Path
from typing import Any

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests

from rag.index.build import build_index
from rag.index.store import IndexReader, open_index
from rag.retrieve.hybrid import HybridRetriever
from rag.retrieve.langchain_retriever import CitewellRetriever
from rag.types import Encoder
from tests.conftest import TINY_CORPUS
from tests.fakes import HashedEncoder


class TestCitewellRetriever(RetrieversIntegrationTests):
    """The standard tests."""

    ranker: HybridRetriever

    @pytest.fixture(autouse=True)
    def _index(self, tmp_path: Path) -> None:
        encoder = HashedEncoder()
        build_index([TINY_CORPUS], tmp_path / "index", encoder=encoder)
        self.ranker = HybridRetriever(open_index(tmp_path / "index"), encoder)

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return CitewellRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"ranker": self.ranker}

    @property
    def retriever_query_example(self) -> str:
        return "warm packs for the back"


def test_document_says_where_its_text_stands(tiny_reader: IndexReader, encoder: Encoder) -> None:
    retriever = CitewellRetriever(ranker=HybridRetriever(tiny_reader, encoder), k=2)
    first, second = retriever.invoke("Do warm packs help a sore back?")

    article = tiny_reader.article(first.metadata["article_id"])
    assert article is not None
    assert article.text[first.metadata["start"] : first.metadata["end"]] == first.page_content
    assert first.metadata["headings"] == ["Do warm packs help a sore back?"]
    assert (first.metadata["rank"], second.metadata["rank"]) == (1, 2)
    assert len(retriever.invoke("heat", k=1)) == 1
