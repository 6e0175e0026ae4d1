"""The index is built anew behind its alias, twice, and rolled back, while readers ask."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.chain.renewal import answerer_over as renewed_over
from tests.milvus.load import MEASURED, Load, recall, summary

if TYPE_CHECKING:  # where the client is not installed these tests skip
    from rag.chain.answerer import Answerer
    from tests.milvus.articles import Articles

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def articles(milvus_uri: str, tmp_path: Path) -> Iterator["Articles"]:
    """The articles on a server, under an alias of their own."""
    from rag.index.milvus.server import MilvusServer
    from tests.milvus.articles import Articles

    server = MilvusServer(milvus_uri, alias="rebuilt")
    yield Articles(server, tmp_path)
    names = server.call("list_collections")
    if any(name.startswith("rebuilt_") for name in names):
        server.call("drop_alias", "rebuilt")
    for name in names:
        if name.startswith("rebuilt_"):
            server.call("drop_collection", name)


class FollowingReplica:
    """Answers as a chat replica does: it takes a new generation as soon as it sees one."""

    def __init__(self, articles: "Articles") -> None:
        from tests.milvus.articles import answerer_over

        self._texts = articles.questions
        self._source = articles.source()
        self._answerer: Answerer = answerer_over(self._source.open())
        self._lock = threading.Lock()
        self.generations = {self._answerer.reader.generation}

    def ask(self, question: int) -> list[str]:
        """Return the text of an answer."""
        with self._lock:
            if self._source.generation() != self._answerer.reader.generation:
                self._answerer = renewed_over(self._answerer, self._source.open())
                self.generations.add(self._answerer.reader.generation)
            answerer = self._answerer
        return [answerer.invoke(self._texts[question]).text]


def test_no_question_fails_while_the_index_is_built_anew(articles: "Articles") -> None:
    from tests.milvus.articles import answerer_over

    articles.build()
    exact = answerer_over(articles.in_folder())
    right = [[exact.invoke(text).text] for text in articles.questions]
    replica = FollowingReplica(articles)

    with Load(replica.ask, len(right)) as load:
        load.go_on(seconds=3)
        articles.build(rebuild=True)
        load.go_on(seconds=5)
        articles.build(rebuild=True)  # drops the collections of the first build
        load.go_on(seconds=5)
        articles.roll_back()
        load.go_on(seconds=5)

    asked = load.asked()
    MEASURED.append(f"two rebuilds and a roll-back: {summary(asked)}, right {recall(asked, right):.3f}")
    assert len(asked) > 200
    assert [one.error for one in asked if one.error] == []
    assert recall(asked, right) == 1.0
    assert len(replica.generations) == 3
