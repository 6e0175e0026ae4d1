"""The collection of the project on a real server and in a folder, and readers who ask both the same."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from eval.dataset import Split, load_questions
from rag.chain.answerer import Answerer
from rag.chain.other_subjects import OtherSubjects
from rag.index.build import build_index
from rag.index.milvus.server import MilvusServer
from rag.index.milvus.source import MilvusSource
from rag.index.milvus.target import MilvusTarget
from rag.index.store import IndexReader, open_index
from rag.types import Behavior
from tests.fakes import CalmSafety, HashedEncoder

PROJECT = Path(__file__).parent.parent.parent
QUESTIONS = 40
TOP = 10


@dataclass(frozen=True)
class Articles:
    """The articles of the project in a folder's index, and on a server.

    Attributes:
        server: the server.
        folder: where the index folders of this machine are.
    """

    server: MilvusServer
    folder: Path

    @cached_property
    def questions(self) -> list[str]:
        """Questions of the training half that the articles answer."""
        found = load_questions(Split.TRAIN, folder=PROJECT / "eval" / "data")
        texts = [one.question.text for one in found if one.behavior is Behavior.ANSWER and not one.question.history]
        return texts[:: len(texts) // QUESTIONS][:QUESTIONS]

    def build(self, *, rebuild: bool = False) -> None:
        """Write the articles to the server, as `citewell index` does."""
        target = MilvusTarget(self.server, self.folder / "here")
        build_index([PROJECT / "corpus"], target, encoder=HashedEncoder(), rebuild=rebuild, lock_timeout_s=60)

    def roll_back(self) -> None:
        """Let the generation before answer again."""
        MilvusTarget(self.server, self.folder / "here").roll_back(model=HashedEncoder().name, lock_timeout_s=60)

    def in_folder(self) -> IndexReader:
        """Write the articles to an index folder and open it: exact search."""
        folder = self.folder / "exact"
        build_index([PROJECT / "corpus"], folder, encoder=HashedEncoder())
        return open_index(folder)

    def source(self, replica: str = "replica") -> MilvusSource:
        """Return what a chat replica of that name reads the index through."""
        return MilvusSource(self.server, self.folder / replica)

    def nearest(self, reader: IndexReader, question: int) -> list[str]:
        """Return the ids of the ten passages nearest to a question."""
        found = reader.search_vectors(HashedEncoder().encode([self.questions[question]]), k=TOP)
        chunks = reader.chunks([row for row, _ in found])
        return [str(chunks[row].chunk_id) for row, _ in found]


def answerer_over(reader: IndexReader) -> Answerer:
    """Return what answers questions from an index."""
    nothing = OtherSubjects(np.zeros((1, HashedEncoder().dimension), dtype=np.float32))
    return Answerer(reader, HashedEncoder(), CalmSafety(), subjects=nothing)
